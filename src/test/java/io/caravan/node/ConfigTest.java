package io.caravan.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.deal.AcceptConfig;
import io.caravan.deal.Confidence;
import io.caravan.deal.PublishConfig;
import io.caravan.deal.QuotaConfig;
import io.caravan.docs.ShippedKeys;
import io.caravan.node.config.NextStart;
import io.caravan.node.config.Settings;
import io.caravan.node.config.SettingsLoader;
import io.caravan.sealing.SealingConfig;
import io.caravan.sealing.SendConfig;
import io.caravan.store.Backoff;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The shipped settings: each is read, explained, and says the same as the record it fills. */
class ConfigTest {

    private static final Pattern LITERAL = Pattern.compile("\"([a-z][a-z0-9]*(?:\\.[a-z0-9-]+)+)\"");
    private static final Pattern OF_A_ROLE = Pattern.compile("\\w+ \\+ \"(\\.[a-z0-9.-]+)\"");
    private static final Pattern GETTER =
            Pattern.compile("(?:settings|now)\\.(?:text|optional|duration|bytes|amount|number|integer|flag|parsed|wrong)\\(\"([^\"]+)\"");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([^}]+)}}");

    static List<ShippedKeys.Key> keys() {
        return ShippedKeys.all();
    }

    @ParameterizedTest
    @MethodSource("keys")
    void everyKeyHasItsSectionAndASentence(ShippedKeys.Key key) {
        assertThat(key.section()).isIn("essential", "often", "seldom");
        assertThat(key.comment()).satisfiesAnyOf(comment -> assertThat(comment).isEmpty(),
                comment -> assertThat(comment).matches("[A-Z0-9].*[.]"));
        String first = key.name().substring(0, key.name().indexOf('.'));
        assertThat(key.file().equals("caravan") ? List.of("caravan", "chain") : List.of(key.file())).contains(first);
    }

    @Test
    void everyKeyIsReadByAClassOrByARoute() throws IOException {
        var read = new HashSet<String>();
        for (Path source : files("src/main/java/io/caravan/node", ".java")) {
            if (source.endsWith("NextStart.java")) {
                continue; // it only says when
            }
            String text = Files.readString(source);
            LITERAL.matcher(text).results().forEach(found -> read.add(found.group(1)));
            OF_A_ROLE.matcher(text).results().forEach(found ->
                    List.of("daemon", "miner", "devnet").forEach(role -> read.add(role + found.group(1))));
        }
        read.addAll(placeholders());
        assertThat(names()).allSatisfy(key -> assertThat(read).contains(key));
    }

    @Test
    void everyKeyThatIsReadIsShipped() throws IOException {
        var asked = new TreeSet<>(placeholders());
        for (Path source : files("src/main/java/io/caravan/node", ".java")) {
            GETTER.matcher(Files.readString(source)).results().forEach(found -> asked.add(found.group(1)));
        }
        assertThat(asked).isSubsetOf(names());
    }

    /** A record's own default and the shipped file are one figure, so that tests and a real node mean the same. */
    @Test
    void recordsAndFilesSayTheSame() {
        Settings shipped = shipped();
        assertThat(AcceptSettings.of(shipped)).isEqualTo(AcceptConfig.standard());
        assertThat(AcceptSettings.quotas(shipped)).isEqualTo(QuotaConfig.standard());
        assertThat(MinerRole.publishing(shipped)).isEqualTo(PublishConfig.standard());
        assertThat(Sealing.config(shipped)).isEqualTo(SealingConfig.standard().withSending(SendConfig.standard()));
        assertThat(CoreSettings.confidence(shipped, "daemon")).isEqualTo(Confidence.ofClient());
        assertThat(CoreSettings.confidence(shipped, "miner")).isEqualTo(Confidence.ofProvider());
        assertThat(CoreSettings.retries(shipped)).isEqualTo(Backoff.Range.usual());
    }

    @Test
    void whatHasToWaitForAStartIsShippedAndARouteNamesNoneOfIt() throws IOException {
        assertThat(names()).containsAll(NextStart.keys());
        assertThat(placeholders()).allSatisfy(key -> assertThat(NextStart.reason(key)).as(key).isEmpty());
        assertThat(NextStart.reason("miner.port")).contains("the port is opened once");
        assertThat(NextStart.reasonHere("my.webhook.url")).isEqualTo("no route names it");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "http://127.0.0.1:1/rpc/v1"})
    void everyDelayIsADurationThatRoutesUnderstand(String url) {
        Settings settings = new SettingsLoader().overrides(Map.of("chain.url", url), "test").load();
        assertThat(names().stream().filter(key -> key.endsWith(".delay"))).isNotEmpty().allSatisfy(key -> {
            assertThat(settings.duration(key)).isPositive();
            assertThat(settings.placeholders().get(key)).matches("[0-9]+");
        });
    }

    private static Settings shipped() {
        return new SettingsLoader().overrides(Map.of("chain.url", "http://127.0.0.1:1/rpc/v1"), "test").load();
    }

    private static Set<String> names() {
        return ShippedKeys.all().stream().map(ShippedKeys.Key::name).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> placeholders() throws IOException {
        var keys = new HashSet<String>();
        for (Path file : files("routes", ".yaml")) {
            PLACEHOLDER.matcher(Files.readString(file)).results().forEach(found -> keys.add(found.group(1)));
        }
        return keys;
    }

    private static List<Path> files(String folder, String end) throws IOException {
        try (Stream<Path> files = Files.walk(Path.of(folder))) {
            return new ArrayList<>(files.filter(file -> file.toString().endsWith(end)).toList());
        }
    }
}
