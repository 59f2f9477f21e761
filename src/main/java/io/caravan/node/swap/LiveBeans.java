package io.caravan.node.swap;

import io.caravan.camel.DealComponent;
import io.caravan.camel.JsonRpcComponent;
import io.caravan.camel.Libp2pComponent;
import io.caravan.camel.SectorComponent;
import io.caravan.rpc.MethodTable;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Component;
import org.apache.camel.component.quartz.QuartzComponent;
import org.apache.camel.spi.BeanRepository;
import org.apache.camel.spi.Registry;
import org.jspecify.annotations.Nullable;

/** What the routes of a running role call by name: its beans, but of its components only twins on paper. */
public record LiveBeans(Registry live) implements RouteCheck.Beans, BeanRepository {

    @Override
    public @Nullable Class<?> type(String name) {
        Object bean = lookupByName(name);
        return bean == null ? null : bean.getClass();
    }

    @Override
    public Set<String> names() {
        return findByTypeWithName(Object.class).keySet();
    }

    @Override
    public Map<String, Component> components() {
        Map<String, Component> twins = new HashMap<>();
        live.findByTypeWithName(Component.class).forEach((name, component) -> {
            Component twin = twin(component);
            if (twin != null) {
                twins.put(name, twin);
            }
        });
        return twins;
    }

    private static @Nullable Component twin(Component component) {
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

    @Override
    public BeanRepository repository() {
        return this;
    }

    @Override
    public @Nullable Object lookupByName(String name) {
        Object found = live.lookupByName(name);
        return found instanceof Component ? null : found;
    }

    @Override
    public <T> @Nullable T lookupByNameAndType(String name, Class<T> type) {
        Object found = lookupByName(name);
        return type.isInstance(found) ? type.cast(found) : null;
    }

    @Override
    public <T> Map<String, T> findByTypeWithName(Class<T> type) {
        Map<String, T> found = new HashMap<>(live.findByTypeWithName(type));
        found.values().removeIf(Component.class::isInstance);
        return found;
    }

    @Override
    public <T> Set<T> findByType(Class<T> type) {
        return new HashSet<>(findByTypeWithName(type).values());
    }
}
