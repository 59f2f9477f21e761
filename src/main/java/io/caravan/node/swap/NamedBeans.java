package io.caravan.node.swap;

import io.caravan.camel.DealComponent;
import io.caravan.camel.JsonRpcComponent;
import io.caravan.camel.Libp2pComponent;
import io.caravan.camel.SectorComponent;
import io.caravan.model.Role;
import io.caravan.rpc.MethodTable;
import io.caravan.store.DealStore;
import io.caravan.store.SectorStore;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Component;
import org.apache.camel.spi.BeanRepository;
import org.apache.camel.support.SimpleRegistry;
import org.jspecify.annotations.Nullable;

/** What routes call by name where no role runs: a bean is known by the class that is named as it is. */
final class NamedBeans implements RouteCheck.Beans {

    /** Where the classes of beans are. */
    private static final List<String> HOMES = List.of("chain", "deal", "market", "sealing", "node.api", "node.net");

    private final Role role;
    private final Set<String> names;
    private final Clock clock;

    /** @param names those that the routes beside name, to tell the nearest */
    NamedBeans(Role role, Set<String> names, Clock clock) {
        this.role = role;
        this.names = names;
        this.clock = clock;
    }

    @Override
    public @Nullable Class<?> type(String name) {
        for (String home : HOMES) {
            try {
                return Class.forName("io.caravan." + home + "." + Character.toUpperCase(name.charAt(0)) + name.substring(1));
            } catch (ClassNotFoundException e) {
                continue; // it may be in the next one
            }
        }
        return null;
    }

    @Override
    public Set<String> names() {
        return names;
    }

    @Override
    public BeanRepository repository() {
        return new SimpleRegistry();
    }

    @Override
    public Map<String, Component> components() {
        return Map.of("deal", new DealComponent(nobody(DealStore.class), clock, role).onPaper(),
                "sector", new SectorComponent(nobody(SectorStore.class), clock).onPaper(),
                "jsonrpc", new JsonRpcComponent(new MethodTable()), "libp2p", new Libp2pComponent(), "quartz", new PaperClock(),
                "bean", new PaperBean());
    }

    private static <T> T nobody(Class<T> type) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
            throw new UnsupportedOperationException("no role runs here: " + method);
        }));
    }
}
