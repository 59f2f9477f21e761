package io.caravan.deal;

import io.caravan.chain.Chain;
import io.caravan.codec.Cid;
import io.caravan.model.Deal;
import io.caravan.model.DealProposal;
import io.caravan.model.FatalException;
import io.caravan.model.RetryableException;
import io.caravan.model.SectorPiece;
import io.caravan.model.Waiting;
import io.caravan.model.WaitsOn;
import io.caravan.store.SectorStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.function.LongSupplier;

/**
 * Seed step 7 begins: the published deal's piece becomes sealing's, by one row, and the deal waits until the piece is in
 * a sector (deal-lifecycle §10.4). State 4 of the provider. What keeps the piece out is tried again until the deal's
 * start is too near; only then, or when sealing refuses the piece for good, the deal fails.
 */
public final class SectorHandOff {

    private final Chain chain;
    private final SectorStore sectors;
    private final LongSupplier startBuffer;
    private final Clock clock;

    /** @param startBuffer epochs before a deal's start in which sealing does not take it any more */
    public SectorHandOff(Chain chain, SectorStore sectors, LongSupplier startBuffer, Clock clock) {
        this.chain = chain;
        this.sectors = sectors;
        this.startBuffer = startBuffer;
        this.clock = clock;
    }

    /**
     * Hands the piece over and waits for nothing once its bytes are in a sector; a second call finds the first one's row.
     *
     * @throws FatalException it is too late, or sealing refuses the piece; the message has what stood in the way last
     */
    public Deal handOff(Deal deal) {
        SectorPiece piece = sectors.pieceOf(deal.proposalCid()).orElse(null);
        if (piece == null) {
            requireTime(deal, "");
            piece = sectors.handOff(piece(deal));
        }
        if (piece.refusal() != null) {
            throw new FatalException("the piece cannot be sealed: " + piece.refusal());
        }
        if (piece.written() != null) {
            return deal.withWaiting(Waiting.NOTHING);
        }
        SectorStore.Setback setback = sectors.setbackOf(deal.proposalCid()).orElse(null);
        requireTime(deal, setback == null ? "" : ", it had no sector because " + setback.reason());
        return deal.waitingFor(WaitsOn.SEALER, reason(piece, setback), clock.instant());
    }

    private static String reason(SectorPiece piece, SectorStore.Setback setback) {
        if (piece.sector() != null) {
            return "its data to be written into sector " + piece.sector() + (setback == null ? "" : ": " + setback.reason());
        }
        if (setback == null) {
            return "a sector";
        }
        return "a sector: " + setback.reason() + (setback.tries() == 0 ? ""
                : " (tried " + setback.tries() + " times, again at " + setback.nextTry() + ")");
    }

    /** A piece that is in its sector already goes on; any other one stays out from here on. */
    private void requireTime(Deal deal, String why) {
        long start = deal.proposal().proposal().startEpoch().value();
        long head = chain.head().epoch().value();
        if (head + startBuffer.getAsLong() <= start) {
            return;
        }
        String reason = "too late to seal: epoch " + head + ", the deal starts at " + start + why;
        if (sectors.pieceOf(deal.proposalCid()).isEmpty() || sectors.withdraw(deal.proposalCid(), reason)) {
            throw new FatalException(reason);
        }
    }

    private SectorPiece piece(Deal deal) {
        DealProposal proposal = deal.proposal().proposal();
        Long dealId = deal.chain().dealId();
        Cid publishCid = deal.chain().publishCid();
        String file = deal.files().payload();
        Long bytes = deal.files().bytes();
        if (dealId == null || publishCid == null || file == null || bytes == null) {
            throw new FatalException("deal " + deal.proposalCid() + " is Staged without deal id, message or data");
        }
        if (!Files.isRegularFile(Path.of(file))) {
            throw new RetryableException(WaitsOn.OPERATOR, "the data of deal " + deal.proposalCid() + " is gone: " + file, null);
        }
        return new SectorPiece(deal.proposalCid(), dealId, publishCid, proposal.pieceCid(), proposal.pieceSize(), file,
                bytes,
                proposal.startEpoch(), proposal.endEpoch(), deal.fastRetrieval(), clock.instant(), null, null, null,
                null);
    }
}
