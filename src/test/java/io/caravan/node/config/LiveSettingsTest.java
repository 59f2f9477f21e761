package io.caravan.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Values that follow the settings of a running role. */
class LiveSettingsTest {

    private final LiveSettings live = new LiveSettings(settings("1h", "8"));
    private final Live<Duration> period = live.of(now -> now.duration("miner.publish.period"));
    private final Live<Integer> most = live.of(now -> now.integer("miner.publish.max", 1, 255));

    private static Settings settings(String period, String most) {
        return new SettingsLoader().overrides(Map.of("miner.publish.period", period, "miner.publish.max", most), "test").load();
    }

    @Test
    void whoeverAsksAgainGetsTheNewValue() {
        live.use(settings("5m", "3"));
        assertThat(period.get()).isEqualTo(Duration.ofMinutes(5));
        assertThat(most.get()).isEqualTo(3);
        assertThat(live.now().integer("miner.publish.max", 1, 255)).isEqualTo(3);
    }

    @Test
    void oneValueThatCannotBeUsedLeavesAllAsTheyWere() {
        assertThatThrownBy(() -> live.check(settings("5m", "300"))).isInstanceOf(ConfigException.class).hasMessageContaining("miner.publish.max = 300");
        assertThatThrownBy(() -> live.use(settings("5m", "300"))).isInstanceOf(ConfigException.class);
        assertThat(period.get()).isEqualTo(Duration.ofHours(1));
        live.check(settings("5m", "30"));
        assertThat(period.get()).as("a check changes nothing").isEqualTo(Duration.ofHours(1));
    }

    @Test
    void whoIsToldHearsOfOtherValuesOnlyAndMayRefuseThem() {
        List<Integer> heard = new ArrayList<>();
        most.follow(heard::add);
        period.onChange(value -> {
            if (value.isZero()) {
                throw new IllegalStateException("not alone");
            }
        });
        live.use(settings("5m", "8"));
        assertThat(heard).containsExactly(8);
        assertThatThrownBy(() -> live.use(settings("0s", "9"))).hasMessage("not alone");
        assertThat(most.get()).isEqualTo(8);
        assertThat(period.get()).isEqualTo(Duration.ofMinutes(5));
        live.use(settings("5m", "9"));
        assertThat(heard).last().isEqualTo(9);
    }

    @Test
    void itIsKnownWhatFollowsAndWhatDoesNot() {
        live.atStart().integer("miner.port", 0, 65535);
        assertThat(live.followed()).containsExactlyInAnyOrder("miner.publish.period", "miner.publish.max");
        assertThat(live.fixed()).containsExactly("miner.port");
    }
}
