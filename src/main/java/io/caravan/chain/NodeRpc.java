package io.caravan.chain;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.model.RetryableException;
import io.caravan.model.WaitsOn;
import io.caravan.rpc.RpcClient;
import io.caravan.rpc.RpcException;

/** Calls over the node's JSON-RPC client, its failures in our words. */
final class NodeRpc implements ChainRpc {

    private static final int SHOWN = 600;

    private final RpcClient client;

    NodeRpc(RpcClient client) {
        this.client = client;
    }

    @Override
    public JsonNode call(String method, Object... params) {
        try {
            return client.call("Filecoin." + method, params);
        } catch (RpcException e) {
            throw translated(method, client.endpoint().toString(), e);
        }
    }

    /** A node that is away comes back; a node that says no means it. */
    static RuntimeException translated(String method, String node, RpcException e) {
        if (e.isRetryable()) {
            return new RetryableException(WaitsOn.CHAIN,
                    "chain node " + node + " did not answer " + method + ": " + e.getMessage(), e);
        }
        String sentence = String.valueOf(e.getMessage());
        return new ChainRefusedException(method, e.code(),
                sentence.length() > SHOWN ? sentence.substring(0, SHOWN) + "…" : sentence);
    }
}
