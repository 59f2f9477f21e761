package io.caravan.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One receiver of moves and how far it has got.
 *
 * @param topic {@code client}, {@code provider} or {@code sector}
 * @param place the outbox line up to which everything was taken; null before the first is known
 * @param taken moves taken since the receiver is known; one that was handed out twice counts twice
 * @param failures tries in a row that the receiver did not take; 0 when it takes
 * @param failingSince of the first of these tries
 * @param lastError what the receiver said to the last of them
 */
public record MoveFeed(String name, String topic, @Nullable Long place, long taken, @Nullable Instant takenAt, int failures,
        @Nullable Instant failingSince, @Nullable String lastError) {

    /**
     * A feed with what still waits for it.
     *
     * @param behind moves committed and not taken, counted up to {@link MoveFeeds#MOST_COUNTED}
     * @param oldest when the first of them happened; null when none waits
     */
    public record Lag(MoveFeed feed, long behind, @Nullable Instant oldest) {}
}
