package io.caravan.market;

import org.jspecify.annotations.Nullable;

/**
 * A peer answered, but not as the protocol demands: no answer, bytes that do not decode, a signature that is not the
 * miner's, another miner's ask. The message says which. Asking again later may help; nothing of the answer may be used.
 */
public final class MarketException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public MarketException(String message) {
        super(message);
    }

    public MarketException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
