package io.caravan.time;

import java.util.concurrent.Executor;

/** A bounded number of jobs at a time. {@code execute} throws RejectedExecutionException when too many wait or all is over. */
public interface Workers extends Executor, AutoCloseable {

    /** From now on at most so many jobs run at a time; those that run go on. */
    void resize(int threads);

    /** Takes no more jobs; those that were taken are finished. */
    void finish();

    /** Takes no more jobs, forgets those that wait, interrupts those that run. Returns at once. */
    @Override
    void close();
}
