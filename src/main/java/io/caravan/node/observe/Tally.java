package io.caravan.node.observe;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts from the first moment of a role, with or without anybody who scrapes. Cheap enough for every call and every run of a
 * phase; safe for use by many threads. A metric keeps a bounded number of series: what comes after is counted under
 * {@code other}.
 */
public final class Tally {

    private static final int MOST_SERIES = 1000;
    private static final String OTHER = "other";

    private final Map<Metric, Map<List<String>, Series>> all = new EnumMap<>(Metric.class);

    public Tally() {
        for (Metric metric : Metric.values()) {
            if (metric.kind() != Metric.Kind.GAUGE) {
                all.put(metric, new ConcurrentHashMap<>());
            }
        }
    }

    /**
     * One histogram's figures.
     *
     * @param counts observations in each bucket alone, the last one being all above the bounds
     */
    public record Histogram(Metric metric, List<String> labels, long[] counts, double sum) {}

    private record Series(LongAdder[] buckets, DoubleAdder sum) {

        static Series of(Metric metric) {
            LongAdder[] buckets = new LongAdder[metric.bounds().size() + 1];
            for (int i = 0; i < buckets.length; i++) {
                buckets[i] = new LongAdder();
            }
            return new Series(buckets, new DoubleAdder());
        }
    }

    /** Counts one. */
    public void count(Metric counter, String... labels) {
        add(counter, 1, labels);
    }

    /** @param amount not negative */
    public void add(Metric counter, double amount, String... labels) {
        series(counter, labels).sum().add(amount);
    }

    /** Notes one observation of a histogram. */
    public void observe(Metric histogram, double value, String... labels) {
        Series series = series(histogram, labels);
        int bucket = Collections.binarySearch(histogram.bounds(), value);
        series.buckets()[bucket < 0 ? -bucket - 1 : bucket].increment();
        series.sum().add(value);
    }

    private Series series(Metric metric, String... labels) {
        List<String> key = List.of(labels);
        if (key.size() != metric.labels().size()) {
            throw new IllegalArgumentException(metric.text() + " has the labels " + metric.labels() + ", not " + key.size());
        }
        Map<List<String>, Series> known = all.get(metric);
        if (known == null) {
            throw new IllegalArgumentException(metric.text() + " is a gauge");
        }
        Series series = known.get(key);
        if (series == null) {
            List<String> kept = known.size() < MOST_SERIES ? key : Collections.nCopies(key.size(), OTHER);
            series = known.computeIfAbsent(kept, fresh -> Series.of(metric));
        }
        return series;
    }

    /** The counters as they are now. */
    public List<Sample> counters() {
        List<Sample> samples = new ArrayList<>();
        all.forEach((metric, known) -> {
            if (metric.kind() == Metric.Kind.COUNTER) {
                known.forEach((labels, series) -> samples.add(new Sample(metric, series.sum().sum(), labels)));
            }
        });
        return samples;
    }

    /** The histograms as they are now. */
    public List<Histogram> histograms() {
        List<Histogram> found = new ArrayList<>();
        all.forEach((metric, known) -> {
            if (metric.kind() == Metric.Kind.HISTOGRAM) {
                known.forEach((labels, series) -> {
                    long[] counts = new long[series.buckets().length];
                    for (int i = 0; i < counts.length; i++) {
                        counts[i] = series.buckets()[i].sum();
                    }
                    found.add(new Histogram(metric, labels, counts, series.sum().sum()));
                });
            }
        });
        return found;
    }
}
