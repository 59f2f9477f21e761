package io.caravan.crypto;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.TimeUnit;

/**
 * Measures a piece of work until the compiler is done with it: until rounds have not become quicker for some time. It
 * counts the thread's own time, where the JVM knows it: a machine that is busy at the start does not decide for good.
 */
public final class SpeedTrial {

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final long STEADY_NANOS = TimeUnit.MILLISECONDS.toNanos(700);
    private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(5);
    /** Vectors that are interpreted take a second a round; the compiler begins after some rounds. */
    private static final int FEWEST_ROUNDS = 8;
    private static final double NOTABLY = 0.9;

    private SpeedTrial() {
    }

    /** Seconds of the best round; takes one second to five. */
    public static double best(Runnable round) {
        long start = now();
        long steadySince = start;
        double best = Double.MAX_VALUE;
        double before = Double.MAX_VALUE;
        long now = start;
        for (int rounds = 0; (rounds < FEWEST_ROUNDS || now - steadySince < STEADY_NANOS) && now - start < MOST_NANOS
                && !Thread.currentThread().isInterrupted(); rounds++) {
            round.run();
            long then = now();
            best = Math.min(best, then - now);
            if (best < before * NOTABLY) {
                before = best;
                steadySince = then;
            }
            now = then;
        }
        return best / TimeUnit.SECONDS.toNanos(1);
    }

    private static long now() {
        return THREADS.isCurrentThreadCpuTimeSupported() && THREADS.isThreadCpuTimeEnabled()
                ? THREADS.getCurrentThreadCpuTime() : System.nanoTime();
    }
}
