package io.caravan.crypto;

import java.util.concurrent.TimeUnit;

/** Measures a piece of work until the compiler is done with it: until rounds have not become quicker for some time. */
public final class SpeedTrial {

    private static final long STEADY_NANOS = TimeUnit.MILLISECONDS.toNanos(700);
    private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final double NOTABLY = 0.9;

    private SpeedTrial() {
    }

    /** Seconds of the best round; takes one second to five. */
    public static double best(Runnable round) {
        long start = System.nanoTime();
        long steadySince = start;
        double best = Double.MAX_VALUE;
        double before = Double.MAX_VALUE;
        long now = start;
        while (now - steadySince < STEADY_NANOS && now - start < MOST_NANOS && !Thread.currentThread().isInterrupted()) {
            round.run();
            long then = System.nanoTime();
            best = Math.min(best, then - now);
            if (best < before * NOTABLY) {
                before = best;
                steadySince = then;
            }
            now = then;
        }
        return best / TimeUnit.SECONDS.toNanos(1);
    }
}
