package io.caravan.store;

import java.time.Duration;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next try: {@code base · 2^n}, never more than the cap, give or take a fifth so that
 * deals that failed together do not come back together.
 */
public final class Backoff {

    private static final double SPREAD = 0.2;

    private final Supplier<Range> range;
    private final RandomGenerator random;

    /**
     * @param base after the first failure; {@code caravan.retry.base}
     * @param cap the longest; {@code caravan.retry.cap}
     */
    public record Range(Duration base, Duration cap) {

        public Range {
            if (base.isNegative() || base.isZero() || cap.compareTo(base) < 0) {
                throw new IllegalArgumentException("a backoff from " + base + " to " + cap + " makes no sense");
            }
        }

        /** 5 s to 10 min. */
        public static Range usual() {
            return new Range(Duration.ofSeconds(5), Duration.ofMinutes(10));
        }
    }

    /** @param range is asked at each failure */
    public Backoff(Supplier<Range> range, RandomGenerator random) {
        this.range = range;
        this.random = random;
    }

    /** Always the same. */
    public Backoff(Range range, RandomGenerator random) {
        this(() -> range, random);
    }

    public Backoff(Duration base, Duration cap, RandomGenerator random) {
        this(new Range(base, cap), random);
    }

    /** 5 s to 10 min. */
    public static Backoff usual(RandomGenerator random) {
        return new Backoff(Range.usual(), random);
    }

    /** @param attempt failed tries before this one, 0 for the first */
    public Duration after(int attempt) {
        Range now = range.get();
        double millis = Math.min(now.cap().toMillis(), now.base().toMillis() * Math.pow(2, Math.min(attempt, 30)));
        return Duration.ofMillis(Math.round(millis * (1 - SPREAD + 2 * SPREAD * random.nextDouble())));
    }
}
