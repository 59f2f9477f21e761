package io.caravan.node.observe.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.codec.Cid;
import io.caravan.model.DealTrace;
import io.caravan.node.observe.Metric;
import io.caravan.node.observe.Tally;
import io.caravan.support.Await;
import io.caravan.support.StandInCollector;
import io.caravan.time.Alarms;
import io.caravan.time.Timeline;
import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Spans reach a collector as OTLP; a collector that is away costs spans and nothing else. */
class TracesTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Instant AT = Instant.parse("2026-03-04T05:06:07.123456789Z");

    private final Tally tally = new Tally();
    private final Alarms alarms = Timeline.of(Clock.systemUTC()).alarms("traces-test", 1);

    @AfterEach
    void end() {
        alarms.close();
    }

    private static Cid deal(String name) {
        return Cid.dagCborSha256(name.getBytes(StandardCharsets.UTF_8));
    }

    private static Span span(Cid deal, String name) {
        return new Span(DealTrace.id(deal), DealTrace.span(name), DealTrace.root(deal), name, AT, AT.plusSeconds(2), Map.of("caravan.deal", deal.toString()),
                List.of(new Span.Event("waits", AT.plusSeconds(1), "the chain")), List.of(new Span.Link(DealTrace.id("sector/1"), DealTrace.span("x"))), "it failed");
    }

    private double count(String result) {
        return tally.counters().stream().filter(sample -> sample.metric() == Metric.TRACE_SPANS && sample.labels().equals(List.of(result)))
                .mapToDouble(sample -> sample.value()).sum();
    }

    private static Traces.Collector to(String url) {
        return new Traces.Collector(url + "/v1/traces", Map.of("Authorization", "Bearer abc"), Map.of("service.name", "caravan-miner"));
    }

    @Test
    void aSpanArrivesWithAllThatItHas() {
        try (StandInCollector collector = new StandInCollector();
                SpanQueue queue = Traces.to(to(collector.url()), () -> new Sampling(1), tally, alarms)) {
            queue.accept(span(deal("one"), "StorageDealValidating"));
            Await.until("it came", LIMIT, () -> collector.spans().size() == 1);
            StandInCollector.Seen seen = collector.spans().get(0);
            assertThat(seen.service()).isEqualTo("caravan-miner");
            assertThat(seen.trace()).isEqualTo(DealTrace.id(deal("one"))).hasSize(32);
            assertThat(seen.id()).isEqualTo(DealTrace.span("StorageDealValidating")).hasSize(16);
            assertThat(seen.parent()).isEqualTo(DealTrace.root(deal("one")));
            assertThat(seen.start()).isEqualTo(AT.getEpochSecond() * 1_000_000_000L + 123_456_789);
            assertThat(seen.end() - seen.start()).isEqualTo(2_000_000_000L);
            assertThat(seen.attributes()).containsEntry("caravan.deal", deal("one").toString());
            assertThat(seen.events()).containsExactly("waits");
            assertThat(seen.links()).containsExactly(DealTrace.id("sector/1") + "-" + DealTrace.span("x"));
            assertThat(seen.code()).isEqualTo(2);
            assertThat(collector.lastHeaders().get("Authorization")).containsExactly("Bearer abc");
            Await.until("it is counted", LIMIT, () -> count("exported") == 1);
        }
    }

    @Test
    void aCollectorThatIsAwayBlocksNobodyAndWhatIsLostIsCounted() {
        SpanQueue queue = Traces.to(to("http://127.0.0.1:1"), () -> new Sampling(1), tally, alarms);
        queue.accept(span(deal("one"), "lost"));
        Await.until("it is given up", LIMIT, () -> count("failed") == 1);
        queue.close();
    }

    @Test
    void aCollectorThatHangsKeepsABoundedNumberWaitingAndTheRestIsDropped() {
        CountDownLatch answer = new CountDownLatch(1);
        SpanQueue queue = new SpanQueue(() -> new SpanQueue.SpanSender() {
            @Override
            public boolean send(List<Span> batch) {
                try {
                    answer.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return true;
            }

            @Override
            public void close() {}
        }, () -> new Sampling(1), tally, alarms);
        Span span = span(deal("many"), "s");
        long began = System.nanoTime();
        IntStream.range(0, 10_000).forEach(i -> queue.accept(span));
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
        assertThat(count("dropped")).isBetween(10_000.0 - 8192 - 512, 10_000.0 - 8192);
        answer.countDown();
        Await.until("what waited is sent", LIMIT, () -> count("exported") + count("dropped") == 10_000);
        queue.close();
    }

    @Test
    void aCollectorThatRefusesAndComesBackTakesWhatComesThen() {
        try (StandInCollector collector = new StandInCollector();
                SpanQueue queue = Traces.to(to(collector.url()), () -> new Sampling(1), tally, alarms)) {
            collector.answer(503);
            queue.accept(span(deal("one"), "lost"));
            Await.until("it is refused", LIMIT, () -> count("failed") == 1);
            collector.answer(200);
            queue.accept(span(deal("two"), "kept"));
            Await.until("it came", LIMIT, () -> collector.spans().size() == 1);
            assertThat(collector.spans().get(0).name()).isEqualTo("kept");
        }
    }

    @Test
    void aShareOfDealsIsTracedAndBothSidesChooseTheSame() {
        List<String> traces = IntStream.range(0, 2000).mapToObj(i -> DealTrace.id(deal("deal " + i))).toList();
        assertThat(traces.stream().filter(new Sampling(0.25)::takes).count()).isBetween(400L, 600L);
        assertThat(traces.stream().filter(new Sampling(0)::takes)).isEmpty();
        assertThat(traces).allMatch(new Sampling(1)::takes);
        assertThat(traces.stream().filter(new Sampling(0.25)::takes)).allMatch(new Sampling(0.5)::takes);
        assertThatThrownBy(() -> new Sampling(1.5)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aRoleThatNobodyScrapesOrTracesLoadsNothingForIt() throws Exception {
        URL[] path = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.contains("micrometer") && !entry.contains("prometheus") && !entry.contains("opentelemetry"))
                .map(TracesTest::url).toArray(URL[]::new);
        try (URLClassLoader without = new URLClassLoader(path, ClassLoader.getPlatformClassLoader())) {
            assertThatThrownBy(() -> without.loadClass("io.opentelemetry.api.common.Attributes")).isInstanceOf(ClassNotFoundException.class);
            assertThatThrownBy(() -> Class.forName("io.caravan.node.observe.trace.OtlpSpan", true, without)).isInstanceOf(NoClassDefFoundError.class);
            for (String needed : List.of("io.caravan.node.Observing", "io.caravan.node.TraceSettings", "io.caravan.node.observe.MetricsText",
                    "io.caravan.node.observe.trace.SpanQueue", "io.caravan.node.observe.trace.Traces", "io.caravan.node.observe.trace.DealSpans")) {
                Class<?> loaded = Class.forName(needed, true, without);
                assertThat(loaded.getDeclaredConstructors()).as("linked: " + needed).isNotEmpty();
            }
            Object tally = Class.forName("io.caravan.node.observe.Tally", true, without).getConstructor().newInstance();
            Class<?> text = Class.forName("io.caravan.node.observe.MetricsText", true, without);
            Object made = text.getConstructors()[0].newInstance(tally, null);
            text.getMethod("close").invoke(made);
        }
    }

    private static URL url(String entry) {
        try {
            return Path.of(entry).toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
