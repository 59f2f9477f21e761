package io.caravan.node.observe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The dashboard, the alert rules and the scrape configuration fit the metrics that there are. */
class OpsFilesTest {

    private static final Set<String> OF_PROMETHEUS = Set.of("up");
    private static final Set<String> LABELS_OF_SCRAPES = Set.of("instance", "job", "le");
    private static final Map<String, Metric> METRICS = Stream.of(Metric.values())
            .flatMap(metric -> (metric.kind() == Metric.Kind.HISTOGRAM ? Stream.of("_bucket", "_sum", "_count") : Stream.of(""))
                    .map(ending -> Map.entry(metric.text() + ending, metric)))
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    private static final Pattern SELECTOR = Pattern.compile("\\b((?:caravan|jvm|process|system|up)(?:_[a-z0-9_]+)?)\\b(?!\\s*\\()(\\{[^}]*})?");
    private static final Pattern MATCHER = Pattern.compile("([a-z_]+)\\s*(?:=~|!~|!=|=)");
    private static final Pattern BY = Pattern.compile("\\bby \\(([a-z_, ]+)\\)");

    @Test
    void everyExpressionNamesMetricsAndLabelsThatExist() throws Exception {
        List<String> expressions = OpsFiles.expressions();
        assertThat(expressions).hasSizeGreaterThan(50);
        for (String expression : expressions) {
            List<Metric> ours = checked(expression);
            Matcher by = BY.matcher(expression);
            while (by.find()) {
                for (String label : by.group(1).split(",\\s*")) {
                    assertThat(ours.stream().anyMatch(metric -> metric.labels().contains(label)) || LABELS_OF_SCRAPES.contains(label) || label.equals("area"))
                            .as(label + " in " + expression).isTrue();
                }
            }
            assertThat(expression.chars().filter(c -> c == '(').count()).as(expression).isEqualTo(expression.chars().filter(c -> c == ')').count());
        }
    }

    private static List<Metric> checked(String expression) {
        Matcher selector = SELECTOR.matcher(expression.replaceAll("\"[^\"]*\"", "\"\""));
        List<Metric> ours = new java.util.ArrayList<>();
        boolean hasAny = false;
        while (selector.find()) {
            hasAny = true;
            String name = selector.group(1);
            if (!name.startsWith("caravan")) {
                assertThat(OF_PROMETHEUS.contains(name) || OpsFiles.jvm().contains(name)).as(name + " in " + expression).isTrue();
                continue;
            }
            assertThat(METRICS).as(expression).containsKey(name);
            Metric metric = METRICS.get(name);
            ours.add(metric);
            Matcher label = MATCHER.matcher(selector.group(2) == null ? "" : selector.group(2));
            while (label.find()) {
                assertThat(metric.labels().contains(label.group(1)) || LABELS_OF_SCRAPES.contains(label.group(1)))
                        .as(label.group(1) + " in " + expression).isTrue();
            }
            if (metric.kind() != Metric.Kind.GAUGE && !name.endsWith("_bucket")) {
                assertThat(expression).as("counters are looked at by their growth").containsPattern("(rate|increase)\\(");
            }
        }
        assertThat(hasAny).as(expression).isTrue();
        return ours;
    }

    @Test
    void everyMetricIsOnTheDashboardOrAlertsOrInfo() throws Exception {
        String all = String.join("\n", OpsFiles.expressions());
        assertThat(Stream.of(Metric.values()).filter(metric -> !all.contains(metric.text())).map(Metric::text).toList())
                .containsExactlyInAnyOrder("caravan_build_info", "caravan_chain_epoch", "caravan_libp2p_bytes_total", "caravan_libp2p_protocol_streams_total",
                        "caravan_devnet_pool_messages", "caravan_devnet_block_seconds", "caravan_devnet_epoch_seconds");
    }

    @Test
    void everyAlertSaysWhatIsWrongAndWhereToRead() throws Exception {
        Set<String> sections = Files.readAllLines(Path.of("docs/observability.md")).stream().filter(line -> line.startsWith("### "))
                .map(line -> line.substring(4).toLowerCase(java.util.Locale.ROOT)).collect(Collectors.toSet());
        Map<String, JsonNode> alerts = OpsFiles.alerts().stream().collect(Collectors.toMap(rule -> rule.path("alert").asText(), Function.identity()));
        assertThat(alerts).hasSizeGreaterThan(15);
        alerts.forEach((name, rule) -> {
            JsonNode words = rule.path("annotations");
            assertThat(words.path("summary").asText()).as(name).endsWith(".");
            assertThat(words.path("description").asText()).as(name).endsWith(".");
            assertThat(words.path("runbook_url").asText()).isEqualTo("docs/observability.md#" + name.toLowerCase(java.util.Locale.ROOT));
            assertThat(sections).contains(name.toLowerCase(java.util.Locale.ROOT));
            assertThat(rule.path("labels").path("severity").asText()).isIn("critical", "warning", "info");
            assertThat(rule.path("for").asText()).matches("\\d+[mh]");
        });
        assertThat(sections).as("no section is left over").hasSize(alerts.size());
    }

    @Test
    void theSampleScrapesWhereTheRolesAnswerWithAToken() throws Exception {
        JsonNode job = OpsFiles.yaml("ops/prometheus/prometheus.yml").path("scrape_configs").path(0);
        assertThat(job.path("metrics_path").asText()).isEqualTo("/observe/metrics");
        assertThat(job.path("authorization").path("credentials_file").asText()).isNotBlank();
        assertThat(job.path("static_configs").findValuesAsText("role")).containsExactly("daemon", "miner");
        assertThat(OpsFiles.yaml("ops/prometheus/prometheus.yml").path("rule_files").path(0).asText()).isEqualTo("alerts.yml");
    }

    @Test
    void theDashboardIsOneThatGrafanaReads() throws Exception {
        JsonNode dashboard = OpsFiles.dashboard();
        assertThat(dashboard.path("panels").findValuesAsText("id")).doesNotHaveDuplicates();
        assertThat(dashboard.path("schemaVersion").asInt()).isPositive();
        assertThat(dashboard.path("templating").path("list").findValuesAsText("name")).contains("datasource", "instance");
    }
}
