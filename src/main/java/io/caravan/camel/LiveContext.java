package io.caravan.camel;

import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Route;
import org.apache.camel.Service;
import org.apache.camel.component.direct.DirectConsumer;
import org.apache.camel.component.quartz.QuartzConsumer;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.impl.engine.RouteService;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.LifecycleStrategy;
import org.apache.camel.support.service.ServiceHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Camel context whose routes can be taken out of it while they run, so that another version of the same name starts beside
 * the one that goes. What a phase began is finished by the steps it began with, however long that takes; the new version
 * waits for none of it. Leases see to it that no row is in two hands.
 */
public final class LiveContext extends DefaultCamelContext {

    private static final Logger LOG = LoggerFactory.getLogger(LiveContext.class);

    private final List<LiveRoute> leaving = new ArrayList<>();
    /** One at a time disposes of them: what is no longer leaving for the next one is gone altogether. */
    private final Lock sweeps = new ReentrantLock();
    private final RouteHalts halts;
    private volatile Set<String> resting = Set.of();

    public LiveContext(Clock clock) {
        getCamelContextExtension().setManagementMBeanAssembler(new KnownBeans(this));
        addRoutePolicyFactory(new RouteFlight.OfEach());
        halts = RouteHalts.of(this, clock);
    }

    /** Which of its routes somebody stopped. */
    public RouteHalts halts() {
        return halts;
    }

    /** Routes of these ids are not started when they are added from now on; somebody starts them when it is time. */
    public void keepStopped(Set<String> ids) {
        resting = Set.copyOf(ids);
    }

    @Override
    public void startRouteDefinitions(List<RouteDefinition> definitions) throws Exception {
        Map<RouteDefinition, String> own = new IdentityHashMap<>();
        definitions.stream().filter(one -> resting.contains(one.getId())).forEach(one -> {
            own.put(one, one.getAutoStartup());
            one.setAutoStartup("false");
        });
        try {
            super.startRouteDefinitions(definitions);
        } finally {
            own.forEach(RouteDefinition::setAutoStartup);
        }
    }

    /** How a route makes room for its next version. */
    public enum HandOver {
        /** Both run; what comes from outside goes to the one that started last. */
        BESIDE,
        /** The old one is closed for newcomers first, who wait the moment until the new one is open. */
        PAUSED,
        /** The old one has to come to its end first. */
        STOPPED
    }

    /** By what kind of consumer it begins with. */
    public HandOver handOver(String routeId) {
        Consumer consumer = getRoute(routeId).getConsumer();
        if (consumer instanceof Retirable || consumer instanceof QuartzConsumer) {
            return HandOver.BESIDE;
        }
        return consumer instanceof DirectConsumer ? HandOver.PAUSED : HandOver.STOPPED;
    }

    /**
     * Takes a route out of the context, of its lists and of JMX, and lets it run on. Its name is free from then on.
     *
     * @throws IllegalArgumentException if there is no such route
     */
    public LiveRoute detach(String routeId) throws Exception {
        RouteService service = getRouteServices().remove(routeId);
        if (service == null) {
            throw new IllegalArgumentException("there is no route " + routeId);
        }
        Route route = service.getRoute();
        for (LifecycleStrategy strategy : getLifecycleStrategies()) {
            for (Service part : route.getServices()) {
                ServiceHelper.getChildServices(part, true).forEach(child -> strategy.onServiceRemove(this, child, route));
            }
            strategy.onRoutesRemove(List.of(route));
        }
        getCamelContextExtension().removeRoute(route);
        getCamelContextExtension().getRouteStartupOrder().removeIf(place -> place.getRoute() == route);
        forget(routeId);
        return new LiveRoute(this, route);
    }

    /** Removes a route's description. */
    public void forget(String routeId) throws Exception {
        RouteDefinition described = getRouteDefinition(routeId);
        if (described != null) {
            removeRouteDefinition(described);
        }
    }

    /** Stops a route at once and removes it with its description; no matter if it is not there. */
    public void drop(String routeId) throws Exception {
        if (getRoute(routeId) != null) {
            getRouteController().stopRoute(routeId);
            removeRoute(routeId);
        }
        forget(routeId);
    }

    /** It takes nothing new from now on, and is disposed of by {@link #sweep} when it has come to its end. */
    public void retire(LiveRoute route) throws Exception {
        route.retire();
        synchronized (leaving) {
            leaving.add(route);
        }
    }

    /** Disposes of what has come to its end; how many routes still run to theirs. */
    public int sweep() {
        sweeps.lock();
        try {
            List<LiveRoute> ended = new ArrayList<>();
            int left;
            synchronized (leaving) {
                leaving.removeIf(route -> route.hasEnded() && ended.add(route));
                left = leaving.size();
            }
            if (!ended.isEmpty()) {
                ended.forEach(LiveRoute::dispose);
                removeUnused(ended);
            }
            return left;
        } finally {
            sweeps.unlock();
        }
    }

    /**
     * Lets some milliseconds go by in which what leaves may end.
     *
     * @return false if the thread was interrupted
     */
    public boolean pause(long millis) {
        synchronized (leaving) {
            try {
                leaving.wait(millis);
                return true;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
    }

    /** Breaks off what has not come to its end; how many routes that were. */
    public int breakOff() {
        List<LiveRoute> rest;
        synchronized (leaving) {
            rest = List.copyOf(leaving);
            leaving.clear();
        }
        rest.forEach(LiveRoute::dispose);
        return rest.size();
    }

    /** Endpoints that only those routes had; they would pile up with each version. */
    private void removeUnused(List<LiveRoute> ended) {
        Set<Endpoint> candidates = new HashSet<>();
        ended.forEach(route -> candidates.addAll(route.endpoints()));
        getRouteServices().values().forEach(service -> {
            candidates.removeAll(service.gatherEndpoints());
            candidates.remove(service.getRoute().getEndpoint());
        });
        synchronized (leaving) {
            leaving.forEach(route -> candidates.removeAll(route.endpoints()));
        }
        for (Endpoint endpoint : candidates) {
            try {
                removeEndpoint(endpoint);
            } catch (Exception e) {
                LOG.debug("{} stays until the end: {}", endpoint, e.getMessage());
            }
        }
    }
}
