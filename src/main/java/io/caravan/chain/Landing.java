package io.caravan.chain;

import io.caravan.codec.Cid;
import io.caravan.model.Epoch;

/** What a look at a sent message found. */
public sealed interface Landing {

    /**
     * In the mempool, or executed but not yet deep enough; look again.
     *
     * @param isExecuted whether some block carries it already
     */
    record NotYet(String waitingFor, boolean isExecuted) implements Landing {
    }

    /**
     * Executed, with enough tipsets above it.
     *
     * @param message the CID that was executed, which is another one than asked for when the message was replaced
     */
    record Landed(Cid message, MessageReceipt receipt, Epoch epoch, boolean isReplaced) implements Landing {

        /** Whether the message did what it was sent for. */
        public boolean isOk() {
            return receipt.isOk();
        }
    }

    /** The sender's nonce went past the message and the chain knows neither it nor a message that replaced it. */
    record Gone(String reason) implements Landing {
    }
}
