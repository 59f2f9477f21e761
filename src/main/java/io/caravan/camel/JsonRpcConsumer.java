package io.caravan.camel;

import io.caravan.rpc.CallContext;
import io.caravan.rpc.MethodTable;
import io.caravan.rpc.Params;
import io.caravan.rpc.Permission;
import io.caravan.rpc.RpcCall;
import io.caravan.rpc.RpcMethod;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.support.DefaultConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Answers one method by a route: body in is the {@link RpcCall}, body out the result. The method is in the table
 * exactly while the route runs.
 */
final class JsonRpcConsumer extends DefaultConsumer implements Retirable {
    private final JsonRpcEndpoint endpoint;
    private final Permission permission;
    private MethodTable.@Nullable Registration registration;

    JsonRpcConsumer(JsonRpcEndpoint endpoint, Processor route, Permission permission) {
        super(endpoint, route);
        this.endpoint = endpoint;
        this.permission = permission;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        register();
    }

    @Override
    protected void doStop() throws Exception {
        unregister();
        super.doStop();
    }

    @Override
    protected void doSuspend() throws Exception {
        unregister();
        super.doSuspend();
    }

    @Override
    protected void doResume() throws Exception {
        super.doResume();
        register();
    }

    @Override
    public void retire() {
        unregister();
    }

    @Override
    public void takeUp() {
        if (registration != null) {
            unregister();
            register();
        }
    }

    private void register() {
        if (registration == null) {
            registration = endpoint.getComponent().serve(endpoint.getMethod(), getRouteId(),
                    new RpcMethod(permission, endpoint.getParams(), this::answer));
        }
    }

    private void unregister() {
        if (registration != null) {
            registration.close();
            registration = null;
        }
    }

    private @Nullable Object answer(Params params, CallContext context) throws Exception {
        RpcCall call = new RpcCall(endpoint.getMethod(), params, context);
        Exchange exchange = createExchange(false);
        exchange.getMessage().setBody(call);
        try {
            getProcessor().process(exchange);
            Exception failure = exchange.getException();
            if (failure != null) {
                throw RpcErrors.translated(failure);
            }
            Object result = exchange.getMessage().getBody();
            return result == call ? null : result; // a route that left the body alone is a void method
        } finally {
            releaseExchange(exchange, false);
        }
    }
}
