package io.caravan.store;

import io.caravan.time.Signal;
import io.caravan.time.Timeline;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Waits for a row to be as asked: woken by this node's moves, looking again now and then for other nodes'. */
final class Awaiting {

    private static final Duration LOOK_AGAIN = Duration.ofMillis(250);

    private Awaiting() {}

    static <T> Optional<T> until(Timeline timeline, Supplier<Optional<T>> look, Predicate<T> until, Duration timeout,
            Function<Runnable, Subscription> wakeBy) {
        long deadline = timeline.nanos() + timeout.toNanos();
        Signal woken = timeline.signal();
        try (Subscription subscription = wakeBy.apply(woken::give)) {
            while (true) {
                Optional<T> found = look.get();
                if (found.isEmpty() || until.test(found.get())) {
                    return found;
                }
                Duration left = Duration.ofNanos(deadline - timeline.nanos());
                if (left.isNegative() || left.isZero()) {
                    return Optional.empty();
                }
                woken.await(left.compareTo(LOOK_AGAIN) < 0 ? left : LOOK_AGAIN);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
