package io.caravan.node;

import io.caravan.market.TransferSettings;
import io.caravan.market.TransferSettings.Restarts;
import io.caravan.market.TransferSettings.Room;
import io.caravan.node.config.Settings;
import java.time.Duration;

/** Reads {@code daemon.transfer.*} and {@code miner.transfer.*}. */
final class TransferConfig {

    private static final int MOST_PLACES = 1000;
    private static final int MOST_WAITING = 1000;

    private TransferConfig() {}

    static TransferSettings daemon(Settings settings) {
        int places = settings.integer("daemon.transfer.max-active", 1, MOST_PLACES);
        Duration debounce = settings.duration("daemon.transfer.restart-debounce");
        Duration backoff = settings.duration("daemon.transfer.restart-backoff");
        if (backoff.compareTo(debounce) < 0) {
            throw settings.wrong("daemon.transfer.restart-backoff", "must not be below daemon.transfer.restart-debounce");
        }
        return common(settings, "daemon", new Room(places, places, MOST_WAITING))
                .withRestarts(new Restarts(debounce, backoff, settings.integer("daemon.transfer.max-restarts", 0, 1000)));
    }

    static TransferSettings miner(Settings settings) {
        int places = settings.integer("miner.transfer.max-active", 1, MOST_PLACES);
        return common(settings, "miner", new Room(places, settings.integer("miner.transfer.max-per-client", 1, MOST_PLACES),
                MOST_WAITING));
    }

    /** @throws io.caravan.node.config.ConfigException naming the first setting that cannot be used */
    static void check(Settings settings) {
        daemon(settings);
        miner(settings);
    }

    private static TransferSettings common(Settings settings, String role, Room room) {
        Duration stall = settings.duration(role + ".transfer.stall");
        if (stall.compareTo(Duration.ofMillis(100)) < 0) {
            throw settings.wrong(role + ".transfer.stall", "must be at least 100ms");
        }
        return TransferSettings.DEFAULT.withStall(stall).withPlaces(room)
                .withProgressEvery(settings.duration(role + ".transfer.progress-every"));
    }
}
