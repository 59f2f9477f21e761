package io.caravan.camel;

import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.component.quartz.QuartzEndpoint;
import org.quartz.JobKey;
import org.quartz.SchedulerException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets Quartz run the route of a state now instead of at its next moment, because something came into that state. Any
 * number of rings before the route runs are one. A route that is stopped, or not fed by Quartz, hears nothing.
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
        Route route = context.getRoute(routeId);
        if (route == null || !(route.getEndpoint() instanceof QuartzEndpoint endpoint)
                || !context.getRouteController().getRouteStatus(routeId).isStarted()) {
            return;
        }
        if (rung.compareAndSet(false, true)) {
            try {
                endpoint.getComponent().getScheduler().triggerJob(
                        new JobKey(endpoint.getTriggerKey().getName(), endpoint.getTriggerKey().getGroup()));
            } catch (SchedulerException e) {
                rung.set(false);
                LOG.debug("{} runs at its next moment: {}", routeId, e.getMessage());
            }
        }
    }

    /** The route runs: what comes from now on rings again. */
    void heard() {
        rung.set(false);
    }
}
