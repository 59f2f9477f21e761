package io.caravan.camel;

import io.caravan.model.RetryableException;
import io.caravan.rpc.RpcCall;
import io.caravan.rpc.RpcClient;
import io.caravan.rpc.RpcException;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultProducer;

/**
 * Calls a method: the body is its parameters (a list, an array, one value, an {@link RpcCall}), then its result as
 * JSON.
 */
final class JsonRpcProducer extends DefaultProducer {
    private final JsonRpcEndpoint endpoint;
    private final RpcClient client;

    JsonRpcProducer(JsonRpcEndpoint endpoint, RpcClient client) {
        super(endpoint);
        this.endpoint = endpoint;
        this.client = client;
    }

    @Override
    public void process(Exchange exchange) {
        Object[] params = params(exchange.getMessage().getBody());
        try {
            exchange.getMessage().setBody(
                    client.call(endpoint.getTimeout(), endpoint.getMethod(), params));
        } catch (RpcException e) {
            if (e.isRetryable()) {
                throw new RetryableException(e.getMessage(), e, null);
            }
            throw e;
        }
    }

    private static Object[] params(Object body) {
        if (body == null) {
            return new Object[0];
        }
        if (body instanceof RpcCall call) {
            return call.params().nodes().toArray();
        }
        if (body instanceof List<?> list) {
            return list.toArray();
        }
        return body instanceof Object[] array ? array : new Object[] {body};
    }
}
