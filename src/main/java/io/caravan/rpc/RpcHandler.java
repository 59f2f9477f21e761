package io.caravan.rpc;

import org.jspecify.annotations.Nullable;

/** What one method does. Runs on a worker thread, never on an event loop. */
@FunctionalInterface
public interface RpcHandler {
    /**
     * Answers one call.
     *
     * @return what Jackson writes as the result; null for a void method; a {@link java.util.concurrent.CompletionStage}
     *         where the answer comes later without holding a thread; the {@link OutChannel} the call opened
     * @throws RpcException to answer with that error; an {@link IllegalArgumentException} is answered as code 1 with
     *         its message; anything else is a fault of ours, answered as code 0 and logged
     */
    @Nullable Object handle(Params params, CallContext context) throws Exception;
}
