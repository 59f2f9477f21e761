package io.caravan.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Calls the methods of a table in the same process as their server would, with every right and without a network. */
public final class LocalCalls {

    private static final int MAX_DEPTH = 64;
    private static final int MAX_CHARS = 64 << 20;
    private static final long MAX_TOKENS = 10_000_000;

    private final ObjectMapper mapper = RpcJson.bounded(MAX_DEPTH, MAX_CHARS, MAX_TOKENS);
    private final Dispatcher dispatcher;

    public LocalCalls(MethodTable methods) {
        this.dispatcher = new Dispatcher(methods, mapper);
    }

    /**
     * Calls and waits for the answer.
     *
     * @param method the full name, e.g. {@code Filecoin.ChainHead}
     * @throws RpcException if the method answered with an error
     */
    public JsonNode call(String method, @Nullable Object... params) {
        List<JsonNode> nodes = new ArrayList<>();
        Arrays.asList(params).forEach(param -> nodes.add(mapper.valueToTree(param)));
        CallScope scope = new CallScope(Caller.itself(), 1, method, null);
        CompletableFuture<Answer> answering = dispatcher.call(new Envelope(null, method, nodes), scope);
        Answer answer = answering.join(); // never fails
        if (answer.error() != null) {
            throw answer.error();
        }
        return mapper.valueToTree(answer.result());
    }
}
