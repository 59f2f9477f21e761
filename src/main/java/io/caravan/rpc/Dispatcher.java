package io.caravan.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one request object: finds its method, checks right and number of parameters, calls the handler, turns whatever
 * happens into an answer. Knows no transport.
 */
final class Dispatcher {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
    private static final String PREFIX = "Filecoin.";

    private final MethodTable methods;
    private final ObjectMapper mapper;

    Dispatcher(MethodTable methods, ObjectMapper mapper) {
        this.methods = methods;
        this.mapper = mapper;
    }

    ObjectMapper mapper() {
        return mapper;
    }

    /** Runs the call on this thread; the future is done unless the method answers later. Never fails. */
    CompletableFuture<Answer> call(Envelope envelope, CallScope scope) {
        long began = System.nanoTime();
        return answered(envelope, scope).whenComplete((answer, failure) ->
                methods.answered(envelope.method(), System.nanoTime() - began, failure != null || answer.error() != null));
    }

    private CompletableFuture<Answer> answered(Envelope envelope, CallScope scope) {
        Object result;
        try {
            result = run(envelope, scope);
        } catch (Throwable e) {
            return CompletableFuture.completedFuture(Answer.of(envelope.id(), translated(envelope.method(), e)));
        }
        if (!(result instanceof CompletionStage<?> later)) {
            return CompletableFuture.completedFuture(Answer.of(envelope.id(), result));
        }
        return later.<Answer>handle((value, failure) -> failure == null
                ? Answer.of(envelope.id(), value)
                : Answer.of(envelope.id(), translated(envelope.method(), failure))).toCompletableFuture();
    }

    private @Nullable Object run(Envelope envelope, CallScope scope) throws Exception {
        String name = envelope.method();
        Optional<RpcMethod> found = methods.find(name, scope.apiVersion());
        RpcMethod method = found.orElseThrow(() ->
                new RpcException(RpcError.METHOD_NOT_FOUND, "method '" + shortened(name) + "' not found"));
        if (!scope.permissions().contains(method.permission())) {
            throw new RpcException("missing permission to invoke '" + withoutPrefix(name) + "' (need '"
                    + method.permission().wireName() + "')");
        }
        int count = envelope.params().size();
        if (method.paramCount() != RpcMethod.ANY_COUNT && method.paramCount() != count) {
            throw new RpcException(RpcError.INVALID_PARAMS,
                    "wrong param count (method '" + name + "'): " + count + " != " + method.paramCount());
        }
        return method.handler().handle(new Params(name, envelope.params()), scope);
    }

    private RpcException translated(String method, Throwable thrown) {
        Throwable failure = thrown;
        while ((failure instanceof CompletionException || failure instanceof ExecutionException)
                && failure.getCause() != null) {
            failure = failure.getCause();
        }
        if (failure instanceof RpcTransportException unreached) {
            // The code is for our own eyes: to our caller it is an ordinary error.
            return new RpcException(RpcError.APPLICATION.code(), String.valueOf(unreached.getMessage()), null,
                    unreached);
        }
        if (failure instanceof RpcException known) {
            return known;
        }
        if (failure instanceof CancellationException) {
            return new RpcException("context canceled");
        }
        RpcException meant = methods.translate(failure);
        if (meant != null) {
            return meant;
        }
        if (failure instanceof IllegalArgumentException) {
            return new RpcException(String.valueOf(failure.getMessage()));
        }
        LOG.error("{} failed by a fault of ours", method, failure);
        return new RpcException(RpcError.PANIC, "fatal error calling '" + method + "': panic in rpc method '" + method
                + "': " + failure.getClass().getSimpleName());
    }

    static RpcException busy() {
        return new RpcException("the node is busy: too many calls are waiting, try again");
    }

    static RpcException tooMany(int seconds) {
        return new RpcException("too many calls: wait " + seconds + " s");
    }

    /** Reads bytes into a tree, or says in go-jsonrpc's words why not. */
    JsonNode parse(byte[] body) {
        try {
            JsonNode tree = mapper.readTree(body);
            if (tree == null || tree.isMissingNode()) {
                throw new RpcException(RpcError.INVALID_REQUEST, "Invalid request");
            }
            return tree;
        } catch (java.io.IOException e) {
            throw new RpcException(RpcError.PARSE.code(), "unmarshaling request: " + firstLine(e), null, e);
        }
    }

    private static String firstLine(java.io.IOException e) {
        String message = e instanceof com.fasterxml.jackson.core.JsonProcessingException json
                ? json.getOriginalMessage() : e.getMessage();
        return shortened(String.valueOf(message).lines().findFirst().orElse("not JSON"), 200);
    }

    private static String withoutPrefix(String name) {
        return name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name;
    }

    private static String shortened(String name) {
        return shortened(name, 100);
    }

    private static String shortened(String text, int length) {
        return text.length() <= length ? text : text.substring(0, length) + "…";
    }
}
