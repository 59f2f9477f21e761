package io.caravan.rpc;

import java.util.Set;

/** Who calls, over which path, and whether the caller is still there. */
public interface CallContext {
    /** Who calls. */
    Caller caller();

    /** What the caller may. */
    default Set<Permission> permissions() {
        return caller().permissions();
    }

    /** 0 for a call on {@code /rpc/v0}, 1 for {@code /rpc/v1}. */
    int apiVersion();

    /** Whether {@link #openChannel()} works: true over WebSocket. */
    boolean hasChannels();

    /**
     * Opens a channel to the caller; the handler returns it as its result. Values sent before the answer has gone out
     * wait for it.
     *
     * @throws RpcException (method not found) over HTTP, which has no channels
     */
    OutChannel openChannel();

    /** True once the caller cancelled the call or went away. */
    boolean isCancelled();

    /** Runs the action once when the caller cancels or goes away; at once if that has happened. Must not block. */
    void onCancel(Runnable action);
}
