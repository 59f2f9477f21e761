package io.caravan.node;

import io.caravan.node.api.RouteStops;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.ServiceStatus;
import org.jspecify.annotations.Nullable;

/** The routes of a role that were stopped or suspended, by Hawtio or otherwise: asked of Camel each time, remembered nowhere. */
final class StoppedRoutes implements RouteStops {

    private volatile @Nullable CamelContext camel;

    /** From now on those of that context. */
    void watch(CamelContext context) {
        camel = context;
    }

    @Override
    public Optional<String> of(String stateName) {
        CamelContext context = camel;
        Route route = context == null ? null : context.getRoute(stateName);
        return route == null ? Optional.empty() : word(context, stateName).map(word ->
                "the route " + stateName + ", " + word + " on this node, to be started again (in Hawtio, or by a restart of the process)");
    }

    /** Nothing while it runs, starts, or goes down with the whole node. */
    private static Optional<String> word(CamelContext context, String id) {
        ServiceStatus status = context.getStatus().isStarted() ? context.getRouteController().getRouteStatus(id) : null;
        return status == null || status.isStarted() || status.isStarting() ? Optional.empty()
                : Optional.of(status.isSuspended() || status.isSuspending() ? "suspended" : "stopped");
    }
}
