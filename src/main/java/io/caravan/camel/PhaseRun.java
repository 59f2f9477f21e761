package io.caravan.camel;

import io.caravan.model.Deal;
import io.caravan.model.Sector;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How one run of a phase route over one deal or sector ended.
 *
 * @param row the {@link Deal} or {@link Sector} as it was claimed
 * @param state the wire name of the state whose route ran
 * @param to the wire name of the state it is in afterwards; equal to {@code state} unless it moved
 * @param detail why it waits, is tried again or gave up, in words; null where nothing has to be said
 */
public record PhaseRun(Object row, String state, String to, Outcome outcome, @Nullable String detail, Instant began,
        Instant ended) {

    /** What became of the row. */
    public enum Outcome {
        /** An event took it to another state, or into the same one again. */
        MOVED,
        /** The world is not there yet: it is looked at later. */
        WAITS,
        /** It failed for a reason that passes: it is tried later. */
        FAILED,
        /** It failed by an error that nobody foresaw. */
        BUG,
        /** Its time was up. */
        GAVE_UP,
        /** Somebody else wrote it, or the node stops. */
        LOST
    }
}
