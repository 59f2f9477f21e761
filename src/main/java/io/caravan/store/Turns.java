package io.caravan.store;

import io.caravan.model.Epoch;
import io.caravan.model.Flow.Effect;
import io.caravan.model.Flow.Step;
import io.caravan.model.PhaseException;
import io.caravan.model.RetryableException;
import io.caravan.model.Turn;
import io.caravan.model.Waiting;
import io.caravan.model.WaitsOn;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a move, a wait or a failure does to a row's turn; the same for deals and sectors. */
final class Turns {

    /** The turn of what has ended: no claim looks that far. */
    static final Instant NEVER = Instant.parse("9999-12-31T00:00:00Z");

    private static final int BUGS_UNTIL_PARKED = 3;
    private static final int LONGEST_ERROR = 500;

    private final Backoff backoff;

    Turns(Backoff backoff) {
        this.backoff = backoff;
    }

    /** How long to wait after so many failed tries. */
    Duration wait(int tries) {
        return backoff.after(tries);
    }

    static boolean enters(List<? extends Step<?, ?>> path) {
        return path.stream().anyMatch(step -> step.effect() == Effect.ENTER);
    }

    /** A fresh turn in a state just entered. {@code limit} null means that nothing follows. */
    static Turn entered(Instant now, @Nullable Duration limit, @Nullable Epoch lastEpoch, boolean ends) {
        return new Turn(ends ? NEVER : now, 0, 0, limit == null ? null : now.plus(limit), lastEpoch, null, false);
    }

    /** After events that left the state as it was, the lease kept. */
    static Turn kept(Turn turn) {
        return new Turn(turn.runAfter(), 0, 0, turn.deadline(), turn.lastEpoch(), turn.lease(), turn.parked());
    }

    /** After an event from outside that left the state as it was: a rerun comes at once, a record changes no turn. */
    static Turn signalled(Turn turn, List<? extends Step<?, ?>> path, Instant now) {
        boolean rerun = path.stream().anyMatch(step -> step.effect() == Effect.RERUN);
        return new Turn(rerun ? now : turn.runAfter(), rerun ? 0 : turn.attempt(), rerun ? 0 : turn.bugs(),
                turn.deadline(), turn.lastEpoch(), null, turn.parked());
    }

    /** To be looked at later: at the phase's own moment when it set one that is still to come. */
    static Turn postponed(Turn turn, Duration delay, Instant now) {
        Instant next = turn.runAfter().isAfter(now) ? turn.runAfter() : now.plus(delay);
        return new Turn(notPast(turn, next, now), 0, 0, turn.deadline(), turn.lastEpoch(), null, turn.parked());
    }

    /** After a failure: later and later, or parked when it was the third bug in a row. */
    Turn failed(Turn turn, Throwable failure, Instant now) {
        boolean bug = !(failure instanceof PhaseException);
        int bugs = bug ? turn.bugs() + 1 : 0;
        Duration wait = backoff.after(turn.attempt());
        Duration asked = failure instanceof RetryableException retry ? retry.notBefore() : null;
        if (asked != null && asked.compareTo(wait) > 0) {
            wait = asked;
        }
        Instant next = turn.runAfter().isAfter(now.plus(wait)) ? turn.runAfter() : now.plus(wait); // a cool-down goes on
        return new Turn(notPast(turn, next, now), turn.attempt() + 1, bugs, turn.deadline(), turn.lastEpoch(),
                null, bugs >= BUGS_UNTIL_PARKED);
    }

    /** A last look at the deadline itself, so that a state gives up on time. */
    private static Instant notPast(Turn turn, Instant next, Instant now) {
        Instant deadline = turn.deadline();
        return deadline != null && deadline.isAfter(now) && next.isAfter(deadline) ? deadline : next;
    }

    static Turn parked(Turn turn, Instant now) {
        return new Turn(now, turn.attempt() + 1, turn.bugs() + 1, turn.deadline(), turn.lastEpoch(), null, true);
    }

    /** The same, held by nobody. */
    static Turn taken(Turn turn) {
        return new Turn(turn.runAfter(), turn.attempt(), turn.bugs(), turn.deadline(), turn.lastEpoch(), null, turn.parked());
    }

    /** An operator's word: at once, failures forgotten; a state that has run out of time gets its time anew. */
    static Turn resumed(Turn turn, @Nullable Duration limit, Instant now) {
        boolean late = limit != null && turn.isOverdue(now);
        return new Turn(now, 0, 0, late ? now.plus(limit) : turn.deadline(), turn.lastEpoch(), null, false);
    }

    static Waiting failed(Waiting waiting, Throwable failure, Instant now) {
        WaitsOn mender = failure instanceof RetryableException retry ? retry.waitsOn() : null;
        return waiting.failed(sentence(failure), mender, now);
    }

    /** A failure in one bounded line. */
    static String sentence(Throwable failure) {
        String said = failure.getMessage() == null ? "" : failure.getMessage();
        String line = failure instanceof PhaseException ? said : failure.getClass().getSimpleName() + ": " + said;
        return line.length() <= LONGEST_ERROR ? line : line.substring(0, LONGEST_ERROR) + "…";
    }
}
