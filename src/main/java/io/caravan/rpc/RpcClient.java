package io.caravan.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Calls methods of one JSON-RPC endpoint: single calls by HTTP POST, channels by WebSocket. Safe for use by many
 * threads; every call has a deadline and a bound on the answer. Calls are never repeated here: the caller knows
 * whether that is safe.
 */
public final class RpcClient implements AutoCloseable {
    private final URI endpoint;
    private final @Nullable String token;
    private final Limits limits;

    /**
     * What a call may cost.
     *
     * @param connectTimeout until a connection stands
     * @param callTimeout from sending until the whole answer is here, unless a call says otherwise
     * @param maxResponseBytes the longest answer and the longest WebSocket message taken
     */
    public record Limits(Duration connectTimeout, Duration callTimeout, int maxResponseBytes) {
        /** 5 s, 30 s, 64 MiB. */
        public static Limits standard() {
            return new Limits(Duration.ofSeconds(5), Duration.ofSeconds(30), 64 << 20);
        }
    }

    /**
     * @param endpoint e.g. {@code http://127.0.0.1:1234/rpc/v1} ({@code ws:} and {@code wss:} mean the same)
     * @param token the bearer token, null to call without one
     */
    public RpcClient(URI endpoint, @Nullable String token, Limits limits) {
        this.endpoint = endpoint;
        this.token = token;
        this.limits = limits;
    }

    public RpcClient(URI endpoint, @Nullable String token) {
        this(endpoint, token, Limits.standard());
    }

    /** Where the calls go. */
    public URI endpoint() {
        return endpoint;
    }

    /**
     * Calls and waits for the answer.
     *
     * @param method the full name, e.g. {@code Filecoin.ChainHead}
     * @param params positional; each is written by Jackson, null as null
     * @return the result, {@link NullNode} where it is null or absent
     * @throws RpcException if the far side answered with an error
     * @throws RpcTransportException if there was no answer in time
     */
    public JsonNode call(String method, @Nullable Object... params) {
        throw new UnsupportedOperationException();
    }

    /** As {@link #call(String, Object...)} with its own deadline, for calls that block at the far side. */
    public JsonNode call(Duration timeout, String method, @Nullable Object... params) {
        throw new UnsupportedOperationException();
    }

    /** As {@link #call(Duration, String, Object...)} without a waiting thread; cancelling the future ends the call. */
    public CompletableFuture<JsonNode> callAsync(Duration timeout, String method, List<? extends @Nullable Object> params) {
        throw new UnsupportedOperationException();
    }

    /**
     * Opens a WebSocket of its own, calls a method that answers with a channel, and hands its values on.
     *
     * @throws RpcException if the far side refused the call
     * @throws RpcTransportException if there was no answer in time
     */
    public RpcSubscription subscribe(String method, List<? extends @Nullable Object> params, ChannelListener listener) {
        throw new UnsupportedOperationException();
    }

    /** Ends all subscriptions; calls in flight fail. */
    @Override
    public void close() {}
}
