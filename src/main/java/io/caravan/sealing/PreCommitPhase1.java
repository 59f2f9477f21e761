package io.caravan.sealing;

import io.caravan.codec.Cid;
import io.caravan.model.Epoch;
import io.caravan.model.RetryableException;
import io.caravan.model.Sector;
import io.caravan.model.SectorEvent;
import io.caravan.model.SectorPiece;
import io.caravan.model.SectorStage;
import io.caravan.model.Waiting;
import io.caravan.model.WaitsOn;
import java.util.List;
import java.util.Optional;

/** First step: the data in its place, a ticket, the layers. */
public final class PreCommitPhase1 {

    private final SealingTools tools;
    private final Setbacks setbacks;

    public PreCommitPhase1(SealingTools tools) {
        this.tools = tools;
        this.setbacks = new Setbacks(tools);
    }

    /**
     * Seals as far as this step goes; calling it again does no harm. The sector knows its CommD when it is done, and
     * does not when it has to begin again.
     *
     * @throws io.caravan.model.FatalException a piece comes too late, or its data was lost together with the sector's;
     *     what can still be sealed waits for another sector
     */
    public Sector run(Sector sector) {
        SectorRef ref = SectorRef.of(sector);
        List<SectorPiece> pieces = tools.sectors().piecesOf(sector.number());
        if (pieces.isEmpty()) {
            return setbacks.giveUp(sector.withCommitments(null, null), "it has no pieces");
        }
        if (!Setbacks.isCommitted(sector)) {
            Optional<SectorPiece> late = late(pieces);
            if (late.isPresent()) {
                return refuse(sector, late.get().proposalCid(), "its deal starts at epoch " + late.get().startEpoch()
                        + ", sealing was not done by then");
            }
        }
        Optional<String> shortage = tools.room().disk().shortage(ref, tools.engine().diskBytes(ref.proof()));
        if (shortage.isPresent()) {
            return sector.withCommitments(null, null).waitingFor(WaitsOn.NODE, shortage.get(), tools.clock().instant());
        }
        Sector at = sector;
        try {
            Cid commD = tools.engine().addPieces(ref, pieces, piece -> tools.sectors().written(piece.proposalCid()));
            at = withTicket(sector);
            tools.engine().preCommit1(ref, at.ticket().value(), commD);
            return at.withCommitments(commD, null).withStage(SectorStage.COMPUTING).withWaiting(Waiting.NOTHING);
        } catch (PieceRefusedException e) {
            return spoilt(at, e.proposalCid(), String.valueOf(e.getMessage()));
        } catch (RedoException e) {
            return setbacks.redo(at, e);
        } catch (RetryableException e) {
            return setbacks.isFailed(e) && setbacks.isTooOften(at, SectorEvent.PRE_COMMIT_1_FAILED)
                    ? setbacks.giveUp(at.withCommitments(null, null), String.valueOf(e.getMessage()))
                    : setbacks.again(at, SectorEvent.PRE_COMMIT_1_FAILED, e);
        }
    }

    private Optional<SectorPiece> late(List<SectorPiece> pieces) {
        Epoch head = tools.chain().head().epoch();
        return pieces.stream().filter(piece -> !head.isBefore(piece.startEpoch())).findFirst();
    }

    private Sector refuse(Sector sector, Cid proposalCid, String reason) {
        tools.sectors().refuse(proposalCid, reason);
        return spoilt(sector, proposalCid, reason);
    }

    /** One piece spoils its sector: the places of the others are no places in a sector without it. */
    private Sector spoilt(Sector sector, Cid proposalCid, String reason) {
        return setbacks.giveUp(sector.withCommitments(null, null), "the piece of deal " + proposalCid + ": " + reason);
    }

    private Sector withTicket(Sector sector) {
        Epoch head = tools.chain().head().epoch();
        Sector.Draw ticket = sector.ticket();
        if (ticket != null && (Setbacks.isCommitted(sector) || !SealEpochs.isOld(ticket, head))) {
            return sector;
        }
        return tools.sectors().advance(sector.withTicket(SealEpochs.ticket(tools.chain(), sector.miner(), head)),
                SectorEvent.TICKET_TAKEN);
    }
}
