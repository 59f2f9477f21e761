package io.caravan.market;

import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.codec.CodecException;
import io.caravan.libp2p.PeerId;
import io.caravan.model.DealState;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether a peer may push (deal-lifecycle §6.2): a storage voucher of a deal we have, in a state that waits for data,
 * made by that same peer, and the root that the deal names.
 *
 * @param deal null if refused
 * @param refusal why, for our log; empty if it may
 */
record PushVerdict(PushDeals.@Nullable PushDeal deal, String refusal) {

    private static final Set<DealState> WAITING = EnumSet.of(DealState.WAITING_FOR_DATA, DealState.TRANSFERRING,
            DealState.PROVIDER_TRANSFER_AWAIT_RESTART);
    private static final Set<DealState> UNDECIDED = EnumSet.of(DealState.UNKNOWN, DealState.VALIDATING,
            DealState.ACCEPT_WAIT);

    static PushVerdict of(PeerId sender, TransferRequest request, PushDeals deals) {
        Bytes selector = request.selector();
        Bytes voucher = request.voucher();
        if (request.isPull()) {
            return refused("a storage deal's data is pushed, not pulled");
        }
        if (request.baseCid() == null || selector == null || !Selectors.isWholeDag(selector)) {
            return refused("the push does not name a whole DAG");
        }
        if (voucher == null || !TransferVoucher.TYPE.equals(request.voucherType())) {
            return refused("the push has no storage voucher");
        }
        try {
            return of(sender, request.baseCid(), TransferVoucher.proposalCid(voucher), deals);
        } catch (CodecException e) {
            return refused("the voucher cannot be read: " + e.getMessage());
        }
    }

    private static PushVerdict of(PeerId sender, Cid root, Cid proposalCid, PushDeals deals) {
        Optional<PushDeals.PushDeal> found = deals.find(proposalCid);
        if (found.isEmpty()) {
            return refused("there is no deal " + proposalCid);
        }
        PushDeals.PushDeal deal = found.get();
        if (!deal.client().equals(sender)) {
            return refused("deal " + proposalCid + " was made by peer " + deal.client());
        }
        if (!deal.payloadCid().equals(root)) {
            return refused("deal " + proposalCid + " is about " + deal.payloadCid() + ", not " + root);
        }
        if (!WAITING.contains(deal.state()) && !UNDECIDED.contains(deal.state())) {
            return refused("deal " + proposalCid + " is in " + deal.state().wireName() + " and waits for no data");
        }
        return new PushVerdict(deal, "");
    }

    /** Whether the peer may push if the deal is accepted, which is still being decided. */
    boolean isEarly() {
        return deal != null && UNDECIDED.contains(deal.state());
    }

    /** What an early push gets when the decision did not come in time. */
    PushVerdict tooEarly() {
        return refused("it is not decided yet whether the deal is taken");
    }

    private static PushVerdict refused(String reason) {
        return new PushVerdict(null, reason);
    }
}
