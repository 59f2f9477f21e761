package io.caravan.rpc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Calls methods of one JSON-RPC endpoint: single calls by HTTP POST, channels by WebSocket. Safe for use by many
 * threads; every call has a deadline and a bound on the answer. Calls are never repeated here: the caller knows
 * whether that is safe.
 */
public final class RpcClient implements AutoCloseable {
    private static final int MAX_DEPTH = 512;
    private static final long MAX_ANSWER_TOKENS = 20_000_000;

    private final URI endpoint;
    private final @Nullable String token;
    private final Limits limits;
    private final Supplier<Duration> callTimeout;
    private final HttpClient http;
    private final ObjectMapper mapper;
    private final AtomicLong nextId = new AtomicLong(1);
    private final Set<RpcSubscription> subscriptions = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

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
        this(endpoint, token, limits, limits::callTimeout, null);
    }

    /** As above, how long a call may take asked at each call. */
    public RpcClient(URI endpoint, @Nullable String token, Limits limits, Supplier<Duration> callTimeout) {
        this(endpoint, token, limits, callTimeout, null);
    }

    /** The node of that home folder; by TLS it has to show the certificate that lies there. */
    public RpcClient(ApiInfo info) {
        this(info.endpoint(), info.token(), Limits.standard(), Limits.standard()::callTimeout, info.certificate());
    }

    private RpcClient(URI endpoint, @Nullable String token, Limits limits, Supplier<Duration> callTimeout, @Nullable Path certificate) {
        this.endpoint = withScheme(endpoint, "http", "https");
        this.token = token;
        this.limits = limits;
        this.callTimeout = callTimeout;
        // No redirects are followed: the token goes to this endpoint and nowhere else.
        HttpClient.Builder client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(limits.connectTimeout());
        if (certificate != null) {
            client.sslContext(PinnedTrust.to(certificate));
        }
        http = client.build();
        mapper = RpcJson.bounded(MAX_DEPTH, limits.maxResponseBytes(), MAX_ANSWER_TOKENS);
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
        return call(callTimeout.get(), method, params);
    }

    /** As {@link #call(String, Object...)} with its own deadline, for calls that block at the far side. */
    public JsonNode call(Duration timeout, String method, @Nullable Object... params) {
        // A single null handed to a variable-length parameter arrives as no array at all.
        Object[] list = params == null ? new Object[] {null} : params;
        CompletableFuture<JsonNode> answer = callAsync(timeout, method, Arrays.asList(list));
        try {
            return answer.get();
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new RpcTransportException(where(method) + " was interrupted", e);
        } catch (ExecutionException e) {
            throw rpcException(method, e.getCause());
        }
    }

    /**
     * As {@link #call(Duration, String, Object...)} without a waiting thread; the future fails with
     * {@link RpcException}, and cancelling it ends the call.
     */
    public CompletableFuture<JsonNode> callAsync(Duration timeout, String method,
            List<? extends @Nullable Object> params) {
        HttpRequest.Builder request = HttpRequest.newBuilder(endpoint)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(request(nextId.getAndIncrement(), method, params)));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        CompletableFuture<HttpResponse<byte[]>> sent =
                http.sendAsync(request.build(), head -> new BoundedBodySubscriber(limits.maxResponseBytes()));
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        // The deadline stands on a copy: once it has passed, the exchange itself is still there to be cancelled.
        sent.copy().orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS).whenComplete((response, failure) -> {
            try {
                if (failure instanceof TimeoutException) {
                    answer.completeExceptionally(new RpcTransportException(
                            where(method) + " did not answer within " + timeout.toMillis() + " ms", failure));
                } else if (failure != null) {
                    answer.completeExceptionally(rpcException(method, failure));
                } else {
                    answer.complete(result(method, response));
                }
            } catch (RuntimeException e) {
                answer.completeExceptionally(rpcException(method, e));
            }
        });
        answer.whenComplete((value, failure) -> {
            if (failure != null) {
                sent.cancel(true);
            }
        });
        return answer;
    }

    /**
     * Opens a WebSocket of its own, calls a method that answers with a channel, and hands its values on.
     *
     * @throws RpcException if the far side refused the call
     * @throws RpcTransportException if there was no answer in time
     */
    public RpcSubscription subscribe(String method, List<? extends @Nullable Object> params, ChannelListener listener) {
        if (closed) {
            throw new RpcTransportException(where(method) + " was not called: the client is closed", null, false);
        }
        SocketClient socket = new SocketClient(where(method), mapper,
                new Limits(limits.connectTimeout(), callTimeout.get(), limits.maxResponseBytes()), listener, subscriptions::remove);
        subscriptions.add(socket);
        try {
            socket.open(http, withScheme(endpoint, "ws", "wss"), token, request(1, method, params));
        } catch (RuntimeException e) {
            subscriptions.remove(socket);
            throw e;
        }
        if (closed) {
            socket.close();
        }
        return socket;
    }

    /** Ends all subscriptions; later subscriptions fail. */
    @Override
    public void close() {
        closed = true;
        List.copyOf(subscriptions).forEach(RpcSubscription::close);
    }

    private byte[] request(long id, String method, List<? extends @Nullable Object> params) {
        ObjectNode request = mapper.createObjectNode();
        request.put("jsonrpc", "2.0").put("id", id).put("method", method);
        ArrayNode list = request.putArray("params");
        params.forEach(param -> list.add(mapper.<JsonNode>valueToTree(param)));
        try {
            return mapper.writeValueAsBytes(request);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the parameters of " + method + " cannot be written as JSON", e);
        }
    }

    private JsonNode result(String method, HttpResponse<byte[]> response) {
        int status = response.statusCode();
        if (status == 401) {
            throw new RpcTransportException(where(method) + " refused the token", null, false);
        }
        JsonNode answer = null;
        try {
            answer = mapper.readTree(response.body());
        } catch (java.io.IOException e) {
            // said below, with the status
        }
        if (answer == null || !answer.isObject() || !(answer.has("result") || answer.has("error")
                || answer.has("id"))) {
            throw new RpcTransportException(where(method) + " answered HTTP " + status + " without JSON-RPC", null,
                    status >= 500);
        }
        if (status == 429) {
            throw new RpcTransportException(where(method) + " was called too often", null);
        }
        if (status == 503) {
            throw new RpcTransportException(where(method) + " is busy", null);
        }
        return resultOf(answer);
    }

    /** The result of an answer object, or its error thrown. */
    static JsonNode resultOf(JsonNode answer) {
        JsonNode error = answer.path("error");
        if (error.isObject()) {
            throw new RpcException(error.path("code").asInt(RpcError.APPLICATION.code()),
                    error.path("message").asText("no message"), error.get("data"), null);
        }
        JsonNode result = answer.path("result");
        return result.isMissingNode() ? NullNode.getInstance() : result;
    }

    private RpcException rpcException(String method, Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof RpcException known) {
            return known;
        }
        return new RpcTransportException(where(method) + " was not reached: " + reason(cause), cause);
    }

    /** Java's client gives no message for the most common failure. */
    static String reason(Throwable failure) {
        if (failure instanceof ConnectException && failure.getMessage() == null) {
            return "connection refused";
        }
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }

    private String where(String method) {
        return method + " at " + endpoint.getScheme() + "://" + endpoint.getHost()
                + (endpoint.getPort() < 0 ? "" : ":" + endpoint.getPort());
    }

    private static URI withScheme(URI uri, String plain, String secure) {
        String scheme = String.valueOf(uri.getScheme());
        String wanted = switch (scheme) {
            case "http", "ws" -> plain;
            case "https", "wss" -> secure;
            default -> throw new IllegalArgumentException("a JSON-RPC endpoint starts with http, https, ws or wss: "
                    + uri);
        };
        return URI.create(wanted + uri.toString().substring(scheme.length()));
    }
}
