package io.caravan.market;

import io.caravan.model.LogScope;
import io.caravan.time.Timeline;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What every session of one side works with. */
record TransferBase(TransferWire wire, TransferJournal journal, Supplier<TransferSettings> live, Timeline timeline,
        TransferWorkers workers) {

    private static final Logger LOG = LoggerFactory.getLogger(TransferBase.class);
    private static final int DRIP = 10;
    private static final Duration LONGEST_TICK = Duration.ofMillis(250);

    /** As they are now; to be asked for at each use. */
    TransferSettings settings() {
        return live.get();
    }

    Instant now() {
        return timeline.clock().instant();
    }

    /** For measuring how long nothing came. */
    long nanos() {
        return timeline.nanos();
    }

    /** Journals a move. What the journal throws goes to the caller: a move that is not recorded did not happen. */
    Transfer save(Transfer transfer) {
        try (LogScope scope = LogScope.of(transfer.proposalCid(), transfer.role())) {
            journal.save(transfer);
            LOG.debug("transfer {} of deal {}: {}{}", transfer.channel(), transfer.proposalCid(), transfer.status(),
                    transfer.error() == null ? "" : ", " + transfer.error());
        }
        return transfer;
    }

    /** Journals progress, which may get lost. */
    void saveProgress(Transfer transfer) {
        try (LogScope scope = LogScope.of(transfer.proposalCid(), transfer.role())) {
            journal.save(transfer);
        } catch (RuntimeException e) {
            LOG.warn("the progress of transfer {} was not recorded: {}", transfer.channel(), e.toString());
        }
    }

    /** How often to look for silence: an eighth of the limit, but at least four times a second. */
    Duration tick() {
        Duration eighth = stall().dividedBy(8);
        return eighth.compareTo(LONGEST_TICK) > 0 ? LONGEST_TICK : eighth;
    }

    /** No byte for so long is a stall. */
    Duration stall() {
        return settings().timing().stall();
    }

    /**
     * Whether it is silent. A peer that sends a byte now and then but no message is silent too, after ten times as long.
     *
     * @param moved when a message last went through
     * @param noted when a byte did
     */
    boolean isIdleSince(long moved, long noted) {
        long now = nanos();
        long limit = stall().toNanos();
        return now - moved > limit && now - noted > limit || now - moved > DRIP * limit;
    }

    /** Whether progress is to be journalled again, when it last was at that reading of the clock. */
    boolean isProgressDue(long savedAt) {
        return nanos() - savedAt > settings().timing().progressEvery().toNanos();
    }
}
