package io.caravan.node.sim;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * The simulation's time of day. It moves when the loop says so, and by a microsecond at each reading from simulated work,
 * so that two things never happen at the same instant and their order can be read from their times.
 */
final class VirtualClock extends Clock {

    private static final long READING_NANOS = 1_000;

    private final Instant start;
    private volatile long nanos;
    private volatile Thread working = Thread.currentThread();

    VirtualClock(Instant start) {
        this.start = start;
    }

    /** Nanoseconds since the start. */
    long nanos() {
        return nanos;
    }

    /** Never goes back. */
    void moveTo(long moment) {
        nanos = Math.max(nanos, moment);
    }

    /** Whose readings take time. */
    void working(Thread thread) {
        working = thread;
    }

    @Override
    public Instant instant() {
        if (Thread.currentThread() == working) {
            nanos += READING_NANOS;
        }
        return start.plusNanos(nanos);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("the simulation lives in UTC");
    }
}
