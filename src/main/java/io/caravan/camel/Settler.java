package io.caravan.camel;

import io.caravan.model.PhaseException;
import io.caravan.model.Turn;
import io.caravan.store.LeaseLostException;
import io.caravan.camel.PhaseRun.Outcome;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of a claimed row when its route has returned: it moved, and nothing is left to do; it fired nothing
 * that moves, and is looked at later; or it failed, and is tried later. A state whose deadline has passed gets this
 * one last look and then gives up, except after a bug, which never fails a deal.
 */
final class Settler<T> {

    /** Exchange property: the row as the last fired event left it. */
    static final String FIRED = "caravan.fired";

    /** Exchange property: the failure after which the row is tried again, where the route has handled it. */
    static final String LATER = "caravan.later";

    /** Exchange property: the row as it was claimed. */
    static final String CLAIMED = "caravan.claimed";

    private static final Logger LOG = LoggerFactory.getLogger(Settler.class);

    private final Turnstile<T> turnstile;
    private final Clock clock;
    private final PhaseWatch watch;

    Settler(Turnstile<T> turnstile, Clock clock, PhaseWatch watch) {
        this.turnstile = turnstile;
        this.clock = clock;
        this.watch = watch;
    }

    /** What became of a row, when it is looked at again, and the words to it. */
    private record Settled(Outcome outcome, Optional<Instant> next, @Nullable String detail) {

        static final Settled LOST = new Settled(Outcome.LOST, Optional.empty(), null);
    }

    /**
     * @param began when the route began with it
     * @param stopping whether the node goes down, so that an interrupted phase is no bug
     * @return when this state looks at the row again; empty when it moved on or is not ours any more
     */
    Optional<Instant> settle(T claimed, Exchange exchange, Instant began, boolean stopping) {
        T row = latest(claimed, exchange);
        Settled settled = settled(row, exchange, stopping);
        try {
            watch.ended(new PhaseRun(claimed, turnstile.state(), turnstile.stateOf(row), settled.outcome(), settled.detail(),
                    began, clock.instant()));
        } catch (RuntimeException e) {
            LOG.warn("nobody was told how {} {} went in {}", turnstile.kind(), turnstile.key(row), turnstile.state(), e);
        }
        return settled.next();
    }

    private Settled settled(T row, Exchange exchange, boolean stopping) {
        if (turnstile.turn(row).lease() == null) {
            return new Settled(Outcome.MOVED, Optional.empty(), null);
        }
        try {
            return settleHeld(row, failure(exchange), stopping);
        } catch (LeaseLostException e) {
            LOG.debug("{} went on elsewhere", turnstile.key(row));
            return Settled.LOST;
        } catch (RuntimeException e) {
            // The lease runs out and the state runs again; nothing else may be lost here.
            LOG.warn("{} {} could not be given back, it waits out its lease: {}", turnstile.kind(),
                    turnstile.key(row), e.getMessage());
            return Settled.LOST;
        }
    }

    private Settled settleHeld(T row, @Nullable Throwable thrown, boolean stopping) {
        Throwable failure = thrown == null ? null : phaseFailure(thrown);
        if (failure instanceof LeaseLostException) {
            LOG.debug("{} went on elsewhere", turnstile.key(row));
            return Settled.LOST;
        }
        if (failure != null && stopping && !(failure instanceof PhaseException)) {
            turnstile.release(row);
            return Settled.LOST;
        }
        boolean bug = failure != null && !(failure instanceof PhaseException);
        Optional<String> late = bug ? Optional.empty() : turnstile.late(row, clock.instant(), failure);
        if (late.isPresent()) {
            turnstile.giveUp(row, late.get());
            return new Settled(Outcome.GAVE_UP, Optional.empty(), late.get());
        }
        if (failure == null) {
            return new Settled(Outcome.WAITS, Optional.of(turnstile.postpone(row)), turnstile.waitsFor(row));
        }
        if (bug) {
            LOG.warn("{} {} failed in {} by an error nobody foresaw", turnstile.kind(), turnstile.key(row),
                    turnstile.state(), failure);
        } else {
            LOG.debug("{} {} failed in {}: {}", turnstile.kind(), turnstile.key(row), turnstile.state(),
                    failure.getMessage());
        }
        Instant next = turnstile.retry(row, failure);
        return new Settled(bug ? Outcome.BUG : Outcome.FAILED, Optional.of(next), String.valueOf(failure.getMessage()));
    }

    private static @Nullable Throwable failure(Exchange exchange) {
        return exchange.getException() != null ? exchange.getException() : exchange.getProperty(LATER, Throwable.class);
    }

    /** The row as the route left it: its body, if that still is this row at the version last stored. */
    private T latest(T claimed, Exchange exchange) {
        T stored = Optional.ofNullable(exchange.getProperty(FIRED)).filter(turnstile.type()::isInstance)
                .map(turnstile.type()::cast).filter(row -> same(row, claimed)).orElse(claimed);
        Object body = exchange.getMessage().getBody();
        if (!turnstile.type().isInstance(body) || failure(exchange) != null) {
            return stored;
        }
        T left = turnstile.type().cast(body);
        Turn turn = turnstile.turn(left);
        boolean held = turn.lease() != null && turn.lease().equals(turnstile.turn(stored).lease());
        return held && same(left, claimed) ? left : stored;
    }

    private boolean same(T one, T other) {
        return turnstile.key(one).equals(turnstile.key(other));
    }

    /** What the phase threw, out of what Camel wrapped around it. */
    static Throwable phaseFailure(Throwable thrown) {
        for (Throwable at = thrown; at != null; at = at.getCause()) {
            if (at instanceof PhaseException || at instanceof LeaseLostException) {
                return at;
            }
        }
        return thrown;
    }
}
