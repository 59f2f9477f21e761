package io.caravan.deal;

import io.caravan.market.ChannelId;
import io.caravan.market.Transfer;
import io.caravan.market.TransferJournal;
import io.caravan.market.TransferStatus;
import io.caravan.model.Deal;
import io.caravan.model.DealEvent;
import io.caravan.model.DealState;
import io.caravan.model.Role;
import io.caravan.store.DealStore;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * An operator's word about a transfer: cancel it, and its deal with it, or restart it now. Legal while the deal's data
 * moves or is awaited (deal-lifecycle §6.3); later nothing is changed.
 */
public final class TransferControl {

    private static final Map<Role, Set<DealState>> OPEN = Map.of(
            Role.CLIENT, EnumSet.of(DealState.START_DATA_TRANSFER, DealState.TRANSFER_QUEUED, DealState.TRANSFERRING,
                    DealState.CLIENT_TRANSFER_RESTART),
            Role.PROVIDER, EnumSet.of(DealState.WAITING_FOR_DATA, DealState.TRANSFERRING,
                    DealState.PROVIDER_TRANSFER_AWAIT_RESTART));

    private final Role role;
    private final DealStore deals;
    private final TransferJournal journal;
    private final Function<ChannelId, Transfer> cancel;
    private final Function<ChannelId, Transfer> restart;

    /**
     * @param cancel the session's cancel, which tells the other side if it can be reached
     * @param restart the session's restart
     */
    public TransferControl(Role role, DealStore deals, TransferJournal journal, Function<ChannelId, Transfer> cancel,
            Function<ChannelId, Transfer> restart) {
        this.role = role;
        this.deals = deals;
        this.journal = journal;
        this.cancel = cancel;
        this.restart = restart;
    }

    /**
     * Cancels: when this returns the deal is failing and the channel has ended here; the other side follows as soon as
     * it hears of it.
     *
     * @throws DealRefusedException T01 there is no such transfer; T02 it is complete, nothing was changed
     */
    public void cancel(ChannelId channel) {
        Transfer transfer = open(channel);
        deals.signal(transfer.proposalCid(), role, deal -> deal.withMessage(TransferEnds.CANCELLED),
                DealEvent.DATA_TRANSFER_CANCELLED).orElseThrow(() -> complete(transfer, "has moved on"));
        cancel.apply(channel);
    }

    /**
     * Restarts where it stopped.
     *
     * @throws DealRefusedException T01 there is no such transfer; T02 it is complete, nothing was changed
     */
    public void restart(ChannelId channel) {
        open(channel);
        restart.apply(channel);
    }

    private Transfer open(ChannelId channel) {
        Transfer transfer = journal.find(role, channel).orElseThrow(() -> new DealRefusedException(
                "T01 no-such-transfer: this node has no transfer " + channel.id() + " with that peer"));
        Deal deal = deals.find(transfer.proposalCid(), role).orElseThrow(() -> new DealRefusedException(
                "T01 no-such-transfer: the deal of transfer " + channel.id() + " is gone"));
        if (!OPEN.get(role).contains(deal.state())) {
            throw complete(transfer, "is in " + deal.state().wireName());
        }
        if (transfer.status() == TransferStatus.COMPLETED || DataSender.isPast(deal)) {
            throw complete(transfer, "has all its data");
        }
        return transfer;
    }

    private static DealRefusedException complete(Transfer transfer, String how) {
        return new DealRefusedException("T02 transfer-already-complete: deal " + transfer.proposalCid() + " " + how);
    }
}
