package io.caravan.deal;

import io.caravan.codec.Cid;
import io.caravan.model.Deal;
import io.caravan.store.MessageIntent;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Deals that wait to be published, and which message each went into; every deal goes into exactly one. */
public interface PublishQueue {

    /**
     * Puts the deal into the queue, closes a batch if it is time for one, and returns the key of the deal's message; empty while its
     * batch is open. Calling it again does no harm. The batch's intent is stored in the transaction that closes it.
     *
     * @param head no deal that starts before this epoch is taken into a batch
     * @param message makes the intent from the proposal CIDs of a batch, those that start first first
     */
    Optional<String> enter(Deal deal, PublishConfig config, long head, Function<List<Cid>, MessageIntent> message);

    /** Takes the deal out, unless it is in a message already. */
    void leave(Cid proposalCid);
}
