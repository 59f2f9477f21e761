package io.caravan.camel;

import io.caravan.model.LogScope;
import io.caravan.time.Alarms.Alarm;
import io.caravan.time.Timeline;
import io.caravan.time.Workers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.support.DefaultConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Feeds one phase route with the rows whose turn has come in its state.
 *
 * <p>One exchange carries one leased row, on one of the route's few threads, so that one row's long phase does not keep
 * the others of that state waiting. The lease is renewed while the phase runs. A crash between any two lines leaves a
 * lease that runs out, or that this node takes back when it starts, and the same phase begins again. Two of these may feed on
 * one state for a while, the version of a route that goes and the one that comes: no row is ever leased to both.
 */
final class TurnConsumer<T> extends DefaultConsumer implements Retirable {

    private static final Logger LOG = LoggerFactory.getLogger(TurnConsumer.class);

    private final Turnstile<T> turnstile;
    private final Settler<T> settler;
    private final TurnScheduler scheduler;
    private final Timeline timeline;
    private final int batch;
    private final int concurrency;
    private final Semaphore free;
    private final AtomicBoolean woken = new AtomicBoolean();
    private final Runnable waker = this::wake;
    private volatile boolean isRetired;
    private volatile boolean more;
    private Workers workers;

    TurnConsumer(Endpoint endpoint, Processor route, Turnstile<T> turnstile, TurnScheduler scheduler, Timeline timeline,
            PhaseWatch watch, int batch, int concurrency) {
        super(endpoint, route);
        this.turnstile = turnstile;
        this.settler = new Settler<>(turnstile, timeline.clock(), watch);
        this.scheduler = scheduler;
        this.timeline = timeline;
        this.batch = batch;
        this.concurrency = concurrency;
        this.free = new Semaphore(concurrency);
        this.workers = newWorkers();
    }

    private Workers newWorkers() {
        return timeline.workers(turnstile.kind() + "-" + turnstile.state(), concurrency, Integer.MAX_VALUE);
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        workers.finish();
        workers = newWorkers();
        scheduler.add(turnstile.state(), waker);
        wake();
    }

    @Override
    protected void doStop() throws Exception {
        scheduler.remove(turnstile.state(), waker);
        workers.finish(); // what runs is finished: Camel waits for the exchanges in flight
        super.doStop();
    }

    @Override
    protected void doShutdown() throws Exception {
        workers.close();
        super.doShutdown();
    }

    @Override
    public void retire() {
        isRetired = true;
        scheduler.remove(turnstile.state(), waker);
        workers.finish();
    }

    @Override
    public void takeUp() {
        if (takesMore()) {
            scheduler.add(turnstile.state(), waker);
            wake();
        }
    }

    @Override
    public boolean isIdle() {
        return free.availablePermits() == concurrency;
    }

    /** Looks for rows soon; any number of calls before the look are one. */
    void wake() {
        if (woken.compareAndSet(false, true)) {
            scheduler.soon(this::poll);
        }
    }

    private void poll() {
        woken.set(false);
        if (!takesMore()) {
            return;
        }
        int places = 0;
        while (places < batch && free.tryAcquire()) {
            places++;
        }
        if (places == 0) {
            more = true; // the next one to finish looks again
            return;
        }
        int started = 0;
        try {
            List<T> rows = turnstile.claim(places);
            more = rows.size() == places;
            for (T row : rows) {
                started += begun(row) ? 1 : 0;
            }
        } catch (RuntimeException e) {
            LOG.warn("no {}s from {} this time: {}", turnstile.kind(), turnstile.state(), e.getMessage());
        } finally {
            free.release(places - started);
        }
    }

    private boolean takesMore() {
        return !isRetired && isRunAllowed() && !isSuspendingOrSuspended();
    }

    /** Begins a row's phase; a row that came as the route went is given back at once, for its next version or start. */
    private boolean begun(T row) {
        try {
            workers.execute(() -> work(row));
            return true;
        } catch (RejectedExecutionException e) {
            LOG.debug("{} {} came as its route went", turnstile.kind(), turnstile.key(row));
            turnstile.release(row);
            scheduler.wake(turnstile.state());
            return false;
        }
    }

    private void work(T row) {
        try (LogScope scope = turnstile.scope(row)) {
            if (isRunAllowed() && !isRetired) {
                run(row);
            } else {
                turnstile.release(row);
                scheduler.wake(turnstile.state());
            }
        } catch (RuntimeException e) {
            LOG.warn("{} {} waits out its lease: {}", turnstile.kind(), turnstile.key(row), e.getMessage());
        } finally {
            free.release();
            if (more) {
                wake();
            }
        }
    }

    private void run(T row) {
        Alarm renewal = scheduler.every(turnstile.lease().dividedBy(3), () -> turnstile.renew(row));
        Exchange exchange = createExchange(false);
        Instant began = timeline.clock().instant();
        try {
            exchange.getMessage().setBody(row);
            exchange.setProperty(Settler.CLAIMED, row);
            try {
                getProcessor().process(exchange);
            } catch (Exception e) {
                exchange.setException(e);
            }
            renewal.cancel();
            settler.settle(row, exchange, began, !isRunAllowed()).ifPresent(next ->
                    scheduler.in(Duration.between(timeline.clock().instant(), next), () -> scheduler.wake(turnstile.state())));
        } finally {
            renewal.cancel();
            releaseExchange(exchange, false);
        }
    }
}
