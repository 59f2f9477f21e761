package io.caravan.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When a deal or sector runs next, and who holds it.
 *
 * @param runAfter no route sees it earlier
 * @param attempt failed tries in a row in this state; the backoff grows with it
 * @param bugs tries in a row that ended in an error nobody foresaw; the third parks
 * @param deadline when the state gives up unless it makes progress; null in final states, and while the store has yet to
 *        set it
 * @param lastEpoch the last epoch in which the state makes sense; null where the chain's time does not matter
 * @param lease the token of the claim that holds it; null when nobody does
 * @param parked whether it waits for an operator after a bug
 */
public record Turn(Instant runAfter, int attempt, int bugs, @Nullable Instant deadline, @Nullable Epoch lastEpoch,
        @Nullable String lease, boolean parked) {

    /** Runs at once, held by nobody. */
    public static Turn at(Instant now) {
        return new Turn(now, 0, 0, null, null, null, false);
    }

    public Turn withRunAfter(Instant at) {
        return new Turn(at, attempt, bugs, deadline, lastEpoch, lease, parked);
    }

    public Turn withDeadline(@Nullable Instant at) {
        return new Turn(runAfter, attempt, bugs, at, lastEpoch, lease, parked);
    }

    /** Whether the state's time was up at that moment. */
    public boolean isOverdue(Instant now) {
        return deadline != null && !now.isBefore(deadline);
    }

    /** Whether the chain has left the last epoch in which the state made sense. */
    public boolean isPast(Epoch head) {
        return lastEpoch != null && head.isAfter(lastEpoch);
    }
}
