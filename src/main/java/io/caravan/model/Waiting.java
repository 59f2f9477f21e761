package io.caravan.model;

import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a live deal or sector waits for. When its state gives up is {@link Turn#deadline()}, the next try
 * {@link Turn#runAfter()}, how many failed {@link Turn#attempt()}.
 *
 * @param on who or what can end the wait; null when the phase did not say, then the state's usual one holds
 * @param what in words for people, e.g. {@code "the publish message bafy… to be 10 epochs deep"}; null while it runs or
 *        has ended
 * @param since when it began to wait for that
 * @param until when the wait is expected to end, or to be given up, if the phase knows
 * @param lastError what the last failed try said; null after a good one
 */
public record Waiting(@Nullable WaitsOn on, @Nullable String what, @Nullable Instant since, @Nullable Instant until,
        @Nullable String lastError) {

    /** Waits for nothing. */
    public static final Waiting NOTHING = new Waiting(null, null, null, null, null);

    private static final Pattern NUMBERS = Pattern.compile("\\d+");

    /**
     * Waits for this from now on. The moment stays when it waited for the same already: the same words on the same
     * kind, where numbers that move (a head, a count of bytes) make no difference.
     *
     * @param end when the wait is expected to end; null when nobody can tell
     */
    public Waiting on(WaitsOn kind, String thing, Instant now, @Nullable Instant end) {
        return new Waiting(kind, thing, begun(kind, thing, now), end, null);
    }

    /** After a failed try: the words stay, the failure is added, with who can mend it if the failure tells. */
    public Waiting failed(String error, @Nullable WaitsOn kind, Instant now) {
        return new Waiting(kind == null ? on : kind, what, since == null ? now : since, until, error);
    }

    /** The same since another moment. */
    public Waiting since(Instant moment) {
        return new Waiting(on, what, moment, until, lastError);
    }

    /** Waits for nothing yet, the last failure still known: it is about to try again. */
    public Waiting forgotten() {
        return new Waiting(null, null, null, null, lastError);
    }

    /** After a good look: no failure any more. */
    public Waiting well() {
        return new Waiting(on, what, since, until, null);
    }

    private Instant begun(@Nullable WaitsOn kind, String thing, Instant now) {
        return since != null && what != null && on == kind && same(thing, what) ? since : now;
    }

    private static boolean same(String one, String other) {
        return NUMBERS.matcher(one).replaceAll("").equals(NUMBERS.matcher(other).replaceAll(""));
    }
}
