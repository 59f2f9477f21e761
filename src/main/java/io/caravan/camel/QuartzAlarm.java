package io.caravan.camel;

import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.component.quartz.QuartzEndpoint;
import org.quartz.JobKey;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets Quartz, or what stands in for it, run the route of a state now instead of at its next moment, because something came into that state. Any
 * number of rings before the route runs are one. A route that is stopped, or not fed by such a clock, hears nothing.
 */
final class QuartzAlarm {

    private static final Logger LOG = LoggerFactory.getLogger(QuartzAlarm.class);

    private final CamelContext context;
    private final String routeId;
    private final AtomicBoolean rung = new AtomicBoolean();

    QuartzAlarm(CamelContext context, String routeId) {
        this.context = context;
        this.routeId = routeId;
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
        } else if (route.getEndpoint() instanceof QuartzEndpoint endpoint && rung.compareAndSet(false, true)) {
            trigger(endpoint);
        }
    }

    private void trigger(QuartzEndpoint endpoint) {
        Scheduler clock = endpoint.getComponent().getScheduler();
        if (clock == null) {
            return; // it has stopped just now
        }
        try {
            clock.triggerJob(
                    new JobKey(endpoint.getTriggerKey().getName(), endpoint.getTriggerKey().getGroup()));
        } catch (SchedulerException e) {
            rung.set(false);
            LOG.debug("{} runs at its next moment: {}", routeId, e.getMessage());
        }
    }

    /** The route runs: what comes from now on rings again. */
    void heard() {
        rung.set(false);
    }
}
