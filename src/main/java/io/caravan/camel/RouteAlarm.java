package io.caravan.camel;

import io.caravan.time.Timeline;
import io.caravan.time.Workers;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Route;
import org.apache.camel.component.quartz.QuartzEndpoint;
import org.apache.camel.support.DefaultConsumer;
import org.jspecify.annotations.Nullable;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the route of a state now instead of at its next moment, because something came into that state. The moments of
 * Quartz belong to all nodes of a role together; what rings here runs here, beside what the others do. Any number of rings
 * before the route runs are one. A route that is stopped, or not fed by a clock, hears nothing.
 */
final class RouteAlarm {

    private static final Logger LOG = LoggerFactory.getLogger(RouteAlarm.class);

    private final CamelContext context;
    private final String routeId;
    private final Timeline timeline;
    private final int threads;
    private final AtomicBoolean rung = new AtomicBoolean();
    private @Nullable Workers workers;

    /** @param threads most runs at a time */
    RouteAlarm(CamelContext context, String routeId, Timeline timeline, int threads) {
        this.context = context;
        this.routeId = routeId;
        this.timeline = timeline;
        this.threads = threads;
    }

    /** Rings are heard from now on. */
    synchronized void open() {
        if (workers == null) {
            workers = timeline.workers("sector-" + routeId, threads, Integer.MAX_VALUE);
        }
    }

    /** Breaks off what runs. */
    synchronized void close() {
        if (workers != null) {
            workers.close();
            workers = null;
        }
    }

    void ring() {
        if (context.getStatus().isStopping() || context.getStatus().isStopped()) {
            return; // the clock goes before the last step has ended
        }
        Route route = context.getRoute(routeId);
        if (route == null || !context.getRouteController().getRouteStatus(routeId).isStarted()) {
            return;
        }
        if (route.getEndpoint() instanceof TickEndpoint endpoint) {
            if (rung.compareAndSet(false, true)) {
                endpoint.ring();
            }
        } else if (route.getEndpoint() instanceof QuartzEndpoint endpoint && isRunning(endpoint.getComponent().getScheduler())
                && rung.compareAndSet(false, true)) {
            start(route);
        }
    }

    private static boolean isRunning(@Nullable Scheduler clock) {
        try {
            return clock != null && !clock.isInStandbyMode() && !clock.isShutdown();
        } catch (SchedulerException e) {
            return false; // it stops just now
        }
    }

    private synchronized void start(Route route) {
        try {
            if (workers != null) {
                workers.execute(() -> run(route));
            }
        } catch (RejectedExecutionException e) {
            LOG.debug("{} stops", routeId);
        }
    }

    private void run(Route route) {
        if (!(route.getConsumer() instanceof DefaultConsumer consumer)) {
            return;
        }
        Exchange exchange = consumer.createExchange(false);
        try {
            consumer.getProcessor().process(exchange);
            Exception failure = exchange.getException();
            if (failure != null) {
                LOG.debug("{} failed, it runs again at its next moment", routeId, failure);
            }
        } catch (Exception e) {
            LOG.warn("{} failed, it runs again at its next moment: {}", routeId, e.getMessage());
        } finally {
            consumer.releaseExchange(exchange, false);
        }
    }

    /** The route runs: what comes from now on rings again. */
    void heard() {
        rung.set(false);
    }
}
