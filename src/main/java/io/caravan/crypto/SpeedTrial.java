package io.caravan.crypto;

import java.util.concurrent.TimeUnit;

/** Measures a piece of work until the compiler is done with it: the best round of a fixed time. */
public final class SpeedTrial {

    private static final long NANOS = TimeUnit.MILLISECONDS.toNanos(900);

    private SpeedTrial() {
    }

    /** Seconds of the best round; takes about a second. */
    public static double best(Runnable round) {
        long end = System.nanoTime() + NANOS;
        long best = Long.MAX_VALUE;
        long now = System.nanoTime();
        do {
            round.run();
            long then = System.nanoTime();
            best = Math.min(best, then - now);
            now = then;
        } while (now < end && !Thread.currentThread().isInterrupted());
        return best / (double) TimeUnit.SECONDS.toNanos(1);
    }
}
