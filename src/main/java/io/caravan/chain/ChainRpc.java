package io.caravan.chain;

import com.fasterxml.jackson.databind.JsonNode;

/** One call to the chain node: method without its {@code Filecoin.} prefix, result as JSON (null node for none). */
@FunctionalInterface
public interface ChainRpc {

    /**
     * @throws ChainRefusedException the node answered with an error
     * @throws io.caravan.model.RetryableException the node did not answer
     */
    JsonNode call(String method, Object... params);
}
