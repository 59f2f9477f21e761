package io.caravan.sealing;

import io.caravan.model.Epoch;
import io.caravan.model.Sector;
import io.caravan.model.SectorEvent;
import io.caravan.model.SectorPiece;
import io.caravan.store.SectorStore;
import io.caravan.store.StoredMessage;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of the pieces of sectors that fail before they are proven, so that no deal is stuck in one: those that can
 * still be sealed in time wait for another sector, the others go back to their deals with the reason. A sector that waits
 * for an operator is given up when nobody came for long, when its own time is up, or when no deal of it can start any more.
 */
public final class SectorWarden {

    private static final Logger LOG = LoggerFactory.getLogger(SectorWarden.class);
    private static final int BATCH = 64;
    private static final String PROVE = "prove-commit";

    private final SealingTools tools;
    private final SectorStore sectors;
    private final SectorMessages messages;

    public SectorWarden(SealingTools tools) {
        this.tools = tools;
        this.sectors = tools.sectors();
        this.messages = new SectorMessages(tools);
    }

    /** One round; calling it again does no harm. */
    public void look() {
        List<Sector> parked = sectors.parked(BATCH);
        List<Sector> givenUp = sectors.givenUp(BATCH);
        if (parked.isEmpty() && givenUp.isEmpty()) {
            return;
        }
        Epoch head = tools.chain().head().epoch();
        parked.forEach(sector -> judge(sector, head));
        givenUp.forEach(sector -> free(sector, head));
    }

    private void judge(Sector sector, Epoch head) {
        Instant now = tools.clock().instant();
        List<SectorPiece> pieces = sectors.piecesOf(sector.number());
        boolean isHopeless = !pieces.isEmpty() && pieces.stream().noneMatch(piece -> head.isBefore(piece.startEpoch()));
        boolean isForgotten = !Setbacks.isCommitted(sector)
                && !now.isBefore(sector.updatedAt().plus(tools.config().parkedLimit()));
        if (isHopeless || isForgotten || sector.turn().isOverdue(now)) {
            String error = sector.waiting().lastError();
            String reason = (isHopeless ? "no deal of it can start any more" : "no operator came in time") + ", it stopped in "
                    + sector.state() + (error == null ? "" : ": " + error);
            LOG.error("sector {} is given up: {}", sector.number(), reason);
            sectors.signal(sector.number(), found -> found.withMessage(reason), SectorEvent.FAILED);
        }
    }

    /** A proof that may still land makes the deals active; until it has, the pieces stay where they are. */
    private void free(Sector sector, Epoch head) {
        messages.batch(sector, PROVE).ifPresent(batch -> messages.callOff(batch, "sector " + sector.number() + " was given up"));
        boolean isOnItsWay = Stream.concat(messages.signed(sector, PROVE).stream(), messages.batch(sector, PROVE).stream())
                .anyMatch(message -> message.status() != StoredMessage.Status.FAILED && message.exitCode() == null);
        if (isOnItsWay || tools.chain().sector(sector.miner(), sector.number()).isPresent()) {
            return;
        }
        tools.engine().remove(SectorRef.of(sector)); // first: while pieces name the sector, this look comes back to it
        String reason = "sector " + sector.number() + " was given up: " + sector.message();
        Epoch earliest = head.plus(tools.config().startBuffer());
        for (SectorPiece piece : sectors.piecesOf(sector.number())) {
            if (piece.startEpoch().isBefore(earliest)) {
                sectors.refuse(piece.proposalCid(), reason);
            }
        }
        List<SectorPiece> left = sectors.piecesOf(sector.number());
        sectors.unassign(sector.number());
        left.forEach(piece -> sectors.keepWaiting(piece.proposalCid(), reason));
        LOG.warn("{}; {} pieces wait for another sector", reason, left.size());
    }
}
