package io.caravan.camel;

import io.caravan.rpc.Permission;
import io.caravan.rpc.RpcMethod;
import java.time.Duration;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;
import org.jspecify.annotations.Nullable;

/** One JSON-RPC method, ours (from) or elsewhere (to). */
@UriEndpoint(firstVersion = "0.1.0", scheme = "jsonrpc", title = "JSON-RPC", syntax = "jsonrpc:method")
public class JsonRpcEndpoint extends DefaultEndpoint {
    @UriPath(description = "The full name of the method, e.g. Filecoin.ClientStartDeal.")
    @Metadata(required = true)
    private final String method;

    @UriParam(label = "consumer", defaultValue = "admin", enums = "read,write,sign,admin",
            description = "The right a caller needs.")
    private String permission = Permission.ADMIN.wireName();

    @UriParam(label = "consumer", defaultValue = "-1",
            description = "How many positional parameters the method takes; -1 leaves it to the bean.")
    private int params = RpcMethod.ANY_COUNT;

    @UriParam(label = "producer", description = "Where to call, e.g. http://127.0.0.1:1234/rpc/v1.")
    private @Nullable String url;

    @UriParam(label = "producer,security", secret = true, description = "The bearer token to call with.")
    private @Nullable String token;

    @UriParam(label = "producer", defaultValue = "30s",
            description = "How long to wait for the answer.")
    private Duration timeout = Duration.ofSeconds(30);

    JsonRpcEndpoint(String uri, JsonRpcComponent component, String method) {
        super(uri, component);
        if (method.isBlank()) {
            throw new IllegalArgumentException("jsonrpc: needs a method, e.g. jsonrpc:Filecoin.Version");
        }
        this.method = method;
    }

    @Override
    public JsonRpcComponent getComponent() {
        return (JsonRpcComponent) super.getComponent();
    }

    @Override
    public Consumer createConsumer(Processor route) throws Exception {
        JsonRpcConsumer consumer = new JsonRpcConsumer(this, route, Permission.ofName(permission));
        configureConsumer(consumer);
        return consumer;
    }

    @Override
    public Producer createProducer() {
        if (url == null) {
            throw new IllegalArgumentException(getEndpointUri() + " needs the option url to call");
        }
        return new JsonRpcProducer(this, getComponent().client(url, token));
    }

    public String getMethod() {
        return method;
    }

    public String getPermission() {
        return permission;
    }

    /** Refuses a right that does not exist when the route is built. */
    public void setPermission(String permission) {
        this.permission = Permission.ofName(permission).wireName();
    }

    public int getParams() {
        return params;
    }

    public void setParams(int params) {
        this.params = params;
    }

    public @Nullable String getUrl() {
        return url;
    }

    public void setUrl(String url) {
        this.url = url;
    }

    public @Nullable String getToken() {
        return token;
    }

    public void setToken(String token) {
        this.token = token;
    }

    public Duration getTimeout() {
        return timeout;
    }

    public void setTimeout(Duration timeout) {
        this.timeout = timeout;
    }
}
