package io.caravan.market;

import io.caravan.libp2p.Libp2pException;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads of one side's transfers: some that move data, one job for each active transfer, a few for short messages,
 * and a clock that looks for silence. All bounded; idle threads end.
 */
final class TransferWorkers implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TransferWorkers.class);
    private static final int TELLERS = 4;
    private static final int MAX_TOLD = 4096;

    private final ThreadPoolExecutor movers;
    private final ThreadPoolExecutor tellers;
    private final ScheduledThreadPoolExecutor ticker;

    TransferWorkers(String side, int active, int queued) {
        movers = pool("transfer-" + side, active, Math.max(1, queued));
        tellers = pool("transfer-" + side + "-tell", TELLERS, MAX_TOLD);
        ticker = new ScheduledThreadPoolExecutor(1, threads("transfer-" + side + "-tick"));
    }

    /** Runs a job that moves data; false if as many are waiting as may wait. */
    boolean move(Runnable job) {
        return submit(movers, job);
    }

    /** Runs a short message's sending; false if too many are waiting or all is over. */
    boolean tell(Runnable job) {
        return submit(tellers, job);
    }

    /** Runs the look again and again, the first time after one period. */
    void every(Duration period, Runnable look) {
        ticker.scheduleWithFixedDelay(() -> guarded(look), period.toNanos(), period.toNanos(), TimeUnit.NANOSECONDS);
    }

    private static boolean submit(ThreadPoolExecutor pool, Runnable job) {
        try {
            pool.execute(() -> guarded(job));
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    /** Nobody waits for these jobs, so what they throw is only known from here. */
    private static void guarded(Runnable job) {
        try {
            job.run();
        } catch (Libp2pException e) {
            LOG.debug("a peer was not told: {}", e.getMessage());
        } catch (RuntimeException e) {
            LOG.warn("a transfer's job broke off: {}", e.toString());
            LOG.debug("a transfer's job broke off", e);
        }
    }

    private static ThreadPoolExecutor pool(String name, int threads, int queue) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(threads, threads, 30, TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(queue), threads(name));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    private static ThreadFactory threads(String name) {
        AtomicInteger number = new AtomicInteger();
        return job -> {
            Thread thread = new Thread(job, name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /** Interrupts what runs, which resets its streams. */
    @Override
    public void close() {
        ticker.shutdownNow();
        movers.shutdownNow();
        tellers.shutdownNow();
    }
}
