package io.caravan.chain;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.rpc.LocalCalls;
import io.caravan.rpc.RpcException;

/** One call to the chain node: method without its {@code Filecoin.} prefix, result as JSON (null node for none). */
@FunctionalInterface
public interface ChainRpc {

    /**
     * @throws ChainRefusedException the node answered with an error
     * @throws io.caravan.model.RetryableException the node did not answer
     */
    JsonNode call(String method, Object... params);

    /** A chain in the same process. */
    static ChainRpc of(LocalCalls calls) {
        return (method, params) -> {
            try {
                return calls.call("Filecoin." + method, params);
            } catch (RpcException e) {
                throw NodeRpc.translated(method, "in this process", e);
            }
        };
    }
}
