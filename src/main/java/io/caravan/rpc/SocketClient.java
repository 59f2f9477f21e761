package io.caravan.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One subscription on its own WebSocket: asks once, hands on the values of the channel, watches that the peer lives.
 */
final class SocketClient implements RpcSubscription, WebSocket.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(SocketClient.class);
    /** The far side pings every 5 s. */
    private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final int WATCH_SECONDS = 1;

    private final String where;
    private final ObjectMapper mapper;
    private final RpcClient.Limits limits;
    private final ChannelListener listener;
    private final Consumer<RpcSubscription> onEnd;
    private final CompletableFuture<Long> channel = new CompletableFuture<>();
    private final AtomicBoolean ended = new AtomicBoolean();
    private final StringBuilder message = new StringBuilder();
    private volatile long lastHeardNanos = System.nanoTime();
    private volatile @Nullable WebSocket socket;

    SocketClient(String where, ObjectMapper mapper, RpcClient.Limits limits, ChannelListener listener,
            Consumer<RpcSubscription> onEnd) {
        this.where = where;
        this.mapper = mapper;
        this.limits = limits;
        this.listener = listener;
        this.onEnd = onEnd;
    }

    /** Connects and asks; returns when the channel is open. */
    void open(HttpClient http, URI endpoint, @Nullable String token, byte[] request) {
        WebSocket.Builder builder = http.newWebSocketBuilder().connectTimeout(limits.connectTimeout());
        if (token != null) {
            builder.header("Authorization", "Bearer " + token);
        }
        try {
            WebSocket open = builder.buildAsync(endpoint, this)
                    .get(limits.callTimeout().toMillis(), TimeUnit.MILLISECONDS);
            open.sendText(new String(request, StandardCharsets.UTF_8), true);
            channel.get(limits.callTimeout().toMillis(), TimeUnit.MILLISECONDS);
            watch();
        } catch (InterruptedException e) {
            abandon();
            Thread.currentThread().interrupt();
            throw new RpcTransportException(where + " was interrupted", e);
        } catch (TimeoutException e) {
            abandon();
            throw new RpcTransportException(where + " did not open its channel in time", e);
        } catch (ExecutionException e) {
            abandon();
            throw refusal(e.getCause());
        }
    }

    private RpcException refusal(Throwable cause) {
        if (cause instanceof RpcException known) {
            return known;
        }
        if (cause instanceof WebSocketHandshakeException handshake) {
            int status = handshake.getResponse().statusCode();
            return new RpcTransportException(where + (status == 401 ? " refused the token"
                    : " answered HTTP " + status + " to a WebSocket"), cause, status >= 500);
        }
        return new RpcTransportException(where + " was not reached: " + RpcClient.reason(cause), cause);
    }

    @Override
    public void onOpen(WebSocket opened) {
        socket = opened;
        if (ended.get()) {
            opened.abort(); // nobody waits for it any more
        }
        opened.request(1);
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
        lastHeardNanos = System.nanoTime();
        if (message.length() + part.length() > limits.maxResponseBytes()) {
            end("a message is longer than " + limits.maxResponseBytes() + " characters");
            return CompletableFuture.completedFuture(null);
        }
        message.append(part);
        if (last) {
            String text = message.toString();
            message.setLength(0);
            take(text);
        }
        from.request(1);
        return CompletableFuture.completedFuture(null);
    }

    private void take(String text) {
        JsonNode frame;
        try {
            frame = mapper.readTree(text);
        } catch (IOException e) {
            end("a message is not JSON");
            return;
        }
        JsonNode params = frame.path("params");
        switch (frame.path("method").asText("")) {
            case "xrpc.ch.val" -> {
                if (isOurs(params) && !ended.get()) {
                    heard(params.path(1));
                }
            }
            case "xrpc.ch.close" -> {
                if (isOurs(params)) {
                    end("the far side closed the channel");
                }
            }
            default -> answered(frame);
        }
    }

    private void heard(JsonNode value) {
        try {
            listener.onValue(value);
        } catch (RuntimeException e) {
            LOG.error("the listener of {} failed on a value", where, e);
        }
    }

    private void answered(JsonNode frame) {
        try {
            JsonNode number = RpcClient.resultOf(frame);
            if (number.isIntegralNumber()) {
                channel.complete(number.longValue());
            } else {
                channel.completeExceptionally(new RpcTransportException(where + " answered without a channel", null,
                        false));
            }
        } catch (RpcException e) {
            channel.completeExceptionally(e);
        }
    }

    private boolean isOurs(JsonNode params) {
        return channel.isDone() && !channel.isCompletedExceptionally()
                && params.path(0).asLong(-1) == channel.getNow(-2L);
    }

    @Override
    public @Nullable CompletionStage<?> onPing(WebSocket from, ByteBuffer content) {
        lastHeardNanos = System.nanoTime(); // the pong goes out by itself
        from.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onPong(WebSocket from, ByteBuffer content) {
        lastHeardNanos = System.nanoTime();
        from.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int status, String reason) {
        end("the far side ended the connection");
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable failure) {
        end("the connection was lost: " + failure.getMessage());
    }

    private void watch() {
        Executor later = CompletableFuture.delayedExecutor(WATCH_SECONDS, TimeUnit.SECONDS);
        later.execute(() -> {
            if (ended.get()) {
                return;
            }
            if (System.nanoTime() - lastHeardNanos > SILENCE_NANOS) {
                end("nothing was heard for 30 s");
            } else {
                knock();
                watch();
            }
        });
    }

    /**
     * The JDK's client at times does not see that the far side closed the connection, and then reads nothing more; what is sent on
     * such a one fails, at the latest the second time.
     */
    private void knock() {
        WebSocket open = socket;
        if (open == null) {
            return;
        }
        open.sendPing(ByteBuffer.allocate(0)).whenComplete((sent, failure) -> {
            if (failure instanceof IOException) { // anything else says that the ping before is still on its way
                end("the connection was lost: " + failure.getMessage());
            }
        });
    }

    @Override
    public boolean isOpen() {
        return !ended.get();
    }

    @Override
    public void close() {
        WebSocket open = socket;
        if (open != null && !ended.get()) {
            open.sendText("{\"jsonrpc\":\"2.0\",\"method\":\"xrpc.cancel\",\"params\":[1]}", true);
        }
        end("cancelled");
    }

    /** Ends without telling the listener, who never had the subscription. */
    private void abandon() {
        if (ended.compareAndSet(false, true)) {
            drop();
        }
    }

    private void end(String reason) {
        if (!ended.compareAndSet(false, true)) {
            return;
        }
        boolean wasOpen = channel.isDone() && !channel.isCompletedExceptionally();
        channel.completeExceptionally(new RpcTransportException(where + ": " + reason, null));
        drop();
        if (wasOpen) {
            listener.onClosed(reason);
        }
    }

    private void drop() {
        onEnd.accept(this);
        WebSocket open = socket;
        if (open != null) {
            open.abort();
        }
    }
}
