package io.caravan.model;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a live deal or sector waits for, in words for people. Until when is {@link Turn#deadline()}, the next try
 * {@link Turn#runAfter()}.
 *
 * @param what e.g. {@code "the publish message bafy… to be 10 epochs deep"}; null while it runs or has ended
 * @param since when it began to wait for that
 * @param lastError what the last failed try said; null after a good one
 */
public record Waiting(@Nullable String what, @Nullable Instant since, @Nullable String lastError) {

    /** Waits for nothing. */
    public static final Waiting NOTHING = new Waiting(null, null, null);

    /** Waits for this from now on; the moment stays when it waited for the same already. */
    public Waiting on(String thing, Instant now) {
        return Objects.equals(thing, what) ? new Waiting(what, since, null) : new Waiting(thing, now, null);
    }
}
