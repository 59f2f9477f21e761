package io.caravan.camel;

import java.util.HashSet;
import java.util.Set;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.EndpointAware;
import org.apache.camel.Route;
import org.apache.camel.Service;
import org.apache.camel.component.direct.DirectConsumer;
import org.apache.camel.component.quartz.QuartzConsumer;
import org.apache.camel.component.quartz.QuartzEndpoint;
import org.apache.camel.support.service.ServiceHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A version of a route that was taken out of its context and runs on until what it began has ended. */
public final class LiveRoute {

    private static final Logger LOG = LoggerFactory.getLogger(LiveRoute.class);
    private static final int QUIET_LOOKS = 3;

    private final LiveContext context;
    private final Route route;
    private final Consumer consumer;
    private final RouteFlight flight;
    private final Set<Endpoint> endpoints = new HashSet<>();
    private int quiet;

    LiveRoute(LiveContext context, Route route) {
        this.context = context;
        this.route = route;
        this.consumer = route.getConsumer();
        this.flight = RouteFlight.of(route);
        endpoints.add(route.getEndpoint());
        for (Service part : route.getServices()) {
            ServiceHelper.getChildServices(part, true).stream().filter(EndpointAware.class::isInstance)
                    .map(child -> ((EndpointAware) child).getEndpoint()).forEach(endpoints::add);
        }
    }

    public String id() {
        return route.getId();
    }

    /** How many exchanges it still has to end. */
    public int underWay() {
        return flight.underWay();
    }

    /** A route that others call: they wait from now on until somebody else answers that call. */
    public void pause() {
        if (consumer instanceof DirectConsumer direct) {
            direct.suspend();
        }
    }

    /** Serves on as if it had never been taken out of its context, unless it was stopped before. */
    public void resume() {
        if (consumer instanceof DirectConsumer direct) {
            direct.resume();
        } else if (consumer instanceof Retirable own) {
            own.takeUp();
        } else if (consumer instanceof QuartzConsumer clocked && clocked.isRunAllowed()) {
            try {
                clocked.getEndpoint().onConsumerStart(clocked);
            } catch (Exception e) {
                LOG.warn("{} hears its clock no more: {}", route.getId(), e.getMessage());
            }
        }
    }

    Set<Endpoint> endpoints() {
        return endpoints;
    }

    void retire() throws Exception {
        if (consumer instanceof Retirable own) {
            own.retire();
        } else if (consumer instanceof QuartzConsumer clocked && !isTakenOver(clocked)) {
            clocked.getEndpoint().onConsumerStop(clocked);
        }
    }

    /** Whether a later version of the route is called by the same moments of the clock. */
    private boolean isTakenOver(QuartzConsumer clocked) {
        Route next = context.getRoute(route.getId());
        return next != null && next.getEndpoint() instanceof QuartzEndpoint clock
                && clock.getTriggerName().equals(clocked.getEndpoint().getTriggerName())
                && clock.getGroupName().equals(clocked.getEndpoint().getGroupName());
    }

    /** True when nothing was under way at a few looks running, for what begins just now is seen by the next one. */
    boolean hasEnded() {
        boolean isQuiet = flight.underWay() == 0 && !(consumer instanceof Retirable own && !own.isIdle());
        quiet = isQuiet ? quiet + 1 : 0;
        return quiet >= QUIET_LOOKS;
    }

    /** Stops its steps. A consumer of Quartz has nothing of its own, and by stopping would stop its successor's moments. */
    void dispose() {
        for (Service part : route.getServices()) {
            if (!(part instanceof QuartzConsumer)) {
                ServiceHelper.stopAndShutdownService(part);
            }
        }
        ServiceHelper.stopAndShutdownServices(route.getProcessor(), route.getOnCompletions(), route.getOnExceptions());
    }
}
