package io.caravan.node.observe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.caravan.time.Timeline;
import io.caravan.time.Workers;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** The files under {@code ops/}, as tests read them. */
public final class OpsFiles {

    private OpsFiles() {}

    static JsonNode yaml(String file) throws IOException {
        return new ObjectMapper(new YAMLFactory()).readTree(Path.of(file).toFile());
    }

    static JsonNode dashboard() throws IOException {
        return new ObjectMapper().readTree(Path.of("ops/grafana/caravan.json").toFile());
    }

    static List<JsonNode> alerts() throws IOException {
        return StreamSupport.stream(yaml("ops/prometheus/alerts.yml").path("groups").path(0).path("rules").spliterator(), false).toList();
    }

    /** Every expression of dashboard and alerts. */
    public static List<String> expressions() throws IOException {
        List<String> all = new ArrayList<>(dashboard().findValuesAsText("expr"));
        alerts().forEach(rule -> all.add(rule.path("expr").asText()));
        return all;
    }

    /** The metrics of this JVM, as the page names them. */
    static Set<String> jvm() {
        Workers workers = Timeline.of(Clock.systemUTC()).workers("jvm-metrics", 1, 1);
        try (MetricsText text = new MetricsText(new Tally(), new Gauges(workers, Duration.ofSeconds(1), Clock.systemUTC()))) {
            return names(text.get());
        } finally {
            workers.close();
        }
    }

    /** The names of a scrape. */
    public static Set<String> names(String scrape) {
        return scrape.lines().filter(line -> !line.startsWith("#") && !line.isBlank()).map(line -> line.split("[{ ]", 2)[0]).collect(Collectors.toSet());
    }
}
