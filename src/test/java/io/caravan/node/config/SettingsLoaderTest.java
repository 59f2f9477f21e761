package io.caravan.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsLoaderTest {

    @TempDir
    Path folder;

    @Test
    void laterSourcesWinOverEarlierOnes() throws Exception {
        Files.writeString(folder.resolve("devnet.properties"), "devnet.interval = 2s\ndevnet.port = 7\n");
        Settings settings = new SettingsLoader().folder(folder)
                .environment(Map.of("CARAVAN_DEVNET_INTERVAL", "3s"))
                .overrides(Map.of("devnet.interval", "4s"), "--set").load();
        assertThat(settings.duration("devnet.interval")).isEqualTo(Duration.ofSeconds(4));
        assertThat(settings.integer("devnet.port", 0, 65535)).isEqualTo(7);
    }

    @Test
    void anUnknownKeyNamesItsFileAndTheNearestKnownOne() throws Exception {
        Path file = folder.resolve("devnet.properties");
        Files.writeString(file, "devnet.intervall = 2s\n");
        assertThatThrownBy(() -> new SettingsLoader().folder(folder))
                .isInstanceOf(ConfigException.class)
                .hasMessage("devnet.intervall in " + file
                        + " is not a known setting; the nearest is devnet.interval");
    }

    @Test
    void anUnknownEnvironmentVariableIsRefusedToo() {
        assertThatThrownBy(() -> new SettingsLoader().environment(Map.of("CARAVAN_DEVNET_PORTS", "1")))
                .hasMessageContaining("CARAVAN_DEVNET_PORTS").hasMessageContaining("CARAVAN_DEVNET_PORT");
    }

    @Test
    void keysOfOnesOwnBeginWithMyAndReachRoutes() {
        Settings settings = new SettingsLoader().environment(Map.of("CARAVAN_MY_WEBHOOK_URL", "http://one"))
                .overrides(Map.of("my.decide.time-out", "5s"), "--set").load();
        assertThat(settings.placeholders()).containsEntry("my.webhook.url", "http://one").containsEntry("my.decide.time-out", "5000");
        assertThatThrownBy(() -> new SettingsLoader().overrides(Map.of("mine.url", "x"), "--set")).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new SettingsLoader().overrides(Map.of("my.", "x"), "--set")).isInstanceOf(ConfigException.class);
    }

    @Test
    void aValueWithoutItsUnitIsOneSentence() {
        Settings settings = new SettingsLoader().overrides(Map.of("devnet.interval", "5"), "--set").load();
        assertThatThrownBy(() -> settings.duration("devnet.interval"))
                .hasMessage("devnet.interval = 5 (--set) is not a duration such as 250ms, 30s, 5m or 1h");
    }

    @Test
    void durationsReachRoutesAsMilliseconds() {
        assertThat(new SettingsLoader().load().placeholders()).containsEntry("devnet.interval", "1000");
    }
}
