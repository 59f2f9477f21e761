package io.caravan.market;

import io.caravan.libp2p.Libp2pException;
import io.caravan.model.LogScope;
import io.caravan.time.Alarms;
import io.caravan.time.Timeline;
import io.caravan.time.Workers;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
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

    private final IntSupplier active;
    private final Workers movers;
    private final Workers tellers;
    private final Alarms ticker;

    /**
     * @param active how many may move at a time; asked at each job and look
     * @param queued how many jobs that move may wait for one
     */
    TransferWorkers(String side, IntSupplier active, int queued, Timeline timeline) {
        this.active = active;
        movers = timeline.workers("transfer-" + side, 1, Math.max(1, queued));
        tellers = timeline.workers("transfer-" + side + "-tell", TELLERS, MAX_TOLD);
        ticker = timeline.alarms("transfer-" + side + "-tick", 1);
    }

    /** Runs a job that moves data; false if as many are waiting as may wait. */
    boolean move(Runnable job) {
        movers.resize(active.getAsInt());
        return submit(movers, job);
    }

    /** Runs a short message's sending; false if too many are waiting or all is over. */
    boolean tell(Runnable job) {
        return submit(tellers, job);
    }

    /**
     * A watch that runs the look every period, as it is then, for as long as there is something to look at, beginning one period after it
     * is started; starting it while it runs changes nothing. {@code isOver} is asked after each look.
     */
    Runnable watch(Supplier<Duration> period, Runnable look, BooleanSupplier isOver) {
        AtomicBoolean running = new AtomicBoolean();
        return new Runnable() {
            @Override
            public void run() {
                if (running.compareAndSet(false, true)) {
                    ticker.in(period.get(), this::tick);
                }
            }

            private void tick() {
                movers.resize(active.getAsInt());
                guarded(look);
                running.set(false);
                if (!isOver.getAsBoolean()) {
                    run();
                }
            }
        };
    }

    private static boolean submit(Workers pool, Runnable job) {
        try {
            pool.execute(LogScope.carried(() -> guarded(job)));
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

    /** Interrupts what runs, which resets its streams. */
    @Override
    public void close() {
        ticker.close();
        movers.close();
        tellers.close();
    }
}
