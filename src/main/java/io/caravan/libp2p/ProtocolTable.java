package io.caravan.libp2p;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The protocols that we serve, each with its bounds. */
final class ProtocolTable {

    /** Takes over a stream that agreed on the protocol, on the Netty thread; null if it was reset. */
    interface Acceptor {
        @Nullable Receiver open(YamuxStream stream, PeerConnection connection, String protocol);
    }

    private record Entry(Acceptor acceptor, Bound inflight, KeyedBound<PeerId> perPeer) {}

    private static final Logger LOG = LoggerFactory.getLogger(ProtocolTable.class);

    private final Map<String, Entry> entries = new ConcurrentSkipListMap<>();
    private final ProtocolCounters counters = new ProtocolCounters();
    private final Executor workers;
    private final Deadlines deadlines;

    ProtocolTable(Executor workers, Deadlines deadlines) {
        this.workers = workers;
        this.deadlines = deadlines;
    }

    void put(String protocol, HandlerOptions options, Acceptor acceptor) {
        entries.put(protocol,
                new Entry(acceptor, new Bound(options.maxInflight()), new KeyedBound<>(options.maxPerPeer())));
    }

    void serve(String protocol, HandlerOptions options, StreamHandler handler) {
        Executor executor = options.executor() != null ? options.executor() : workers;
        put(protocol, options, (stream, connection, agreed) ->
                serve(handler, executor, new BlockingStream(stream, connection, agreed,
                deadlines.streamIdle(), counters.of(agreed))));
    }

    ProtocolCounters counters() {
        return counters;
    }

    boolean remove(String protocol) {
        return entries.remove(protocol) != null;
    }

    boolean serves(String protocol) {
        return entries.containsKey(protocol);
    }

    List<String> protocols() {
        return List.copyOf(entries.keySet());
    }

    /** Hands an agreed stream to its handler, or refuses it because a bound of the protocol is reached. */
    @Nullable Receiver open(YamuxStream stream, PeerConnection connection, String protocol) {
        Entry entry = entries.get(protocol);
        Lease inflight = entry == null ? null : entry.inflight.take();
        Lease perPeer = inflight == null ? null : entry.perPeer.take(connection.remotePeer());
        if (inflight == null || perPeer == null) {
            if (inflight != null) {
                inflight.close();
            }
            connection.refused();
            stream.reset(YamuxFrame.RESOURCE_LIMIT);
            return null;
        }
        stream.alsoLease(Lease.all(inflight, perPeer));
        return entry.acceptor.open(stream, connection, protocol);
    }

    private @Nullable Receiver serve(StreamHandler handler, Executor executor, BlockingStream stream) {
        try {
            executor.execute(() -> run(handler, stream));
            return stream;
        } catch (RejectedExecutionException e) {
            stream.reset(YamuxFrame.RESOURCE_LIMIT);
            return null;
        }
    }

    private static void run(StreamHandler handler, BlockingStream stream) {
        try {
            handler.handle(stream);
            stream.close();
        } catch (Exception e) {
            LOG.debug("{} ends with {}", stream, e.toString());
            stream.reset();
        } catch (Error e) {
            stream.reset(YamuxFrame.RESOURCE_LIMIT);
            throw e;
        }
    }
}
