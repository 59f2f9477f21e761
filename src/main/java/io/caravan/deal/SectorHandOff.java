package io.caravan.deal;

import io.caravan.chain.Chain;
import io.caravan.codec.Cid;
import io.caravan.model.Deal;
import io.caravan.model.DealProposal;
import io.caravan.model.FatalException;
import io.caravan.model.SectorPiece;
import io.caravan.model.Waiting;
import io.caravan.store.SectorStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;

/** Seed step 7 begins: the published deal's piece becomes sealing's, by one row. State 4 of the provider. */
public final class SectorHandOff {

    private final Chain chain;
    private final SectorStore sectors;
    private final long startBuffer;
    private final Clock clock;

    /** @param startBuffer epochs before a deal's start in which sealing does not take it any more */
    public SectorHandOff(Chain chain, SectorStore sectors, long startBuffer, Clock clock) {
        this.chain = chain;
        this.sectors = sectors;
        this.startBuffer = startBuffer;
        this.clock = clock;
    }

    /** Hands the piece over; a second call finds the first one's row and changes nothing. */
    public Deal handOff(Deal deal) {
        if (sectors.pieceOf(deal.proposalCid()).isEmpty()) {
            sectors.handOff(piece(deal));
        }
        return deal.withWaiting(Waiting.NOTHING);
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
            throw new FatalException("the data of deal " + deal.proposalCid() + " is gone: " + file);
        }
        long head = chain.head().epoch().value();
        if (head + startBuffer > proposal.startEpoch().value()) {
            throw new FatalException("too late to seal: epoch " + head + ", the deal starts at "
                    + proposal.startEpoch());
        }
        return new SectorPiece(deal.proposalCid(), dealId, publishCid, proposal.pieceCid(), proposal.pieceSize(), file,
                bytes,
                proposal.startEpoch(), proposal.endEpoch(), deal.fastRetrieval(), clock.instant(), null, null, null,
                null);
    }
}
