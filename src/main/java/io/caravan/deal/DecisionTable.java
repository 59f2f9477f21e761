package io.caravan.deal;

import static io.caravan.deal.Rule.unless;

import io.caravan.chain.HeadView;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/** What the operator wants, checked once the proposal itself is in order (deal-lifecycle §7.3, F1 to F8). */
final class DecisionTable {

    private final HeadView chain;
    private final AcceptConfig config;
    private final LongSupplier stagingBytes;

    /** @param stagingBytes how many bytes the staging folder holds now */
    DecisionTable(HeadView chain, AcceptConfig config, LongSupplier stagingBytes) {
        this.chain = chain;
        this.config = config;
        this.stagingBytes = stagingBytes;
    }

    List<Rule> rules() {
        return List.of(
                new Rule("F1", "online-deals-not-wanted", c -> unless(config.isOnlineWanted() || c.isOffline(), "")),
                new Rule("F2", "offline-deals-not-wanted", c -> unless(config.isOfflineWanted() || !c.isOffline(), "")),
                new Rule("F3", "verified-deals-not-wanted",
                        c -> unless(config.isVerifiedWanted() || !c.proposal().isVerified(), "")),
                new Rule("F4", "unverified-deals-not-wanted",
                        c -> unless(config.isUnverifiedWanted() || c.proposal().isVerified(), "")),
                new Rule("F5", "piece-blocked", this::blocked),
                new Rule("F6", "start-too-soon", this::tooSoon),
                new Rule("F7", "staging-full", this::staging),
                new Rule("F8", "start-too-far", this::tooFar));
    }

    private Optional<String> blocked(Candidate c) {
        return unless(!config.blockedPieces().contains(c.proposal().pieceCid()), c.proposal().pieceCid().toString());
    }

    private Optional<String> tooSoon(Candidate c) {
        long start = c.proposal().startEpoch().value();
        return unless(start >= earliest(c), start + " < " + earliest(c));
    }

    private Optional<String> staging(Candidate c) {
        if (config.maxStagingBytes() == 0) {
            return Optional.empty();
        }
        long held = stagingBytes.getAsLong();
        return unless(held < config.maxStagingBytes(), held + " >= " + config.maxStagingBytes());
    }

    /** An offline deal may travel by ship; how far ahead it starts is the client's business. */
    private Optional<String> tooFar(Candidate c) {
        if (c.isOffline()) {
            return Optional.empty();
        }
        long start = c.proposal().startEpoch().value();
        long latest = earliest(c) + epochs(config.maxStartDelay());
        return unless(start <= latest, start + " > " + latest);
    }

    private long earliest(Candidate c) {
        return c.head() + epochs(config.sealTime());
    }

    private long epochs(Duration time) {
        return time.toMillis() / Math.max(1, chain.networkParams().blockDelay().toMillis());
    }
}
