package io.caravan.market;

/**
 * Where a data transfer stands. The code is the one that Lotus' RPC shows for a channel; constants are never
 * renumbered. The order of a push is REQUESTED, QUEUED, ONGOING, (STALLED, ONGOING)*, SENT, COMPLETED; FAILED and
 * CANCELLED may come from any that is not an end.
 */
public enum TransferStatus {
    /**
     * Client: the provider has not said yes, or has not even been reached. Provider: it said yes, a free place is
     * awaited.
     */
    REQUESTED(0),
    /** Client: the provider said yes, no byte has left. Provider: the request for the data is out. */
    QUEUED(17),
    /** Bytes move. */
    ONGOING(1),
    /** No byte for longer than the idle limit, or the connection broke; a restart goes on where it stopped. */
    STALLED(1),
    /** Client only: every byte is sent; the provider has not confirmed. A lost connection makes it STALLED again. */
    SENT(2),
    /** Everything arrived, was verified, and is on the provider's disk. */
    COMPLETED(6),
    FAILED(8),
    CANCELLED(10);

    private final int code;

    TransferStatus(int code) {
        this.code = code;
    }

    /** The number in {@code Filecoin.ClientListDataTransfers}. */
    public int code() {
        return code;
    }

    /** Whether nothing follows. */
    public boolean isEnd() {
        return this == COMPLETED || this == FAILED || this == CANCELLED;
    }
}
