package io.caravan.camel;

import io.caravan.model.LogScope;
import io.caravan.model.Turn;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one state as a route meets them: claimed, settled, given back. Deals and sectors pass by the same rules.
 *
 * @param <T> the record a row becomes
 */
interface Turnstile<T> {

    /** What a row is: {@code deal} or {@code sector}. */
    String kind();

    String state();

    Class<T> type();

    /** What the row is called in logs; equal for two versions of one row. */
    String key(T row);

    Turn turn(T row);

    /** The wire name of the state that the row is in. */
    String stateOf(T row);

    /** Lines that are logged until it is closed are about this row. */
    LogScope scope(T row);

    /** What a person is told that the row waits for; null where nothing was said. */
    @Nullable String waitsFor(T row);

    Duration lease();

    List<T> claim(int limit);

    boolean renew(T row);

    /** To be looked at again after the route's delay, or when the row itself asks; says when that is. */
    Instant postpone(T row);

    Instant retry(T row, Throwable failure);

    void release(T row);

    /**
     * Why the state gives up now, in words for people; empty when its time is not up, or when a look that failed proves
     * nothing.
     *
     * @param failure what the look or try of just now failed by; null after a good one
     */
    Optional<String> late(T row, Instant now, @Nullable Throwable failure);

    /** Fires the state's own way to give up, with the reason. */
    void giveUp(T row, String reason);
}
