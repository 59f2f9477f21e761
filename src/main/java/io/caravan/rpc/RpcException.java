package io.caravan.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * An error as it stands in a JSON-RPC answer: thrown by a handler to answer with it, thrown by {@link RpcClient} when
 * the far side answered with it. Codes move between Lotus versions: match on the message where it matters.
 */
public class RpcException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int code;
    private final transient @Nullable JsonNode data;

    /** An ordinary error (code 1) with one sentence. */
    public RpcException(String message) {
        this(RpcError.APPLICATION.code(), message);
    }

    public RpcException(int code, String message) {
        this(code, message, null, null);
    }

    public RpcException(RpcError error, String message) {
        this(error.code(), message);
    }

    public RpcException(int code, String message, @Nullable JsonNode data, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
        this.data = data;
    }

    /** The code of the error object. */
    public int code() {
        return code;
    }

    /** The data member of the error object, where the far side sent one. */
    public @Nullable JsonNode data() {
        return data;
    }

    /** Whether the same call may succeed later with nothing changed: the far side was not reached or was busy. */
    public boolean isRetryable() {
        return false;
    }
}
