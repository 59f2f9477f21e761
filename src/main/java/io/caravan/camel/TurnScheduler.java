package io.caravan.camel;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wakes the consumers of one component: at once when this node moved a row into their state, at the moment for which
 * a row was put off, and by a look at the table every second, which finds what other nodes moved and what a killed one
 * left behind. Its two threads only claim and renew; phases run on their route's own.
 */
final class TurnScheduler {

    private static final Logger LOG = LoggerFactory.getLogger(TurnScheduler.class);
    private static final int THREADS = 2;
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration FARTHEST = Duration.ofMinutes(1); // beyond it the look finds the row in time

    private final ScheduledThreadPoolExecutor threads;
    private final Map<String, Runnable> wakers = new ConcurrentHashMap<>();

    /** @param due the states in which some row's turn has come */
    TurnScheduler(String name, Supplier<Set<String>> due) {
        threads = new ScheduledThreadPoolExecutor(THREADS, work -> {
            Thread thread = new Thread(work, name + "-turns");
            thread.setDaemon(true);
            return thread;
        });
        threads.setRemoveOnCancelPolicy(true);
        threads.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        every(LOOK, () -> {
            if (!wakers.isEmpty()) {
                due.get().forEach(this::wake);
            }
        });
    }

    void add(String state, Runnable waker) {
        wakers.put(state, waker);
    }

    void remove(String state) {
        wakers.remove(state);
    }

    /** Something came into that state. */
    void wake(String state) {
        Runnable waker = wakers.get(state);
        if (waker != null) {
            waker.run();
        }
    }

    void soon(Runnable work) {
        in(Duration.ZERO, work);
    }

    void in(Duration delay, Runnable work) {
        if (delay.compareTo(FARTHEST) > 0) {
            return;
        }
        try {
            threads.schedule(guarded(work), Math.max(0, delay.toMillis()), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("nothing is woken any more: the component has stopped");
        }
    }

    ScheduledFuture<?> every(Duration period, Runnable work) {
        long millis = Math.max(1, period.toMillis());
        return threads.scheduleAtFixedRate(guarded(work), millis, millis, TimeUnit.MILLISECONDS);
    }

    void stop() {
        threads.shutdownNow();
    }

    private static Runnable guarded(Runnable work) {
        return () -> {
            try {
                work.run();
            } catch (RuntimeException e) {
                LOG.warn("a look for turns failed, the next one is in a second: {}", e.getMessage());
            }
        };
    }
}
