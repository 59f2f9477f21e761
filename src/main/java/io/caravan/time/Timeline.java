package io.caravan.time;

import java.time.Clock;

/**
 * The time a node lives in. Whatever waits, wakes or runs beside its caller asks here, so that the same code runs by the
 * wall clock or as a simulation of months in minutes. Safe for use by many threads.
 */
public interface Timeline {

    /** Threads of the machine, and this clock. */
    static Timeline of(Clock clock) {
        return new ThreadTimeline(clock);
    }

    /** The time of day. */
    Clock clock();

    /** Nanoseconds from some moment on, for measuring how long something lasts; never goes back. */
    long nanos();

    /**
     * Workers that run jobs beside their caller.
     *
     * @param threads most jobs at a time
     * @param queue most jobs that wait for a worker; more are refused
     */
    Workers workers(String name, int threads, int queue);

    /** Alarms that run their short work on so many threads. */
    Alarms alarms(String name, int threads);

    /** Something to wait for. */
    Signal signal();
}
