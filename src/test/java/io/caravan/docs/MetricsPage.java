package io.caravan.docs;

import io.caravan.node.observe.Metric;
import java.util.Locale;
import java.util.stream.Collectors;

/** docs/metrics.md: every metric of our own with its labels. */
final class MetricsPage {

    private MetricsPage() {}

    static String text() {
        StringBuilder page = new StringBuilder("""
                # Metrics

                What `/observe/metrics` of daemon, miner and devnet says, in the order of the page's sources. How to scrape it:
                [observability.md](observability.md). Histograms come as `_bucket`, `_sum` and `_count`. Beside these stand the JVM's own,
                as Micrometer names them: `jvm_memory_*`, `jvm_gc_*`, `jvm_threads_*`, `jvm_classes_*`, `process_*`, `system_*`.

                | metric | kind | labels | what it says |
                |---|---|---|---|
                """);
        for (Metric metric : Metric.values()) {
            page.append("| `").append(metric.text()).append("` | ").append(metric.kind().name().toLowerCase(Locale.ROOT)).append(" | ")
                    .append(metric.labels().stream().map(label -> "`" + label + "`").collect(Collectors.joining(", "))).append(" | ")
                    .append(metric.help()).append(" |\n");
        }
        return page.toString();
    }
}
