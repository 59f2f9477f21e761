package io.caravan.store;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next try: {@code base · 2^n}, never more than the cap, give or take a fifth so that
 * deals that failed together do not come back together.
 */
public record Backoff(Duration base, Duration cap, RandomGenerator random) {

    private static final double SPREAD = 0.2;

    public Backoff {
        if (base.isNegative() || base.isZero() || cap.compareTo(base) < 0) {
            throw new IllegalArgumentException("a backoff from " + base + " to " + cap + " makes no sense");
        }
    }

    /** 5 s to 10 min. */
    public static Backoff usual(RandomGenerator random) {
        return new Backoff(Duration.ofSeconds(5), Duration.ofMinutes(10), random);
    }

    /** @param attempt failed tries before this one, 0 for the first */
    public Duration after(int attempt) {
        double millis = Math.min(cap.toMillis(), base.toMillis() * Math.pow(2, Math.min(attempt, 30)));
        return Duration.ofMillis(Math.round(millis * (1 - SPREAD + 2 * SPREAD * random.nextDouble())));
    }
}
