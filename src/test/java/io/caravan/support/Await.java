package io.caravan.support;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits on conditions, with a bound. */
public final class Await {

    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration SHARP_LOOK = Duration.ofMillis(5);

    private Await() {}

    /** Looks until the condition holds; fails with the sentence after the limit. */
    public static void until(String what, Duration limit, BooleanSupplier condition) {
        until(() -> what, limit, condition);
    }

    /** The same with a sentence that is made when it is needed. */
    public static void until(Supplier<String> what, Duration limit, BooleanSupplier condition) {
        looking(LOOK, what, limit, condition);
    }

    /** The same, hardly pausing between looks, to see a moment while it is there. */
    public static void sharply(Supplier<String> what, Duration limit, BooleanSupplier condition) {
        looking(SHARP_LOOK, what, limit, condition);
    }

    private static void looking(Duration pause, Supplier<String> what, Duration limit, BooleanSupplier condition) {
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within " + limit.toSeconds() + " s: " + what.get());
            }
            LockSupport.parkNanos(pause.toNanos());
        }
    }
}
