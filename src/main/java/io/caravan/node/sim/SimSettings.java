package io.caravan.node.sim;

import io.caravan.node.cli.RoleSettings;
import io.caravan.node.config.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** How the simulated node is set: as on mainnet, but for what makes months pass in minutes. */
final class SimSettings {

    private SimSettings() {}

    /** All settings as they are where the chain is none of our own, so without the quick epochs of {@code on-devnet}. */
    static Map<String, String> onMainnet(Path home) {
        Settings shipped = RoleSettings.load(home, Map.of("chain.url", "http://127.0.0.1:1/rpc/v1"));
        Map<String, String> settings = new HashMap<>();
        shipped.placeholders().keySet().forEach(key -> settings.put(key, shipped.optional(key).orElse("")));
        settings.put("chain.url", "");
        return settings;
    }

    /** Days after which an active deal looks for itself, give or take a fifth. */
    private static long sweep(int days) {
        return Math.min(10, Math.max(2, days / 18));
    }

    /** How long everything takes at most to come to rest: the longest anybody waits before the next look at the chain. */
    static Duration rest(int days) {
        return Duration.ofDays(sweep(days)).multipliedBy(6).dividedBy(5).plusDays(1);
    }

    /** What differs from those. */
    static Map<String, String> of(int days) {
        return Map.ofEntries(
                Map.entry("daemon.port", "0"), Map.entry("miner.port", "0"), Map.entry("devnet.port", "0"),
                Map.entry("caravan.look.every", "1h"), Map.entry("caravan.routes.look", "0s"), Map.entry("caravan.stop.wait", "1s"), Map.entry("caravan.log.level", "warn"),
                Map.entry("caravan.retry.base", "5s"), Map.entry("caravan.retry.cap", "10m"),
                Map.entry("devnet.interval", SimChain.EPOCH.toSeconds() + "s"), Map.entry("devnet.seal-delay", "150"),
                Map.entry("devnet.min-deal-duration", Long.toString(Plan.shortest(days))),
                Map.entry("miner.accept.min-duration", Long.toString(Plan.shortest(days))),
                Map.entry("devnet.proofs", "placeholder"), Map.entry("sealing.engine", "placeholder"),
                Map.entry("miner.sector-size", "2KiB"), Map.entry("miner.accept.seal-time", "24h"),
                Map.entry("miner.publish.period", "1h"), Map.entry("sealing.wait-deals.delay", "6h"), Map.entry("sealing.max-open", "16"),
                Map.entry("daemon.status.every", "10m"),
                Map.entry("daemon.track.sweep", sweep(days) + "d"), Map.entry("miner.track.sweep", sweep(days) + "d"),
                Map.entry("daemon.fund.delay", "5m"), Map.entry("daemon.propose.delay", "30s"),
                Map.entry("daemon.transfer.delay", "30s"), Map.entry("daemon.status.delay", "10m"),
                Map.entry("daemon.accept.delay", "30m"), Map.entry("daemon.follow.delay", "3h"),
                Map.entry("daemon.track.delay", "2h"), Map.entry("daemon.fail.delay", "30s"),
                Map.entry("miner.accept.delay", "30s"), Map.entry("miner.transfer.delay", "30s"), Map.entry("miner.transfer.offline-delay", "6h"),
                Map.entry("miner.verify.delay", "30s"), Map.entry("miner.fund.delay", "5m"),
                Map.entry("miner.publish.delay", "10m"), Map.entry("miner.staged.delay", "6h"), Map.entry("miner.seal.delay", "3h"),
                Map.entry("miner.track.delay", "2h"), Map.entry("miner.fail.delay", "30s"),
                Map.entry("daemon.messages.every", "1h"), Map.entry("miner.messages.every", "1h"),
                Map.entry("daemon.funds.every", "1h"), Map.entry("miner.funds.every", "1h"),
                Map.entry("daemon.publish.recheck", "3h"), Map.entry("miner.publish.recheck", "3h"),
                Map.entry("daemon.janitor.every", "6h"), Map.entry("miner.janitor.every", "6h"),
                Map.entry("miner.settle.every", "6h"), Map.entry("miner.identity.every", "6h"),
                Map.entry("sealing.landing.delay", "10m"), Map.entry("sealing.seed.delay", "15m"),
                Map.entry("sealing.proving.delay", "2h"));
    }
}
