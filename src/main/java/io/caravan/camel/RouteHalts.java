package io.caravan.camel;

import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.NamedNode;
import org.apache.camel.Route;
import org.apache.camel.ServiceStatus;
import org.apache.camel.spi.RoutePolicy;
import org.apache.camel.spi.RoutePolicyFactory;
import org.apache.camel.support.RoutePolicySupport;
import org.jspecify.annotations.Nullable;

/**
 * Which routes somebody stopped or suspended while their context ran, since when, and by whose word. Whether a route runs is
 * asked of Camel each time; what is remembered of a stop is forgotten when the route starts, and with the process.
 */
public final class RouteHalts implements RoutePolicyFactory {

    private final CamelContext context;
    private final Clock clock;
    private final Map<String, Stop> stops = new ConcurrentHashMap<>();

    private record Stop(Instant since, @Nullable String who) {}

    /**
     * A route that does not run.
     *
     * @param isSuspended rather than stopped
     * @param since null where the route never ran, as its text wants it
     * @param who asked for it; null where nobody knows, as when it was stopped by JMX itself
     */
    public record Halt(String route, boolean isSuspended, @Nullable Instant since, @Nullable String who) {

        /** {@code stopped} or {@code suspended}. */
        public String word() {
            return isSuspended ? "suspended" : "stopped";
        }
    }

    private RouteHalts(CamelContext context, Clock clock) {
        this.context = context;
        this.clock = clock;
    }

    /** Those of a context whose routes are still to be added. */
    public static RouteHalts of(CamelContext context, Clock clock) {
        RouteHalts halts = new RouteHalts(context, clock);
        context.addRoutePolicyFactory(halts);
        return halts;
    }

    /** Nothing while it runs, starts, is not there, or goes down with the whole node. */
    public Optional<Halt> of(String route) {
        ServiceStatus status = context.getStatus().isStarted() ? context.getRouteController().getRouteStatus(route) : null;
        if (status == null || status.isStarted() || status.isStarting()) {
            return Optional.empty();
        }
        Stop stop = stops.get(route);
        return Optional.of(new Halt(route, status.isSuspended() || status.isSuspending(), stop == null ? null : stop.since(),
                stop == null ? null : stop.who()));
    }

    /** Whether somebody stopped it; one that was never started, as its text wants it, is another thing. */
    public boolean isBySomebody(String route) {
        return stops.containsKey(route) && of(route).isPresent();
    }

    /** Somebody asked for a stop or suspension, and it was done. */
    public void asked(String route, String who) {
        if (of(route).isPresent()) {
            stops.compute(route, (id, stop) -> new Stop(stop == null ? clock.instant() : stop.since(), who));
        }
    }

    @Override
    public RoutePolicy createRoutePolicy(CamelContext of, String routeId, NamedNode route) {
        return new RoutePolicySupport() {
            @Override
            public void onStart(Route started) {
                stops.remove(routeId);
            }

            @Override
            public void onResume(Route resumed) {
                stops.remove(routeId);
            }

            @Override
            public void onStop(Route stopped) {
                noteStop(stopped);
            }

            @Override
            public void onSuspend(Route suspended) {
                noteStop(suspended);
            }
        };
    }

    /** An earlier version that goes, and a context that goes, are no stops. */
    private void noteStop(Route route) {
        if (context.getStatus().isStarted() && context.getRoute(route.getId()) == route) {
            stops.putIfAbsent(route.getId(), new Stop(clock.instant(), null));
        }
    }
}
