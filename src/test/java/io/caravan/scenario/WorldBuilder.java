package io.caravan.scenario;

import io.caravan.devnet.DevnetConfig;
import io.caravan.devnet.ProofChecks;
import io.caravan.devnet.Rules;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/** What is different in a {@link World} from the usual. */
final class WorldBuilder {

    /** Confidence 1, nothing asked, nobody waited for, nothing really sealed: what is left is the flow itself. */
    static final Map<String, String> QUICK = Map.ofEntries(
            Map.entry("devnet.interval", "100ms"), Map.entry("chain.poll", "200ms"),
            Map.entry("caravan.retry.base", "200ms"), Map.entry("caravan.retry.cap", "2s"), Map.entry("caravan.stop.wait", "1s"),
            Map.entry("daemon.port", "0"), Map.entry("miner.port", "0"),
            Map.entry("daemon.confidence.funds", "1"), Map.entry("daemon.confidence.publish", "1"), Map.entry("daemon.confidence.state", "1"),
            Map.entry("miner.confidence.funds", "1"), Map.entry("miner.confidence.publish", "1"), Map.entry("miner.confidence.state", "1"),
            Map.entry("sealing.message.confidence", "1"), Map.entry("sealing.seed.confidence", "1"),
            Map.entry("sealing.wait-deals.delay", "0s"), Map.entry("miner.publish.period", "0s"),
            Map.entry("miner.ask.price", "0 attoFIL"), Map.entry("miner.ask.verified-price", "0 attoFIL"),
            Map.entry("daemon.status.every", "200ms"), Map.entry("daemon.track.delay", "500ms"), Map.entry("miner.track.delay", "500ms"),
            Map.entry("sealing.proving.delay", "1s"), Map.entry("sealing.engine", "placeholder"));

    private static final long SEAL_DELAY = 3;

    private final Map<String, String> settings = new LinkedHashMap<>(QUICK);
    private Rules rules = Rules.mainnet().withChallengeDelay(SEAL_DELAY);
    private ProofChecks checks = ProofChecks.PLACEHOLDER;
    private Duration interval = Duration.ofMillis(100);

    /** A setting of any role. */
    WorldBuilder set(String key, String value) {
        settings.put(key, value);
        return this;
    }

    /** Several settings. */
    WorldBuilder set(Map<String, String> more) {
        settings.putAll(more);
        return this;
    }

    /** The protocol's numbers; the usual ones are mainnet's with a seal delay of {@value #SEAL_DELAY}. */
    WorldBuilder rules(UnaryOperator<Rules> change) {
        rules = change.apply(rules);
        return this;
    }

    /** The chain asks no provider collateral, so that no deal waits for any. */
    WorldBuilder noCollateral() {
        return rules(r -> new Rules(r.minDealDuration(), r.maxDealDuration(), r.dealUpdatesInterval(), r.preCommitChallengeDelay(),
                r.maxRandomnessLookback(), r.maxProveCommitDuration(), r.cleanUpDelay(), r.minSectorExpiration(), r.maxSectorExpiration(),
                r.faultMaxAge(), r.preCommitDeposit(), r.initialPledge(), 0, r.baselinePower(), r.circulatingSupply(), r.baseFee(), r.proving()));
    }

    /** Deals as short as that, on the chain and at the miner; sectors too. */
    WorldBuilder shortestDeal(long epochs) {
        set("miner.accept.min-duration", Long.toString(epochs));
        return rules(r -> new Rules(epochs, r.maxDealDuration(), r.dealUpdatesInterval(), r.preCommitChallengeDelay(),
                r.maxRandomnessLookback(), r.maxProveCommitDuration(), r.cleanUpDelay(), epochs, r.maxSectorExpiration(),
                r.faultMaxAge(), r.preCommitDeposit(), r.initialPledge(), r.collateralPercent(), r.baselinePower(),
                r.circulatingSupply(), r.baseFee(), r.proving()));
    }

    /** Sectors are sealed for real, of 2 KiB, and the chain checks every part of their proofs. */
    WorldBuilder sealed() {
        checks = ProofChecks.vanilla();
        return set("sealing.engine", "java").set("miner.sector-size", "2KiB");
    }

    /** Which proofs the chain takes. */
    WorldBuilder checks(ProofChecks taken) {
        checks = taken;
        return this;
    }

    /** Time between two blocks; 100 ms else. A world needs blocks to start: to stop its clock later, see {@link WorldChain#interval}. */
    WorldBuilder interval(Duration epoch) {
        interval = epoch;
        return set("devnet.interval", epoch.toMillis() + "ms");
    }

    /** Starts everything; seconds. */
    World start() {
        return new World(settings, DevnetConfig.standard().at("127.0.0.1", 0).withInterval(interval).withRules(rules)
                .withChecks(checks));
    }
}
