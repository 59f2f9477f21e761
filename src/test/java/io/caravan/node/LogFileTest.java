package io.caravan.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.codec.Cid;
import io.caravan.model.DealState;
import io.caravan.model.DealTrace;
import io.caravan.model.LogScope;
import io.caravan.model.Role;
import io.caravan.node.cli.RoleSettings;
import io.caravan.node.config.ConfigException;
import io.caravan.node.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.logging.log4j.core.config.Configurator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** The log of a process: bounded files, lines that say what they are about, as text or JSON. */
class LogFileTest {

    private static final Cid DEAL = Cid.dagCborSha256(new byte[] {1});

    @TempDir
    Path home;

    @AfterEach
    void back() {
        Configurator.reconfigure(java.net.URI.create("classpath:log4j2.xml"));
    }

    private Path open(Map<String, String> overrides) {
        Settings settings = RoleSettings.load(home, overrides);
        return LogFile.open(home.resolve("log"), "test", settings);
    }

    private static void say(String words, Throwable failure) {
        try (LogScope scope = LogScope.of(DEAL, Role.PROVIDER, DealState.PUBLISH)) {
            LoggerFactory.getLogger("io.caravan.Test").warn(words, failure);
        }
    }

    @Test
    void aJsonLineHasBoundedFields() throws IOException {
        Path file = open(Map.of("caravan.log.format", "json"));
        say("it \"failed\"", new IllegalStateException("away"));
        say("x".repeat(50_000), null);
        List<String> lines = Files.readAllLines(file);
        assertThat(lines).hasSize(2);
        JsonNode line = new ObjectMapper().readTree(lines.get(0));
        assertThat(line.path("level").asText()).isEqualTo("WARN");
        assertThat(line.path("time").asText()).matches("\\d{4}-.*Z");
        assertThat(line.path("role").asText()).isEqualTo("provider");
        assertThat(line.path("deal").asText()).isEqualTo(DEAL.toString());
        assertThat(line.path("route").asText()).isEqualTo("StorageDealPublish");
        assertThat(line.path("trace").asText()).isEqualTo(DealTrace.id(DEAL));
        assertThat(line.path("message").asText()).isEqualTo("it \"failed\"");
        assertThat(line.path("error").path("type").asText()).isEqualTo("java.lang.IllegalStateException");
        assertThat(line.path("error").path("stack").asText()).contains("at io.caravan");
        assertThat(line.has("sector")).isFalse();
        assertThat(new ObjectMapper().readTree(lines.get(1)).path("message").asText().length()).isLessThan(9000);
    }

    @Test
    void aTextLineCarriesTheDealAndItsTrace() throws IOException {
        Path file = open(Map.of());
        say("it failed", null);
        assertThat(Files.readString(file)).contains("role=provider deal=" + DEAL + " route=StorageDealPublish trace=" + DealTrace.id(DEAL) + " it failed");
    }

    /** Whoever is let write a line by what he sends could say there whatever he likes, or steer the terminal that shows it. */
    @ParameterizedTest
    @ValueSource(strings = {"text", "json"})
    void wordsFromOutsideBeginNoLineOfTheirOwn(String format) throws IOException {
        String forged = "\r\n2026-01-01T00:00:00.000Z INFO  i.c.n.Gate      alice revoked 7 tokens\u001b[2J\u0085\u2028";
        Path file = open(Map.of("caravan.log.format", format));
        say("a\ttab, then " + forged, new IllegalStateException("it says" + forged, new IOException("and" + forged)));
        String all = Files.readString(file);
        assertThat(all.lines().filter(line -> line.startsWith("2") || line.startsWith("{"))).hasSize(1);
        assertThat(all).contains(format.equals("text") ? "a\ttab" : "a\\ttab", "alice revoked 7 tokens", "io.caravan.node.LogFileTest")
                .doesNotContainPattern(format.equals("text") ? "[\\p{Cntrl}\\u0085\\u2028&&[^\\n\\t]]" : "[\\p{Cntrl}&&[^\\n]]");
        assertThat(all.split("IllegalStateException: it says", -1)).as("each exception once").hasSizeLessThanOrEqualTo(2);
    }

    @Test
    void filesAreAsLargeAndAsManyAsTheSettingsSay() throws IOException {
        Path file = open(Map.of("caravan.log.size", "64KiB", "caravan.log.files", "2"));
        for (int i = 0; i < 500; i++) {
            say("y".repeat(1000), null);
        }
        try (Stream<Path> all = Files.list(file.getParent())) {
            assertThat(all.toList()).hasSize(3).allSatisfy(one -> assertThat(Files.size(one)).isLessThan(70_000));
        }
        assertThatThrownBy(() -> open(Map.of("caravan.log.size", "1B"))).isInstanceOf(ConfigException.class).hasMessageContaining("caravan.log.size");
        assertThatThrownBy(() -> open(Map.of("caravan.log.format", "xml"))).isInstanceOf(ConfigException.class);
    }

    @Test
    void aScopeGivesBackWhatWasBeforeAndGoesAlongWithWork() {
        assertThat(MDC.get("deal")).isNull();
        Runnable carried;
        StringBuilder seen = new StringBuilder();
        try (LogScope outer = LogScope.of(DEAL, Role.CLIENT)) {
            try (LogScope inner = LogScope.of(DEAL, Role.PROVIDER)) {
                assertThat(MDC.get("role")).isEqualTo("provider");
            }
            assertThat(MDC.get("role")).isEqualTo("client");
            carried = LogScope.carried(() -> seen.append(MDC.get("deal")));
        }
        assertThat(MDC.get("deal")).isNull();
        carried.run();
        assertThat(seen).hasToString(DEAL.toString());
        assertThat(MDC.get("deal")).isNull();
    }
}
