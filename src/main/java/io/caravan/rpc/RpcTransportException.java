package io.caravan.rpc;

import org.jspecify.annotations.Nullable;

/**
 * The far side was not reached, did not answer in time, or did not answer with JSON-RPC. Whether it acted on the call
 * is unknown: repeat only what can be repeated.
 */
public final class RpcTransportException extends RpcException {
    private static final long serialVersionUID = 1L;

    private final boolean retryable;

    public RpcTransportException(String message, @Nullable Throwable cause) {
        this(message, cause, true);
    }

    RpcTransportException(String message, @Nullable Throwable cause, boolean retryable) {
        super(RpcError.CONNECTION.code(), message, null, cause);
        this.retryable = retryable;
    }

    /** False where trying again cannot help: the token was refused, or what answers speaks no JSON-RPC. */
    @Override
    public boolean isRetryable() {
        return retryable;
    }
}
