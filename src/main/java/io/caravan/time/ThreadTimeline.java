package io.caravan.time;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The machine's own threads and timers; idle threads end. */
record ThreadTimeline(Clock clock) implements Timeline {

    private static final Logger LOG = LoggerFactory.getLogger(ThreadTimeline.class);
    private static final long IDLE_SECONDS = 20;

    @Override
    public long nanos() {
        return System.nanoTime();
    }

    @Override
    public Workers workers(String name, int threads, int queue) {
        return new Pool(name, threads, queue);
    }

    @Override
    public Alarms alarms(String name, int threads) {
        return new Timers(name, threads);
    }

    @Override
    public Signal signal() {
        return new Flag();
    }

    private static ThreadFactory factory(String name) {
        AtomicInteger number = new AtomicInteger();
        return work -> {
            Thread thread = new Thread(work, name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    private static final class Pool implements Workers {

        private final ThreadPoolExecutor threads;

        Pool(String name, int most, int queue) {
            threads = new ThreadPoolExecutor(most, most, IDLE_SECONDS, TimeUnit.SECONDS,
                    new LinkedBlockingQueue<>(queue), factory(name));
            threads.allowCoreThreadTimeOut(true);
        }

        @Override
        public void execute(Runnable job) {
            threads.execute(job);
        }

        @Override
        public synchronized void resize(int most) {
            if (most > threads.getMaximumPoolSize()) {
                threads.setMaximumPoolSize(most);
                threads.setCorePoolSize(most);
            } else if (most < threads.getMaximumPoolSize()) {
                threads.setCorePoolSize(most);
                threads.setMaximumPoolSize(most);
            }
        }

        @Override
        public void finish() {
            threads.shutdown();
        }

        @Override
        public void close() {
            threads.shutdownNow();
        }
    }

    private static final class Timers implements Alarms {

        private final ScheduledThreadPoolExecutor timers;

        Timers(String name, int threads) {
            timers = new ScheduledThreadPoolExecutor(threads, factory(name));
            timers.setRemoveOnCancelPolicy(true);
            timers.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        }

        @Override
        public Alarm in(Duration delay, Runnable work) {
            try {
                return alarm(timers.schedule(work, Math.max(0, delay.toNanos()), TimeUnit.NANOSECONDS));
            } catch (RejectedExecutionException e) {
                LOG.debug("an alarm is set after the end: nobody hears it");
                return () -> { };
            }
        }

        @Override
        public Alarm every(Duration period, Runnable work) {
            long nanos = Math.max(1_000_000, period.toNanos());
            try {
                return alarm(timers.scheduleWithFixedDelay(work, nanos, nanos, TimeUnit.NANOSECONDS));
            } catch (RejectedExecutionException e) {
                LOG.debug("an alarm is set after the end: nobody hears it");
                return () -> { };
            }
        }

        private static Alarm alarm(ScheduledFuture<?> planned) {
            return () -> planned.cancel(false);
        }

        @Override
        public void close() {
            timers.shutdownNow();
        }
    }

    private static final class Flag implements Signal {

        private final Semaphore given = new Semaphore(0);

        @Override
        public void give() {
            given.release();
        }

        @Override
        public boolean await(Duration limit) throws InterruptedException {
            boolean was = given.tryAcquire(Math.max(0, limit.toNanos()), TimeUnit.NANOSECONDS);
            given.drainPermits();
            return was;
        }
    }
}
