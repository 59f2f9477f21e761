package io.caravan.sealing;

import io.caravan.codec.Cid;
import io.caravan.model.Sector;
import io.caravan.model.SectorEvent;
import io.caravan.model.SectorPiece;
import io.caravan.model.SectorStage;
import io.caravan.model.Waiting;
import io.caravan.model.WaitsOn;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sixth step: what proving needs stays, the rest goes; the unsealed data stays when a deal asks for fast retrieval. The
 * sector is on chain by now: a replica that was damaged since is made again from the pieces, and has to be the same.
 */
public final class Finalize {

    private static final Logger LOG = LoggerFactory.getLogger(Finalize.class);

    private final SealingTools tools;
    private final Setbacks setbacks;

    public Finalize(SealingTools tools) {
        this.tools = tools;
        this.setbacks = new Setbacks(tools);
    }

    /**
     * Tidies up; calling it again does no harm. The sector waits for nothing when that is done, for its next look after its
     * replica was made again, and for an operator when it cannot be put right.
     */
    public Sector run(Sector sector) {
        List<SectorPiece> pieces = tools.sectors().piecesOf(sector.number());
        try {
            tools.engine().finalizeSector(Known.replica(sector), pieces.stream().anyMatch(SectorPiece::keepUnsealed));
            return sector.withStage(SectorStage.COMPUTING).withWaiting(Waiting.NOTHING).withMessage(null);
        } catch (RedoException e) {
            return again(sector, pieces, e);
        }
    }

    /** Another replica of the same data with the same ticket is the same replica. */
    private Sector again(Sector sector, List<SectorPiece> pieces, RedoException why) {
        String reason = String.valueOf(why.getMessage());
        if (setbacks.isTooOften(sector, SectorEvent.FINALIZE_FAILED)) {
            return parked(sector, "sealed again, but " + reason);
        }
        LOG.warn("sector {} is on chain and has to be sealed again: {}", sector.number(), reason);
        Sector noted = tools.sectors().advanceBecause(sector.withMessage(reason), reason, SectorEvent.FINALIZE_FAILED);
        setbacks.clear(noted, why);
        try {
            Replica wanted = Known.replica(sector);
            Cid commD = tools.engine().addPieces(wanted.sector(), pieces, piece -> tools.sectors().written(piece.proposalCid()));
            tools.engine().preCommit1(wanted.sector(), wanted.ticket(), commD);
            Cid commR = tools.engine().preCommit2(wanted.sector(), wanted.ticket(), commD);
            if (!commR.equals(wanted.commR())) {
                return parked(noted, "its data makes the replica " + commR + " now, the chain has " + wanted.commR());
            }
        } catch (RedoException e) {
            setbacks.clear(noted, e);
        } catch (PieceRefusedException e) {
            return parked(noted, reason + "; and the piece of deal " + e.proposalCid() + ": " + e.getMessage());
        }
        return noted.waitingFor(WaitsOn.NODE, "its files to be looked at again", tools.clock().instant());
    }

    private Sector parked(Sector sector, String reason) {
        return setbacks.park(sector, reason).waitingFor(WaitsOn.OPERATOR, reason, tools.clock().instant());
    }
}
