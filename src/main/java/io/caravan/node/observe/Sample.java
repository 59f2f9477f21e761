package io.caravan.node.observe;

import java.util.List;

/**
 * One value of a metric.
 *
 * @param labels the values of the metric's labels, in its order
 */
public record Sample(Metric metric, double value, List<String> labels) {

    public Sample {
        labels = List.copyOf(labels);
        if (labels.size() != metric.labels().size()) {
            throw new IllegalArgumentException(metric.text() + " has the labels " + metric.labels() + ", not " + labels.size());
        }
    }

    /** @param labels the values of the metric's labels, in its order */
    public static Sample of(Metric metric, double value, String... labels) {
        return new Sample(metric, value, List.of(labels));
    }
}
