package io.caravan.devnet;

import io.caravan.chain.MarketDealState;
import io.caravan.codec.CborReader;
import io.caravan.codec.CborWriter;
import io.caravan.codec.Cid;
import io.caravan.model.DealProposal;
import org.jspecify.annotations.Nullable;

/**
 * A deal in the market: the proposal with client and provider as ID addresses, its state once it is active.
 *
 * @param cid blake2b CID of the normalised proposal, its key among the pending ones
 * @param state null until the sector is proven
 * @param allocation id of the verified allocation, 0 for none
 */
record PublishedDeal(DealProposal proposal, Cid cid, @Nullable MarketDealState state, long allocation) {

    PublishedDeal withState(MarketDealState next) {
        return new PublishedDeal(proposal, cid, next, allocation);
    }

    PublishedDeal withoutAllocation() {
        return new PublishedDeal(proposal, cid, state, 0);
    }

    long client() {
        return proposal.client().actorId();
    }

    long provider() {
        return proposal.provider().actorId();
    }

    void writeTo(CborWriter out) {
        out.array(4);
        proposal.writeTo(out);
        out.cid(cid);
        if (state == null) {
            out.nul();
        } else {
            state.writeTo(out);
        }
        out.uint(allocation);
    }

    static PublishedDeal readFrom(CborReader in) {
        in.tuple(4);
        DealProposal proposal = DealProposal.readFrom(in);
        Cid cid = in.cid();
        MarketDealState state = null;
        if (in.isNull()) {
            in.nul();
        } else {
            state = MarketDealState.readFrom(in);
        }
        return new PublishedDeal(proposal, cid, state, in.uint());
    }
}
