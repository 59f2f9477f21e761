package io.caravan.node.sim;

import io.caravan.libp2p.Connection;
import io.caravan.libp2p.ConnectionListener;
import io.caravan.libp2p.HandlerOptions;
import io.caravan.libp2p.Host;
import io.caravan.libp2p.HostStats;
import io.caravan.libp2p.MemoryPeerStore;
import io.caravan.libp2p.Multiaddr;
import io.caravan.libp2p.PeerId;
import io.caravan.libp2p.PeerInfo;
import io.caravan.libp2p.PeerStore;
import io.caravan.libp2p.ProtocolUnsupportedException;
import io.caravan.libp2p.Stream;
import io.caravan.libp2p.StreamHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A role's host on the simulated network. Handlers run in the role's life. */
final class SimHost implements Host {

    private static final Logger LOG = LoggerFactory.getLogger(SimHost.class);
    private static final Duration USUAL = Duration.ofSeconds(45);

    private final Network network;
    private final Loop loop;
    private final Life life;
    private final PeerId id;
    private final Multiaddr address;
    private final PeerStore peers;
    private final Map<String, StreamHandler> served = new TreeMap<>();
    private final List<ConnectionListener> listeners = new ArrayList<>();
    private boolean isClosed;

    SimHost(Network network, Loop loop, Life life, PeerId id, Multiaddr address) {
        this.network = network;
        this.loop = loop;
        this.life = life;
        this.id = id;
        this.address = address;
        this.peers = new MemoryPeerStore(loop.clock());
        network.listen(address, this);
    }

    @Override
    public PeerId peerId() {
        return id;
    }

    @Override
    public List<Multiaddr> listenAddresses() {
        return List.of(address);
    }

    @Override
    public List<Multiaddr> announcedAddresses() {
        return List.of(address);
    }

    @Override
    public PeerStore peers() {
        return peers;
    }

    @Override
    public Connection connect(PeerId peer, List<Multiaddr> addresses, Duration timeout) {
        return network.connect(this, peer, addresses.isEmpty() ? peers.addresses(peer) : addresses, timeout).end(this);
    }

    @Override
    public Stream newStream(PeerId peer, List<Multiaddr> addresses, List<String> protocols, Duration timeout) {
        life.crossing();
        Cable cable = ((SimConnection) connect(peer, addresses, timeout)).cable();
        SimHost to = cable.otherThan(this);
        String agreed = protocols.stream().filter(to.served::containsKey).findFirst()
                .orElseThrow(() -> new ProtocolUnsupportedException(peer, protocols));
        return cable.stream(this, agreed);
    }

    @Override
    public Stream newStream(PeerId peer, List<Multiaddr> addresses, String... protocols) {
        return newStream(peer, addresses, List.of(protocols), USUAL);
    }

    void serve(String protocol, SimStream stream, Runnable after) {
        StreamHandler handler = served.get(protocol);
        loop.spawn(life, () -> {
            try {
                handler.handle(stream);
                stream.close();
            } catch (Exception e) {
                LOG.debug("a stream of {} ends with {}", protocol, e.toString());
                stream.reset();
            } finally {
                after.run();
            }
        });
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
        return List.copyOf(served.keySet());
    }

    @Override
    public List<Connection> connections() {
        return List.copyOf(network.of(this));
    }

    @Override
    public int disconnect(PeerId peer) {
        List<SimConnection> ends = network.of(this).stream().filter(end -> end.remotePeer().equals(peer)).toList();
        ends.forEach(SimConnection::close);
        return ends.size();
    }

    @Override
    public void addListener(ConnectionListener listener) {
        listeners.add(listener);
    }

    @Override
    public void removeListener(ConnectionListener listener) {
        listeners.remove(listener);
    }

    void connected(SimConnection end) {
        peers.remember(new PeerInfo(end.remotePeer(), "caravan", "", List.of(), List.of(), List.of()));
        List.copyOf(listeners).forEach(listener -> listener.connected(end));
        List.copyOf(listeners).forEach(listener -> listener.identified(end));
    }

    void disconnected(SimConnection end) {
        if (!life.isOver()) {
            List.copyOf(listeners).forEach(listener -> listener.disconnected(end));
        }
    }

    @Override
    public HostStats stats() {
        int open = network.of(this).size();
        return new HostStats(0, 0, 0, open, 0, 0, 0, 0, 0, Map.of(), Map.of());
    }

    @Override
    public void close() {
        if (!isClosed) {
            isClosed = true;
            served.clear();
            network.leave(this);
        }
    }
}
