package io.caravan.rpc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One channel of a WebSocket session. Values wait while the answer has not gone out or the far side does not read. */
final class SocketChannel implements OutChannel {
    private static final Logger LOG = LoggerFactory.getLogger(SocketChannel.class);
    private static final int MAX_WAITING = 256;
    private static final long MAX_WAITING_BYTES = 4L << 20;

    private final long number;
    private final SocketWire wire;
    private final ObjectMapper mapper;

    /** Guards everything below, and keeps values in order on the wire. */
    private final Object lock = new Object();
    private final Deque<byte[]> waiting = new ArrayDeque<>();
    private final List<Runnable> onClose = new ArrayList<>();
    private long waitingBytes;
    private boolean active;
    private boolean closed;

    SocketChannel(long number, SocketWire wire, ObjectMapper mapper) {
        this.number = number;
        this.wire = wire;
        this.mapper = mapper;
    }

    long number() {
        return number;
    }

    @Override
    public boolean send(@Nullable Object value) {
        byte[] text = message("xrpc.ch.val", value, true);
        synchronized (lock) {
            if (closed) {
                return false;
            }
            if (active && waiting.isEmpty() && wire.isWritable()) {
                wire.send(text);
                return true;
            }
            if (waiting.size() < MAX_WAITING && waitingBytes + text.length <= MAX_WAITING_BYTES) {
                waiting.add(text);
                waitingBytes += text.length;
                return true;
            }
        }
        LOG.debug("channel {} closed: its reader is too slow", number);
        end(false);
        return false;
    }

    @Override
    public void close() {
        end(true);
    }

    @Override
    public boolean isOpen() {
        synchronized (lock) {
            return !closed;
        }
    }

    @Override
    public void onClose(Runnable action) {
        synchronized (lock) {
            if (!closed) {
                onClose.add(action);
                return;
            }
        }
        action.run();
    }

    /** The answer with the channel's number is on the wire: values may follow. */
    void activate() {
        synchronized (lock) {
            active = true;
            drain();
            if (closed) {
                wire.send(message("xrpc.ch.close", null, false));
            }
        }
    }

    /** The far side reads again. */
    void flush() {
        synchronized (lock) {
            drain();
        }
    }

    private void drain() {
        while (active && !waiting.isEmpty() && (closed || wire.isWritable())) {
            byte[] text = waiting.remove();
            waitingBytes -= text.length;
            wire.send(text);
        }
    }

    private void end(boolean withRest) {
        List<Runnable> told;
        synchronized (lock) {
            if (closed) {
                return;
            }
            closed = true;
            told = List.copyOf(onClose);
            onClose.clear();
            if (!withRest) {
                waiting.clear();
            }
            if (active) {
                drain();
                wire.send(message("xrpc.ch.close", null, false));
            }
        }
        told.forEach(Runnable::run);
    }

    private byte[] message(String method, @Nullable Object value, boolean hasValue) {
        ObjectNode message = mapper.createObjectNode();
        message.put("jsonrpc", "2.0").put("method", method);
        ArrayNode params = message.putArray("params").add(number);
        try {
            if (hasValue) {
                params.add(mapper.<com.fasterxml.jackson.databind.JsonNode>valueToTree(value));
            }
            return mapper.writeValueAsBytes(message);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the value of a channel cannot be written as JSON", e);
        }
    }
}
