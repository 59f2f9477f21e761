package io.caravan.node.swap;

import io.caravan.camel.DealComponent;
import io.caravan.camel.JsonRpcComponent;
import io.caravan.camel.Libp2pComponent;
import io.caravan.camel.SectorComponent;
import io.caravan.node.swap.RouteRefusedException.Reason;
import io.caravan.rpc.MethodTable;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.Component;
import org.apache.camel.component.quartz.QuartzComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.BeanRepository;
import org.apache.camel.spi.Registry;
import org.apache.camel.support.DefaultRegistry;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/**
 * Builds routes on paper: in a context of its own that never starts, with the beans that run and twins of the components. What
 * Camel refuses to read or to build is found here, while what runs is not touched. That context is not closed either, as it
 * has nothing open.
 */
final class PaperRun {

    private final Registry live;
    private final Map<String, String> placeholders;

    PaperRun(Registry live, Map<String, String> placeholders) {
        this.live = live;
        this.placeholders = placeholders;
    }

    /**
     * @param candidate whose name a refusal carries
     * @param beside files that hold what it needs, or that need what it holds
     * @throws RouteRefusedException R3, R6, R7 or R15
     */
    void build(RouteFile candidate, List<RouteFile> beside) {
        DefaultCamelContext paper = context();
        try {
            for (RouteFile file : beside) {
                load(paper, file);
            }
            load(paper, candidate);
        } catch (Exception e) {
            throw new RouteRefusedException(CamelWords.reason(e, Reason.NOT_A_ROUTE), candidate.name(), YamlLine.of(e), CamelWords.sentence(e));
        }
        for (RouteDefinition route : paper.getRouteDefinitions()) {
            try {
                paper.getModelReifierFactory().createRoute(paper, route);
            } catch (Exception e) {
                throw new RouteRefusedException(CamelWords.reason(e, Reason.NOT_BUILT), candidate.name(), route.getLineNumber(),
                        "the route " + route.getId() + " cannot be built: " + CamelWords.sentence(e));
            }
        }
    }

    private static void load(DefaultCamelContext paper, RouteFile file) throws Exception {
        PluginHelper.getRoutesLoader(paper).loadRoutes(ResourceHelper.fromString(file.name(), file.text()));
    }

    private DefaultCamelContext context() {
        DefaultCamelContext paper = new DefaultCamelContext(new DefaultRegistry(new BeansOnly(live)));
        paper.disableJMX();
        paper.setSourceLocationEnabled(true);
        paper.setLoadHealthChecks(false);
        Properties known = new Properties();
        known.putAll(placeholders);
        paper.getPropertiesComponent().setInitialProperties(known);
        live.findByTypeWithName(Component.class).forEach((name, component) -> {
            Component twin = twin(component);
            if (twin != null) {
                paper.addComponent(name, twin);
            }
        });
        return paper;
    }

    private static @org.jspecify.annotations.Nullable Component twin(Component component) {
        if (component instanceof DealComponent deal) {
            return deal.onPaper();
        }
        if (component instanceof SectorComponent sector) {
            return sector.onPaper();
        }
        if (component instanceof JsonRpcComponent) {
            return new JsonRpcComponent(new MethodTable());
        }
        if (component instanceof Libp2pComponent) {
            return new Libp2pComponent();
        }
        return component instanceof QuartzComponent ? new PaperClock() : null;
    }

    /** Quartz without a clock. */
    private static final class PaperClock extends QuartzComponent {
        @Override
        protected void doInit() {
            // a scheduler would have threads
        }
    }

    /** The beans of a registry but its components, which belong to the context that runs. */
    private record BeansOnly(Registry registry) implements BeanRepository {

        @Override
        public Object lookupByName(String name) {
            Object found = registry.lookupByName(name);
            return found instanceof Component ? null : found;
        }

        @Override
        public <T> T lookupByNameAndType(String name, Class<T> type) {
            Object found = lookupByName(name);
            return type.isInstance(found) ? type.cast(found) : null;
        }

        @Override
        public <T> Map<String, T> findByTypeWithName(Class<T> type) {
            Map<String, T> found = new java.util.HashMap<>(registry.findByTypeWithName(type));
            found.values().removeIf(Component.class::isInstance);
            return found;
        }

        @Override
        public <T> java.util.Set<T> findByType(Class<T> type) {
            return new java.util.HashSet<>(findByTypeWithName(type).values());
        }
    }
}
