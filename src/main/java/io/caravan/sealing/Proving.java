package io.caravan.sealing;

import io.caravan.model.Epoch;
import io.caravan.model.Sector;
import io.caravan.model.SectorEvent;
import io.caravan.model.Waiting;
import io.caravan.model.WaitsOn;
import java.time.Duration;
import java.time.Instant;

/**
 * Seventh step: the sector lives on chain; watches until it ends there. Its files stay until an operator removes them.
 */
public final class Proving {

    /** A sector alone asks seldom: {@link ProvenWatch} looks at all of them each time, and wakes those that left the chain. */
    private static final Duration ALONE = Duration.ofDays(7);

    private final SealingTools tools;

    public Proving(SealingTools tools) {
        this.tools = tools;
    }

    /**
     * Looks whether the sector is still on chain; once it is not, at depth, says whether it expired or was terminated, or
     * goes back to proving it when a reorganisation took the proof away.
     */
    public Sector look(Sector sector) {
        Epoch expiration = Known.of(sector.expiration(), sector, "an expiration");
        Instant now = tools.clock().instant();
        if (tools.chain().sector(sector.miner(), sector.number()).isPresent()) {
            return sector.waitingFor(WaitsOn.TIME, "its end at epoch " + expiration, now).withRunAfter(now.plus(ALONE));
        }
        Sector gone = sector.waitingFor(WaitsOn.CHAIN, "certainty that it left the chain", now);
        Duration depth = tools.chain().networkParams().blockDelay().multipliedBy(tools.config().messageConfidence());
        Waiting waiting = gone.waiting();
        if (waiting.since() == null || now.isBefore(waiting.since().plus(depth))) {
            return gone;
        }
        if (tools.chain().preCommit(sector.miner(), sector.number()).isPresent()) {
            return reverted(gone);
        }
        Epoch head = tools.chain().head().epoch();
        tools.sectors().wakeDealsOf(sector.number());
        boolean isOver = !head.isBefore(expiration);
        return tools.sectors().advance(gone.withWaiting(Waiting.NOTHING)
                .withMessage(isOver ? "expired at epoch " + expiration : "terminated, seen at epoch " + head),
                isOver ? SectorEvent.EXPIRED : SectorEvent.TERMINATED);
    }

    /** The sector is pre-committed again: its proof lands again, or another one has to be sent. */
    private Sector reverted(Sector sector) {
        Sector.Sent sent = sector.prove();
        if (sent.intent() != null) {
            tools.messages().unlanded(sent.intent());
        }
        return tools.sectors().advance(sector.withProve(new Sector.Sent(sent.intent(), sent.cid(), null))
                .withWaiting(Waiting.NOTHING).withMessage("a reorganisation took the proof off the chain"),
                SectorEvent.REVERTED);
    }
}
