package io.caravan.devnet;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The clock of the chain: a block each interval. A block that fails is tried again at the next tick; ticks that a busy
 * machine missed are not made up for.
 */
final class Ticker {

    private static final Logger LOG = LoggerFactory.getLogger(Ticker.class);
    private static final long LEAST_MILLIS = 10;
    private static final long STILL_MILLIS = 1000;

    private final LiveChain chain;
    private final ScheduledExecutorService timer;
    // Guarded by this object.
    private @Nullable ScheduledFuture<?> ticking;
    private volatile long millis = STILL_MILLIS;
    private volatile Consumer<Runnable> way = Runnable::run;

    Ticker(LiveChain chain, ScheduledExecutorService timer) {
        this.chain = chain;
        this.timer = timer;
    }

    /** From now on each tick gives the making of its block to that, which runs it before it returns, or leaves it. */
    void by(Consumer<Runnable> way) {
        this.way = way;
    }

    /** Changes the time between epochs; 0 stops the clock. */
    synchronized void interval(long wanted) {
        if (wanted != 0 && wanted < LEAST_MILLIS) {
            throw new IllegalArgumentException("the interval is 0 or at least " + LEAST_MILLIS + " ms, not " + wanted);
        }
        stop();
        if (wanted != 0) {
            millis = wanted;
            ticking = timer.scheduleWithFixedDelay(this::tick, wanted, wanted, TimeUnit.MILLISECONDS);
        }
    }

    /** Wall time of one epoch: as the clock ran last; a second where it never did. */
    long millisPerEpoch() {
        return millis;
    }

    /** Whether the clock runs. */
    synchronized boolean ticks() {
        return ticking != null;
    }

    synchronized void stop() {
        ScheduledFuture<?> before = ticking;
        if (before != null) {
            before.cancel(false);
            ticking = null;
        }
    }

    private void tick() {
        if (chain.stopReason().isPresent()) {
            return; // said loudly when it happened
        }
        try {
            way.accept(chain::mine);
        } catch (RuntimeException e) {
            if (chain.stopReason().isEmpty()) {
                LOG.warn("no block this time: {}", e.getMessage());
            }
        }
    }
}
