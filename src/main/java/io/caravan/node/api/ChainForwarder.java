package io.caravan.node.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.rpc.CallContext;
import io.caravan.rpc.ChannelListener;
import io.caravan.rpc.MethodTable;
import io.caravan.rpc.OutChannel;
import io.caravan.rpc.Params;
import io.caravan.rpc.RpcClient;
import io.caravan.rpc.RpcMethod;
import io.caravan.rpc.RpcSubscription;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Hands every method of a full node that the daemon does not have itself to the chain node, channels included
 * (architecture D8). The caller's right is checked here: the chain node only sees our own token.
 */
public final class ChainForwarder implements MethodTable.Fallback {
    private final RpcClient v0;
    private final RpcClient v1;

    /**
     * @param v0 the chain node's {@code /rpc/v0}
     * @param v1 its {@code /rpc/v1}
     */
    public ChainForwarder(RpcClient v0, RpcClient v1) {
        this.v0 = v0;
        this.v1 = v1;
    }

    @Override
    public Optional<RpcMethod> find(String name, int apiVersion) {
        RpcClient client = apiVersion == 0 ? v0 : v1;
        return ForwardedMethods.permission(name).map(permission -> RpcMethod.of(permission, RpcMethod.ANY_COUNT,
                ForwardedMethods.isChannel(name)
                        ? (params, context) -> relay(client, name, params, context)
                        : (params, context) -> forward(client, name, params, context)));
    }

    private static CompletableFuture<JsonNode> forward(RpcClient client, String name, Params params,
            CallContext context) {
        CompletableFuture<JsonNode> answer = client.callAsync(ForwardedMethods.timeout(name), name, params.nodes());
        context.onCancel(() -> answer.cancel(true));
        return answer;
    }

    private static OutChannel relay(RpcClient client, String name, Params params, CallContext context) {
        OutChannel channel = context.openChannel();
        RpcSubscription subscription = client.subscribe(name, params.nodes(), new ChannelListener() {
            @Override
            public void onValue(JsonNode value) {
                channel.send(value);
            }

            @Override
            public void onClosed(String reason) {
                channel.close();
            }
        });
        channel.onClose(subscription::close);
        return channel;
    }
}
