package io.caravan.market;

import io.caravan.libp2p.Connection;
import io.caravan.libp2p.Multiaddr;
import io.caravan.libp2p.PeerId;
import io.caravan.libp2p.Stream;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One end of a stream in memory. */
final class MemoryStream implements Stream {

    private final PeerId remote;
    private final String protocol;
    private final boolean isInbound;
    private final MemoryPipe incoming;
    private final MemoryPipe outgoing;

    MemoryStream(PeerId remote, String protocol, boolean isInbound, MemoryPipe incoming, MemoryPipe outgoing) {
        this.remote = remote;
        this.protocol = protocol;
        this.isInbound = isInbound;
        this.incoming = incoming;
        this.outgoing = outgoing;
    }

    @Override
    public PeerId remotePeer() {
        return remote;
    }

    @Override
    public Multiaddr remoteAddress() {
        return Multiaddr.parse("/ip4/127.0.0.1/tcp/1");
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
        throw new UnsupportedOperationException();
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
        Duration limit = idle == null ? Duration.ofSeconds(60) : idle;
        incoming.readDeadline = limit;
        outgoing.writeDeadline = limit;
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
