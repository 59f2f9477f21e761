package io.caravan.rpc;

import java.net.InetSocketAddress;
import java.util.Map;

/**
 * One port that answers JSON-RPC at {@code /rpc/v0} and {@code /rpc/v1} over HTTP POST and WebSocket, and pages under
 * other paths. Starts in {@link #start()}, ends in {@link #close()}.
 */
public final class RpcServer implements AutoCloseable {
    private final ServerConfig config;

    /**
     * @param methods what it answers
     * @param tokens who may; checked on every HTTP request and once per WebSocket
     * @param pages plain HTTP by path prefix, the longest prefix wins, e.g. {@code /observe/}
     */
    public RpcServer(ServerConfig config, MethodTable methods, Tokens tokens, Map<String, HttpPage> pages) {
        this.config = config;
    }

    /** Binds; returns when calls are answered. */
    public void start() {
        throw new UnsupportedOperationException("not bound to " + config.host());
    }

    /** The address it is bound to, with the port the system chose where the configuration says 0. */
    public InetSocketAddress address() {
        throw new UnsupportedOperationException();
    }

    /** Stops taking calls, ends connections, waits a bounded time for calls in flight. */
    @Override
    public void close() {}
}
