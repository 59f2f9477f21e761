package io.caravan.store;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Waits for a row to be as asked: woken by this node's moves, looking again now and then for other nodes'. */
final class Awaiting {

    private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private Awaiting() {}

    static <T> Optional<T> until(Supplier<Optional<T>> look, Predicate<T> until, Duration timeout,
            Function<Runnable, Subscription> wakeBy) {
        long deadline = System.nanoTime() + timeout.toNanos();
        var woken = new Semaphore(0);
        try (Subscription subscription = wakeBy.apply(woken::release)) {
            while (true) {
                woken.drainPermits();
                Optional<T> found = look.get();
                if (found.isEmpty() || until.test(found.get())) {
                    return found;
                }
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return Optional.empty();
                }
                woken.tryAcquire(Math.min(left, LOOK_AGAIN_NANOS), TimeUnit.NANOSECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
