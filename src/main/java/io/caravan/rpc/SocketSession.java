package io.caravan.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One WebSocket of a caller: calls in flight, answered as they finish, and open channels (spec: chain-and-rpc §1.4).
 * Messages come in one at a time; everything else may happen on any thread.
 */
final class SocketSession {
    private static final String CANCEL = "xrpc.cancel";

    private final Dispatcher dispatcher;
    private final Executor workers;
    private final SocketWire wire;
    private final Caller caller;
    private final int apiVersion;
    private final int maxInFlight;
    private final CallRates rates;

    /** Calls that are not answered yet and channels that are open, by the id of their request. */
    private final Map<JsonNode, CallScope> inFlight = new ConcurrentHashMap<>();
    private final Map<Long, SocketChannel> channels = new ConcurrentHashMap<>();
    private final AtomicLong nextChannel = new AtomicLong(1);
    private volatile boolean closed;

    SocketSession(Dispatcher dispatcher, Executor workers, SocketWire wire, Caller caller, int apiVersion,
            int maxInFlight, CallRates rates) {
        this.dispatcher = dispatcher;
        this.workers = workers;
        this.wire = wire;
        this.caller = caller;
        this.apiVersion = apiVersion;
        this.maxInFlight = maxInFlight;
        this.rates = rates;
    }

    /** One whole text message. */
    void onMessage(byte[] text) {
        JsonNode request;
        try {
            request = dispatcher.parse(text);
        } catch (RpcException e) {
            send(Answer.of(null, e));
            return;
        }
        if (request.isObject() && !request.has("method") && (request.has("result") || request.has("error"))) {
            return; // an answer to nothing we asked
        }
        try {
            Envelope envelope = Envelope.read(request);
            if (CANCEL.equals(envelope.method())) {
                cancel(envelope);
            } else {
                start(envelope);
            }
        } catch (RpcException e) {
            send(Answer.of(Envelope.idOf(request), e));
        }
    }

    /** The far side reads again: channels send what they kept. */
    void onWritable() {
        channels.values().forEach(SocketChannel::flush);
    }

    /** The socket is gone: everything in flight is cancelled. */
    void onClosed() {
        closed = true;
        inFlight.values().forEach(CallScope::cancel);
        inFlight.clear();
        channels.values().forEach(SocketChannel::close);
    }

    /** How many calls and channels are open. */
    int inFlight() {
        return inFlight.size();
    }

    private void cancel(Envelope envelope) {
        for (JsonNode id : envelope.params()) {
            CallScope scope = inFlight.get(id);
            if (scope != null) {
                scope.cancel();
            }
        }
    }

    private void start(Envelope envelope) {
        JsonNode id = envelope.id();
        int wait = rates.take(caller, 1);
        if (wait > 0) {
            throw Dispatcher.tooMany(wait);
        }
        CallScope scope = new CallScope(caller, apiVersion, envelope.method(),
                id == null ? null : () -> open(id));
        if (id != null) {
            if (inFlight.size() >= maxInFlight) {
                throw new RpcException("more than " + maxInFlight + " calls are open on this connection");
            }
            if (inFlight.putIfAbsent(id, scope) != null) {
                throw new RpcException(RpcError.INVALID_REQUEST, "a call with this id is open on this connection");
            }
        }
        try {
            workers.execute(() -> dispatcher.call(envelope, scope).thenAccept(answer -> finish(answer, id, scope)));
        } catch (RejectedExecutionException e) {
            finish(Answer.of(id, Dispatcher.busy()), id, scope);
        }
        if (closed) {
            scope.cancel();
        }
    }

    private void finish(Answer answer, @Nullable JsonNode id, CallScope scope) {
        OutChannel opened = scope.opened();
        if (opened instanceof SocketChannel channel && answer.result() == channel) {
            send(Answer.of(id, channel.number()));
            channel.activate();
            return; // stays in flight until the channel ends
        }
        if (id != null) {
            inFlight.remove(id, scope);
            send(answer.result() instanceof OutChannel
                    ? Answer.of(id, new RpcException(RpcError.PANIC,
                            "the method answered with a channel of another call"))
                    : answer);
        }
        if (opened != null) {
            opened.close();
        }
    }

    private SocketChannel open(JsonNode requestId) {
        long number = nextChannel.getAndIncrement();
        SocketChannel channel = new SocketChannel(number, wire, dispatcher.mapper());
        channels.put(number, channel);
        channel.onClose(() -> {
            channels.remove(number);
            inFlight.remove(requestId);
        });
        return channel;
    }

    private void send(Answer answer) {
        if (!closed) {
            wire.send(answer.toJson(dispatcher.mapper()));
        }
    }
}
