package io.caravan.camel;

import io.caravan.rpc.MethodTable;
import io.caravan.rpc.RpcClient;
import java.net.URI;
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
