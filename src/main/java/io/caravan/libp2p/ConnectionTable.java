package io.caravan.libp2p;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The connections that are open, by peer, and those who want to hear of them. */
final class ConnectionTable {

    private static final Logger LOG = LoggerFactory.getLogger(ConnectionTable.class);

    private final Map<PeerId, List<PeerConnection>> byPeer = new ConcurrentHashMap<>();
    private final List<ConnectionListener> listeners = new CopyOnWriteArrayList<>();

    void add(PeerConnection connection) {
        byPeer.compute(connection.remotePeer(), (peer, known) -> {
            List<PeerConnection> more = known == null ? new ArrayList<>() : new ArrayList<>(known);
            more.add(connection);
            return List.copyOf(more);
        });
        tell(listener -> listener.connected(connection));
    }

    void remove(PeerConnection connection) {
        boolean[] was = new boolean[1];
        byPeer.computeIfPresent(connection.remotePeer(), (peer, known) -> {
            List<PeerConnection> fewer = new ArrayList<>(known);
            was[0] = fewer.remove(connection);
            return fewer.isEmpty() ? null : List.copyOf(fewer);
        });
        if (was[0]) {
            tell(listener -> listener.disconnected(connection));
        }
    }

    /** The oldest open connection to that peer. */
    @Nullable PeerConnection to(PeerId peer) {
        for (PeerConnection connection : byPeer.getOrDefault(peer, List.of())) {
            if (connection.isOpen()) {
                return connection;
            }
        }
        return null;
    }

    List<PeerConnection> allTo(PeerId peer) {
        return byPeer.getOrDefault(peer, List.of());
    }

    /** Oldest first. */
    List<PeerConnection> all() {
        List<PeerConnection> all = new ArrayList<>();
        byPeer.values().forEach(all::addAll);
        all.sort(Comparator.comparingLong(PeerConnection::id));
        return all;
    }

    void tell(Consumer<ConnectionListener> news) {
        for (ConnectionListener listener : listeners) {
            try {
                news.accept(listener);
            } catch (RuntimeException e) {
                LOG.warn("a connection listener failed: {}", e.toString(), e);
            }
        }
    }

    void listen(ConnectionListener listener) {
        listeners.add(listener);
    }

    void unlisten(ConnectionListener listener) {
        listeners.remove(listener);
    }
}
