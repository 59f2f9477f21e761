package io.caravan.node.observe;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;

/** The page that Prometheus scrapes: our own metrics and those of the JVM. Made by the first scrape. */
final class PrometheusText implements AutoCloseable {

    static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private static final String TOTAL = "_total";
    private static final String INFO = "_info";

    private final Tally tally;
    private final Gauges gauges;
    private final PrometheusMeterRegistry registry;
    private final JvmGcMetrics collections = new JvmGcMetrics();

    PrometheusText(Tally tally, Gauges gauges) {
        this.tally = tally;
        this.gauges = gauges;
        PrometheusRegistry own = new PrometheusRegistry();
        own.register(this::snapshots);
        registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT, own, Clock.SYSTEM);
        List.of(new ClassLoaderMetrics(), new JvmMemoryMetrics(), collections, new JvmThreadMetrics(), new FileDescriptorMetrics(),
                new ProcessorMetrics(), new UptimeMetrics()).forEach(jvm -> jvm.bindTo(registry));
    }

    String scrape() {
        return registry.scrape(CONTENT_TYPE);
    }

    @Override
    public void close() {
        collections.close();
        registry.close();
    }

    private MetricSnapshots snapshots() {
        List<Sample> samples = new ArrayList<>(gauges.samples());
        samples.addAll(tally.counters());
        Map<Metric, List<Sample>> byMetric = new EnumMap<>(Metric.class);
        samples.forEach(sample -> byMetric.computeIfAbsent(sample.metric(), none -> new ArrayList<>()).add(sample));
        List<MetricSnapshot> all = new ArrayList<>();
        byMetric.forEach((metric, found) -> all.add(plain(metric, found)));
        Map<Metric, List<Tally.Histogram>> histograms = new EnumMap<>(Metric.class);
        tally.histograms().forEach(one -> histograms.computeIfAbsent(one.metric(), none -> new ArrayList<>()).add(one));
        histograms.forEach((metric, found) -> all.add(histogram(metric, found)));
        return new MetricSnapshots(all);
    }

    private static MetricSnapshot plain(Metric metric, Collection<Sample> samples) {
        if (metric.kind() == Metric.Kind.COUNTER) {
            var counter = CounterSnapshot.builder().name(without(metric, TOTAL)).help(metric.help());
            samples.forEach(sample -> counter.dataPoint(CounterSnapshot.CounterDataPointSnapshot.builder().value(sample.value())
                    .labels(labels(metric, sample.labels())).build()));
            return counter.build();
        }
        if (metric.text().endsWith(INFO)) {
            var info = InfoSnapshot.builder().name(without(metric, INFO)).help(metric.help());
            samples.forEach(sample -> info.dataPoint(InfoSnapshot.InfoDataPointSnapshot.builder()
                    .labels(labels(metric, sample.labels())).build()));
            return info.build();
        }
        var gauge = GaugeSnapshot.builder().name(metric.text()).help(metric.help());
        samples.forEach(sample -> gauge.dataPoint(GaugeSnapshot.GaugeDataPointSnapshot.builder().value(sample.value())
                .labels(labels(metric, sample.labels())).build()));
        return gauge.build();
    }

    private static MetricSnapshot histogram(Metric metric, Collection<Tally.Histogram> found) {
        double[] bounds = DoubleStream.concat(metric.bounds().stream().mapToDouble(Double::doubleValue),
                DoubleStream.of(Double.POSITIVE_INFINITY)).toArray();
        var histogram = HistogramSnapshot.builder().name(metric.text()).help(metric.help());
        found.forEach(one -> histogram.dataPoint(HistogramSnapshot.HistogramDataPointSnapshot.builder()
                .classicHistogramBuckets(ClassicHistogramBuckets.of(bounds, one.counts())).sum(one.sum())
                .labels(labels(metric, one.labels())).build()));
        return histogram.build();
    }

    private static String without(Metric metric, String ending) {
        return metric.text().substring(0, metric.text().length() - ending.length());
    }

    private static Labels labels(Metric metric, List<String> values) {
        return Labels.of(metric.labels(), values);
    }
}
