package io.caravan.node.sim;

import io.caravan.libp2p.Connection;
import io.caravan.libp2p.Multiaddr;
import io.caravan.libp2p.PeerId;
import io.caravan.libp2p.PeerInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** One end of a connection between two simulated hosts. */
final class SimConnection implements Connection {

    private final Cable cable;
    private final SimHost here;
    private final SimHost there;
    private final boolean isInbound;
    private final Instant openedAt;

    SimConnection(Cable cable, SimHost here, SimHost there, boolean isInbound, Instant openedAt) {
        this.cable = cable;
        this.here = here;
        this.there = there;
        this.isInbound = isInbound;
        this.openedAt = openedAt;
    }

    Cable cable() {
        return cable;
    }

    @Override
    public long id() {
        return cable.number();
    }

    @Override
    public PeerId remotePeer() {
        return there.peerId();
    }

    @Override
    public Multiaddr remoteAddress() {
        return there.listenAddresses().get(0);
    }

    @Override
    public Multiaddr localAddress() {
        return here.listenAddresses().get(0);
    }

    @Override
    public boolean isInbound() {
        return isInbound;
    }

    @Override
    public Instant openedAt() {
        return openedAt;
    }

    @Override
    public int streams() {
        return cable.streams();
    }

    @Override
    public Optional<PeerInfo> identified() {
        return there.peers().info(there.peerId());
    }

    @Override
    public Optional<Duration> roundTrip() {
        return Optional.empty();
    }

    @Override
    public boolean isOpen() {
        return cable.isOpen();
    }

    @Override
    public void close() {
        cable.close();
    }
}
