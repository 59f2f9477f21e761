package io.caravan.camel;

import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Route;
import org.apache.camel.spi.RoutePolicyFactory;
import org.apache.camel.support.RoutePolicySupport;

/** Counts the exchanges under way in one version of a route; Camel's own count is by id, which two versions share. */
final class RouteFlight extends RoutePolicySupport {

    private int underWay;

    /** Gives each version of each route its own count. */
    static final class OfEach implements RoutePolicyFactory {
        @Override
        public RouteFlight createRoutePolicy(CamelContext context, String routeId, NamedNode route) {
            return new RouteFlight();
        }
    }

    static RouteFlight of(Route route) {
        return route.getRoutePolicyList().stream().filter(RouteFlight.class::isInstance).map(RouteFlight.class::cast)
                .findFirst().orElseThrow(() -> new IllegalStateException(route.getId() + " is not counted"));
    }

    @Override
    public synchronized void onExchangeBegin(Route route, Exchange exchange) {
        underWay++;
    }

    @Override
    public synchronized void onExchangeDone(Route route, Exchange exchange) {
        underWay--;
    }

    synchronized int underWay() {
        return underWay;
    }
}
