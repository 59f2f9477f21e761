package io.caravan.camel;

import io.caravan.rpc.MethodTable;
import io.caravan.rpc.RpcClient;
import io.caravan.rpc.RpcMethod;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;
import org.jspecify.annotations.Nullable;

/**
 * {@code from: jsonrpc:Filecoin.Method} answers one method of this node while the route runs; {@code to:
 * jsonrpc:Filecoin.Method?url=…} calls one elsewhere. To be bound under the name {@code jsonrpc}.
 */
public final class JsonRpcComponent extends DefaultComponent {
    private final MethodTable methods;
    private final Map<String, RpcClient> clients = new ConcurrentHashMap<>();
    private final Map<String, Served> served = new HashMap<>();

    /** Which route answers a method, and how. */
    private record Served(String routeId, RpcMethod method) {}

    /** @param methods the table of the server whose methods the routes answer */
    public JsonRpcComponent(MethodTable methods) {
        this.methods = methods;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String method, Map<String, Object> parameters) throws Exception {
        JsonRpcEndpoint endpoint = new JsonRpcEndpoint(uri, this, method);
        setProperties(endpoint, parameters);
        return endpoint;
    }

    MethodTable methods() {
        return methods;
    }

    /**
     * Answers a method by a route from now on. A later version of the same route takes the method over from the earlier one,
     * so that callers find it at any time.
     *
     * @throws IllegalStateException if somebody else answers the method
     */
    synchronized MethodTable.Registration serve(String name, String routeId, RpcMethod method) {
        Served before = served.get(name);
        MethodTable.Registration entry = before != null && before.routeId().equals(routeId)
                ? methods.replace(name, before.method(), method) : methods.register(name, method);
        Served now = new Served(routeId, method);
        served.put(name, now);
        return () -> {
            synchronized (this) {
                served.remove(name, now);
                entry.close();
            }
        };
    }

    /** One client for each far side, shared by all producers. */
    RpcClient client(String url, @Nullable String token) {
        return clients.computeIfAbsent(url + "\n" + token, key -> new RpcClient(URI.create(url), token));
    }

    @Override
    protected void doStop() throws Exception {
        clients.values().forEach(RpcClient::close);
        clients.clear();
        super.doStop();
    }
}
