package io.caravan.deal;

import io.caravan.market.ChannelId;
import io.caravan.market.Transfer;
import io.caravan.market.TransferJournal;
import io.caravan.model.Deal;
import java.util.function.Function;

/**
 * Ends what is under way of a failed deal's transfer, so that the other side learns of the failure at once. State 11 of
 * both sides.
 */
public final class TransferCloser {

    private final TransferJournal journal;
    private final Function<ChannelId, Transfer> cancel;

    /** @param cancel cancels a channel and tells the other side if it can be reached */
    public TransferCloser(TransferJournal journal, Function<ChannelId, Transfer> cancel) {
        this.journal = journal;
        this.cancel = cancel;
    }

    /** Cancels the deal's channels that have not ended; calling it again does no harm. */
    public Deal close(Deal deal) {
        journal.live(deal.role(), deal.proposalCid()).forEach(transfer -> cancel.apply(transfer.channel()));
        return deal;
    }
}
