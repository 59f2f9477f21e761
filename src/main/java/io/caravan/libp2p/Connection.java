package io.caravan.libp2p;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** One secured and multiplexed connection to a peer. */
public interface Connection {

    /** A number that is unique within the host and grows with each connection. */
    long id();

    /** Who is at the other end, proven by the handshake. */
    PeerId remotePeer();

    /** The other end's address as we see it, without the {@code /p2p} tail. */
    Multiaddr remoteAddress();

    /** Our end's address. */
    Multiaddr localAddress();

    /** Whether the peer dialed us. */
    boolean isInbound();

    /** When the handshake was done. */
    Instant openedAt();

    /** Streams open now, both directions. */
    int streams();

    /** What the peer said about itself; empty until identify has finished. */
    Optional<PeerInfo> identified();

    /** The last measured time for a ping and its answer; empty before the first. */
    Optional<Duration> roundTrip();

    /** Whether it still carries streams. */
    boolean isOpen();

    /** Ends it with all its streams. Does not wait. */
    void close();
}
