package io.caravan.node.sim;

import io.caravan.libp2p.Connection;
import io.caravan.libp2p.Multiaddr;
import io.caravan.libp2p.PeerId;
import io.caravan.libp2p.Stream;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One end of a simulated stream. */
final class SimStream implements Stream {

    private static final Duration USUAL = Duration.ofSeconds(60);

    private final SimConnection connection;
    private final String protocol;
    private final boolean isInbound;
    private final Pipe incoming;
    private final Pipe outgoing;

    SimStream(SimConnection connection, String protocol, boolean isInbound, Pipe incoming, Pipe outgoing) {
        this.connection = connection;
        this.protocol = protocol;
        this.isInbound = isInbound;
        this.incoming = incoming;
        this.outgoing = outgoing;
    }

    @Override
    public PeerId remotePeer() {
        return connection.remotePeer();
    }

    @Override
    public Multiaddr remoteAddress() {
        return connection.remoteAddress();
    }

    @Override
    public String protocol() {
        return protocol;
    }

    @Override
    public boolean isInbound() {
        return isInbound;
    }

    @Override
    public Connection connection() {
        return connection;
    }

    @Override
    public InputStream in() {
        return incoming.in;
    }

    @Override
    public OutputStream out() {
        return outgoing.out;
    }

    @Override
    public void setDeadline(@Nullable Duration idle) {
        incoming.deadline(idle == null ? USUAL : idle);
        outgoing.deadline(idle == null ? USUAL : idle);
    }

    @Override
    public void closeWrite() {
        outgoing.closeWrite();
    }

    @Override
    public void reset() {
        incoming.reset();
        outgoing.reset();
    }

    @Override
    public void reset(int code) {
        reset();
    }

    @Override
    public void close() {
        outgoing.closeWrite();
        incoming.ignore();
    }

    @Override
    public long bytesIn() {
        return incoming.passed();
    }

    @Override
    public long bytesOut() {
        return outgoing.passed();
    }
}
