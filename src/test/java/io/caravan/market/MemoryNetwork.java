package io.caravan.market;

import io.caravan.libp2p.Connection;
import io.caravan.libp2p.ConnectionListener;
import io.caravan.libp2p.HandlerOptions;
import io.caravan.libp2p.Host;
import io.caravan.libp2p.HostStats;
import io.caravan.libp2p.Multiaddr;
import io.caravan.libp2p.PeerId;
import io.caravan.libp2p.PeerStore;
import io.caravan.libp2p.PeerUnreachableException;
import io.caravan.libp2p.ProtocolUnsupportedException;
import io.caravan.libp2p.Stream;
import io.caravan.libp2p.StreamHandler;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/** Hosts joined in memory by a wire that can be cut, at once or after so many bytes, and mended. */
final class MemoryNetwork implements AutoCloseable {

    private final Map<PeerId, Node> nodes = new ConcurrentHashMap<>();
    private final Queue<MemoryStream> streams = new ConcurrentLinkedQueue<>();
    private final ExecutorService handlers = Executors.newCachedThreadPool(job -> {
        Thread thread = new Thread(job, "memory-network");
        thread.setDaemon(true);
        return thread;
    });
    private final AtomicLong carried = new AtomicLong();
    private volatile long cutAt = Long.MAX_VALUE;
    private volatile boolean isCut;

    Host host(PeerId id) {
        return nodes.computeIfAbsent(id, Node::new);
    }

    /** Breaks every stream and refuses new ones. */
    void cut() {
        isCut = true;
        streams.forEach(MemoryStream::reset);
        streams.clear();
    }

    /** Cuts once that many more bytes have been carried. */
    void cutAfter(long bytes) {
        cutAt = carried.get() + bytes;
    }

    void mend() {
        cutAt = Long.MAX_VALUE;
        isCut = false;
    }

    boolean isCut() {
        return isCut;
    }

    long carried() {
        return carried.get();
    }

    private void meter(int bytes) {
        if (carried.addAndGet(bytes) >= cutAt) {
            cutAt = Long.MAX_VALUE;
            cut();
        }
    }

    @Override
    public void close() {
        cut();
        handlers.shutdownNow();
    }

    /** A host as far as the market protocols use it. */
    private final class Node implements Host {

        private final PeerId id;
        private final Map<String, StreamHandler> served = new ConcurrentHashMap<>();

        Node(PeerId id) {
            this.id = id;
        }

        @Override
        public PeerId peerId() {
            return id;
        }

        @Override
        public Stream newStream(PeerId peer, List<Multiaddr> addresses, List<String> protocols, Duration timeout) {
            Node target = nodes.get(peer);
            if (target == null || isCut) {
                throw new PeerUnreachableException(peer, List.of());
            }
            String protocol = protocols.stream().filter(target.served::containsKey).findFirst()
                    .orElseThrow(() -> new ProtocolUnsupportedException(peer, protocols));
            MemoryPipe there = new MemoryPipe(MemoryNetwork.this::meter);
            MemoryPipe back = new MemoryPipe(MemoryNetwork.this::meter);
            MemoryStream mine = new MemoryStream(peer, protocol, false, back, there);
            MemoryStream theirs = new MemoryStream(id, protocol, true, there, back);
            streams.add(mine);
            streams.add(theirs);
            handlers.execute(() -> serve(theirs, target.served.get(protocol)));
            return mine;
        }

        private void serve(MemoryStream stream, StreamHandler handler) {
            try {
                handler.handle(stream);
                stream.close();
            } catch (Exception e) {
                stream.reset();
            }
        }

        @Override
        public Stream newStream(PeerId peer, List<Multiaddr> addresses, String... protocols) {
            return newStream(peer, addresses, List.of(protocols), Duration.ofSeconds(5));
        }

        @Override
        public void setHandler(String protocol, HandlerOptions options, StreamHandler handler) {
            served.put(protocol, handler);
        }

        @Override
        public boolean removeHandler(String protocol) {
            return served.remove(protocol) != null;
        }

        @Override
        public List<String> protocols() {
            return served.keySet().stream().sorted().toList();
        }

        @Override
        public List<Multiaddr> listenAddresses() {
            return List.of();
        }

        @Override
        public List<Multiaddr> announcedAddresses() {
            return List.of();
        }

        @Override
        public PeerStore peers() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Connection connect(PeerId peer, List<Multiaddr> addresses, Duration timeout) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<Connection> connections() {
            return List.of();
        }

        @Override
        public int disconnect(PeerId peer) {
            return 0;
        }

        @Override
        public void addListener(ConnectionListener listener) {
            // there are no connections here, only streams
        }

        @Override
        public void removeListener(ConnectionListener listener) {
            throw new UnsupportedOperationException();
        }

        @Override
        public HostStats stats() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {
            served.clear();
        }
    }
}
