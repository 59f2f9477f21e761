package io.caravan.chain;

import io.caravan.model.TokenAmount;
import io.caravan.store.StoredMessage;

/** Hears of each message of ours that was found executed, when that is noted for good; it has to be quick. */
@FunctionalInterface
public interface MessageWatch {

    /** Hears nothing. */
    MessageWatch NOBODY = (message, receipt, baseFee) -> { };

    /**
     * A message landed.
     *
     * @param message as it was before it was noted
     * @param baseFee of the head that showed it deep enough, in attoFIL per gas
     */
    void landed(StoredMessage message, MessageReceipt receipt, TokenAmount baseFee);
}
