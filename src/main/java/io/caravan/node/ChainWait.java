package io.caravan.node;

import io.caravan.chain.Chain;
import io.caravan.chain.Landing;
import io.caravan.chain.MessageWatcher;
import io.caravan.codec.Cid;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Waits at a role's start for something that the chain must show first; looks again at each new head, for a bounded time. */
final class ChainWait {

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final Chain chain;
    private final Clock clock;

    ChainWait(Chain chain, Clock clock) {
        this.chain = chain;
        this.clock = clock;
    }

    /** The receipt's landing once the message was executed. */
    Landing.Landed landed(MessageWatcher watcher, Cid message, String what) {
        return until(what, () -> watcher.look(message, 0) instanceof Landing.Landed landed
                ? Optional.of(landed) : Optional.empty());
    }

    /**
     * The value once the look finds it.
     *
     * @throws StartException when that takes longer than two minutes, or the thread is interrupted
     */
    <T> T until(String what, Supplier<Optional<T>> look) {
        Semaphore moved = new Semaphore(0);
        Instant end = clock.instant().plus(LIMIT);
        try (AutoCloseable heads = chain.onHead(change -> moved.release())) {
            while (true) {
                Optional<T> found = look.get();
                if (found.isPresent()) {
                    return found.get();
                }
                if (clock.instant().isAfter(end)) {
                    throw new StartException("the chain did not show within two minutes: " + what + "; does it make blocks?");
                }
                moved.tryAcquire(LOOK.toMillis(), TimeUnit.MILLISECONDS);
                moved.drainPermits();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartException("stopped while waiting for " + what, e);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new StartException("waiting for " + what + " failed: " + e.getMessage(), e);
        }
    }
}
