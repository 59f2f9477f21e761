package io.caravan.sealing;

import io.caravan.model.FatalException;
import io.caravan.model.RetryableException;
import io.caravan.model.Sector.Sent;
import io.caravan.model.Sector;
import io.caravan.model.SectorEvent;
import io.caravan.model.SectorMove;
import io.caravan.model.SectorStage;
import io.caravan.model.SectorState;
import io.caravan.store.LeaseLostException;
import io.caravan.store.SectorStore;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What to do when a step cannot go on. Before its pre-commit is sent a sector is worth nothing: it is given up and its
 * pieces wait for another. Afterwards it holds a deposit: it is sealed again from its pieces a few times, then left to
 * an operator.
 */
final class Setbacks {

    private static final Logger LOG = LoggerFactory.getLogger(Setbacks.class);
    /** With less than that a disk is full: what then fails is no fault of the step. */
    private static final long FULL = 1 << 20;

    /** Deleting a sector's files takes less. */
    private static final Duration TO_DELETE = Duration.ofMinutes(1);

    private final SealingTools tools;
    private final SectorStore sectors;
    private final SealingEngine engine;
    private final SealingDisk disk;

    Setbacks(SealingTools tools) {
        this.tools = tools;
        this.sectors = tools.sectors();
        this.engine = tools.engine();
        this.disk = tools.room().disk();
    }

    /** Whether this sector may be on chain, or come there by a message that was sent. */
    static boolean isCommitted(Sector sector) {
        return sector.preCommit().intent() != null;
    }

    /**
     * Back to the first step; the facts that the later steps go by are forgotten, ticket and messages are not. Data that is
     * not what was wrong stays: the first step looks at it again.
     */
    Sector redo(Sector sector, RedoException why) {
        String reason = String.valueOf(why.getMessage());
        if (sector.redos() >= tools.config().maxTries()) {
            return giveUp(sector, "sealed again " + sector.redos() + " times, last because " + reason);
        }
        LOG.warn("sector {} is sealed again: {}", sector.number(), reason);
        Sent sent = sector.preCommit();
        Sector again = sector.withRedos(sector.redos() + 1).withCommitments(null, null).withSeed(null).withProof(null)
                .withPreCommit(new Sent(sent.intent(), sent.cid(), null)).withStage(SectorStage.COMPUTING)
                .withMessage(reason);
        clear(sector, why);
        return sectors.advanceBecause(again, reason, sector.state() == SectorState.PRE_COMMIT_PHASE_1
                ? SectorEvent.PRE_COMMIT_1_FAILED : SectorEvent.REDO_PRE_COMMIT_1);
    }

    /** Another node may be at work on the files of a sector whose lease was lost; nothing of them is deleted then. */
    private void requireOurs(Sector sector) {
        if (sector.turn().lease() != null && !sectors.renew(sector, TO_DELETE)) {
            throw new LeaseLostException("sector " + sector.number() + " went on elsewhere, its files stay");
        }
    }

    /** Deletes what is wrong and all that was made of it. */
    void clear(Sector sector, RedoException why) {
        requireOurs(sector);
        if (why.isDataWrong()) {
            engine.remove(SectorRef.of(sector));
        } else {
            engine.forget(SectorRef.of(sector));
        }
    }

    /**
     * Whether the step itself failed, on its files: that counts, other tries having failed the same way the sector goes further
     * back. A worker that is away, a full disk and a node that stops are waited for and count for nothing (spec sealing 5.2).
     */
    boolean isFailed(RetryableException why) {
        boolean isStopping = Thread.currentThread().isInterrupted();
        return why.getCause() instanceof IOException && !isStopping && disk.free() >= FULL;
    }

    /**
     * Notes that a step failed, if it did; it is tried again after the cool-down.
     *
     * @throws RetryableException the failure, always
     */
    Sector again(Sector sector, SectorEvent failure, RetryableException why) {
        if (isFailed(why)) {
            String reason = String.valueOf(why.getMessage());
            sectors.advanceBecause(sector.withMessage(reason), reason, failure);
        }
        throw why;
    }

    /** Whether the sector was set back by this for such a reason since it was sealed again last. */
    boolean isRepeated(Sector sector, SectorEvent failure, String reasonsBeginning) {
        boolean isRepeated = false;
        for (SectorMove move : sectors.events(sector.number())) {
            String note = move.note();
            isRepeated = move.event() != SectorEvent.REDO_PRE_COMMIT_1
                    && (isRepeated || move.event() == failure && note != null && note.startsWith(reasonsBeginning));
        }
        return isRepeated;
    }

    /** Whether the sector was set back by this so often before that trying again makes no sense. */
    boolean isTooOften(Sector sector, SectorEvent failure) {
        return sectors.events(sector.number()).stream().filter(move -> move.event() == failure).count() >= tools.config().maxTries();
    }

    /**
     * @throws FatalException unless something of the sector is on chain or on its way there; then an operator has to
     * look
     */
    Sector giveUp(Sector sector, String reason) {
        if (isCommitted(sector)) {
            return park(sector, reason);
        }
        requireOurs(sector);
        engine.remove(SectorRef.of(sector)); // first: while pieces name the sector, whoever looks comes back to it
        sectors.unassign(sector.number());
        throw new FatalException("sector " + sector.number() + " is given up: " + reason);
    }

    /** Leaves the sector as it is, out of all routes' sight, until an operator resumes it. */
    Sector park(Sector sector, String reason) {
        LOG.error("sector {} waits for an operator in {}: {}", sector.number(), sector.state(), reason);
        sectors.park(sector, new FatalException(reason));
        return sector;
    }
}
