package io.caravan.camel;

import io.caravan.libp2p.HandlerOptions;
import io.caravan.libp2p.Host;
import io.caravan.libp2p.StreamHandler;
import java.util.HashMap;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.Metadata;
import org.apache.camel.support.CamelContextHelper;
import org.apache.camel.support.DefaultComponent;
import org.jspecify.annotations.Nullable;

/**
 * {@code from: libp2p:/fil/storage/ask/1.1.0} serves a protocol while the route runs; {@code to:
 * libp2p:/…?peer=…&addresses=…} asks a peer. To be bound under the name {@code libp2p}. Its host is the one given, else
 * the registry's bean {@code host}.
 */
public final class Libp2pComponent extends DefaultComponent {

    /** The registry's name of the host. */
    public static final String HOST_BEAN = "host";

    @Metadata(description = "The libp2p host; the registry's bean named host if not given.")
    private @Nullable Host host;

    private final Map<String, Libp2pConsumer> serving = new HashMap<>();

    /** Takes the host from the registry. */
    public Libp2pComponent() {}

    /** @param host serves and dials for all routes */
    public Libp2pComponent(Host host) {
        this.host = host;
    }

    /** A protocol is served by that route from now on; a later version of it takes the protocol over. */
    synchronized void serve(String protocol, Libp2pConsumer server, HandlerOptions options, StreamHandler handler) {
        serving.put(protocol, server);
        getHost().setHandler(protocol, options, handler);
    }

    /** It is not, unless another took it over meanwhile. */
    synchronized void unserve(String protocol, Libp2pConsumer server) {
        if (serving.remove(protocol, server)) {
            getHost().removeHandler(protocol);
        }
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        Libp2pEndpoint endpoint = new Libp2pEndpoint(uri, this, remaining);
        setProperties(endpoint, parameters);
        return endpoint;
    }

    public Host getHost() {
        Host found = host;
        if (found == null) {
            found = CamelContextHelper.mandatoryLookup(getCamelContext(), HOST_BEAN, Host.class);
            host = found;
        }
        return found;
    }

    public void setHost(Host host) {
        this.host = host;
    }
}
