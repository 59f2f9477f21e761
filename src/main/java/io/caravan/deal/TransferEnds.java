package io.caravan.deal;

import io.caravan.market.Transfer;
import io.caravan.market.TransferStatus;
import io.caravan.model.DealEvent;
import io.caravan.model.FatalException;

/** What a transfer that ended badly means to its deal, the same on both sides. */
final class TransferEnds {

    /** What both sides say of a deal whose transfer one of them cancelled. */
    static final String CANCELLED = "data transfer cancelled";

    private TransferEnds() {}

    /**
     * The transfer, unless it ended badly.
     *
     * @throws FatalException it failed or was cancelled
     */
    static Transfer checked(Transfer transfer) {
        if (transfer.status() == TransferStatus.CANCELLED) {
            throw cancelled();
        }
        if (transfer.status() == TransferStatus.FAILED) {
            throw new FatalException("data transfer failed" + (transfer.error() == null ? "" : ": " + transfer.error()));
        }
        return transfer;
    }

    static FatalException cancelled() {
        return new FatalException(DealEvent.DATA_TRANSFER_CANCELLED, CANCELLED);
    }
}
