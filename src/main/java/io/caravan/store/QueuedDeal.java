package io.caravan.store;

import io.caravan.codec.Cid;
import io.caravan.model.Epoch;
import io.caravan.model.FilAddress;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A deal's place in the publish queue.
 *
 * @param start the deal's start epoch, by which the queue is ordered
 * @param queuedAt when it came; its batch's period runs from there
 * @param messageKey the message it went into; null while it waits
 * @param round how often it came back from a message that did not publish it
 * @param isUrgent it waits for no period: an operator said so, or it came back
 * @param tries in how many simulations in a row it failed
 * @param notBefore when it is tried again; null for at once
 * @param problem what the last failed simulation or message said; null when all is well
 * @param isRefused it is not published at all, for the problem's reason
 * @param most the most deals of its next message; null for the configured number
 */
public record QueuedDeal(Cid proposalCid, FilAddress provider, Epoch start, Instant queuedAt,
        @Nullable String messageKey, int round, boolean isUrgent, int tries, @Nullable Instant notBefore,
        @Nullable String problem, boolean isRefused, @Nullable Integer most) {

    /** Whether it is in no message and not refused. */
    public boolean isWaiting() {
        return messageKey == null && !isRefused;
    }
}
