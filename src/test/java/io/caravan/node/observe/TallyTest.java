package io.caravan.node.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.time.Timeline;
import io.caravan.time.Workers;
import java.time.Clock;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Counts are right, bounded in number, and come out as Prometheus reads them. */
class TallyTest {

    private final Tally tally = new Tally();

    @Test
    void countsAndObservationsComeOutAsPrometheusReadsThem() {
        Workers workers = Timeline.of(Clock.systemUTC()).workers("tally-test", 2, 4);
        Gauges gauges = new Gauges(workers, Duration.ofSeconds(10), Clock.systemUTC());
        gauges.add("deals", into -> into.accept(Sample.of(Metric.DEALS, 7, "provider", "StorageDealActive")));
        gauges.add("broken", into -> {
            throw new IllegalStateException("away");
        });
        tally.count(Metric.RPC_CALLS, "Filecoin.ID", "ok");
        tally.count(Metric.RPC_CALLS, "Filecoin.ID", "ok");
        tally.observe(Metric.RPC_SECONDS, 0.002, "Filecoin.ID");
        tally.observe(Metric.RPC_SECONDS, 0.005, "Filecoin.ID");
        tally.observe(Metric.RPC_SECONDS, 99, "Filecoin.ID");
        try (MetricsText text = new MetricsText(tally, gauges)) {
            assertThat(text.get().lines()).contains(
                    "caravan_rpc_calls_total{method=\"Filecoin.ID\",result=\"ok\"} 2.0",
                    "caravan_rpc_seconds_bucket{method=\"Filecoin.ID\",le=\"0.001\"} 0",
                    "caravan_rpc_seconds_bucket{method=\"Filecoin.ID\",le=\"0.005\"} 2",
                    "caravan_rpc_seconds_bucket{method=\"Filecoin.ID\",le=\"30.0\"} 2",
                    "caravan_rpc_seconds_bucket{method=\"Filecoin.ID\",le=\"+Inf\"} 3",
                    "caravan_rpc_seconds_count{method=\"Filecoin.ID\"} 3",
                    "caravan_deals{role=\"provider\",state=\"StorageDealActive\"} 7.0",
                    "# TYPE caravan_deals gauge").anyMatch(line -> line.startsWith("jvm_memory_used_bytes{"));
        } finally {
            workers.close();
        }
    }

    @Test
    void anOverflowOfLabelsIsCountedTogether() {
        IntStream.range(0, 1500).forEach(i -> tally.count(Metric.RPC_CALLS, "method" + i, "ok"));
        assertThat(tally.counters()).hasSize(1001);
        assertThat(tally.counters().stream().mapToDouble(Sample::value).sum()).isEqualTo(1500);
    }

    @Test
    void aMetricTakesItsOwnLabelsOnly() {
        assertThatThrownBy(() -> tally.count(Metric.RPC_CALLS, "one")).hasMessageContaining("has the labels");
        assertThatThrownBy(() -> tally.count(Metric.DEALS, "a", "b")).hasMessageContaining("is a gauge");
    }

    @Test
    void aReasonIsCountedByItsCodeAloneSoThatPeersInventNoLabels() {
        assertThat(Counting.code("V14 price-below-ask: 118 < 119")).isEqualTo("V14 price-below-ask");
        assertThat(Counting.code("V1 undecided: server error")).isEqualTo("V1 undecided");
        assertThat(Counting.code("go away baga6ea4seaq")).isEqualTo("other");
        assertThat(Counting.code(null)).isEqualTo("other");
    }
}
