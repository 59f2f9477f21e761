package io.caravan.camel;

import io.caravan.store.MoveFeed;
import io.caravan.store.MoveFeeds;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckResultBuilder;

/** A receiver's route is well while the receiver takes what it is given; the details say how far it is behind. */
final class MovesHealth implements HealthCheck {

    private final MoveFeeds rows;
    private final String name;
    private final String topic;
    private volatile boolean isEnabled = true;

    MovesHealth(MoveFeeds rows, String name, String topic) {
        this.rows = rows;
        this.name = name;
        this.topic = topic;
    }

    @Override
    public String getGroup() {
        return "moves";
    }

    @Override
    public String getId() {
        return "moves-" + topic + "-" + name;
    }

    @Override
    public boolean isEnabled() {
        return isEnabled;
    }

    @Override
    public void setEnabled(boolean enabled) {
        isEnabled = enabled;
    }

    /** A receiver that is away makes no node useless: it is told, and the node stays ready and live. */
    @Override
    public boolean isReadiness() {
        return false;
    }

    @Override
    public boolean isLiveness() {
        return false;
    }

    @Override
    public Result call(Map<String, Object> options) {
        Optional<MoveFeed.Lag> found = rows.lags().stream()
                .filter(lag -> lag.feed().name().equals(name) && lag.feed().topic().equals(topic)).findFirst();
        HealthCheckResultBuilder result = HealthCheckResultBuilder.on(this).up();
        found.ifPresent(lag -> {
            result.detail("behind", lag.behind()).detail("taken", lag.feed().taken()).detail("failures", lag.feed().failures());
            if (lag.feed().failures() > 0) {
                result.down().message("%s has taken nothing since %s and is %d moves behind: %s".formatted(name,
                        lag.feed().failingSince(), lag.behind(), lag.feed().lastError()));
            }
        });
        return result.build();
    }
}
