package io.caravan.libp2p;

import java.time.Duration;
import java.util.List;

/**
 * One libp2p node: an identity, the addresses it listens on, its connections, and the protocols it serves.
 *
 * <p>Every blocking call is bounded by a timeout and must not be made from a Netty thread. All methods may be called
 * from any thread.
 */
public interface Host extends AutoCloseable {

    /** Starts to describe a host; {@link HostBuilder#start()} opens it. */
    static HostBuilder builder() {
        return new HostBuilder();
    }

    /** Who we are: the id of the key that the host was built with. */
    PeerId peerId();

    /**
     * The addresses really bound (port 0 resolved), without the {@code /p2p} tail. Empty for a host that only dials.
     */
    List<Multiaddr> listenAddresses();

    /** What we tell others: the configured announce addresses, else {@link #listenAddresses()}. */
    List<Multiaddr> announcedAddresses();

    /** Addresses and facts known about other peers. */
    PeerStore peers();

    /**
     * An open connection to that peer: one that exists already, else a new dial of the given addresses and of those the
     * peer store knows. Callers that ask for the same peer at the same time share one dial.
     *
     * @throws PeerUnreachableException if no address led to that peer within the timeout; it names each address and why
     * it failed
     */
    Connection connect(PeerId peer, List<Multiaddr> addresses, Duration timeout);

    /**
     * Opens a stream and negotiates the first of the protocols (in our order of preference) that the peer speaks; dials
     * if there is no connection.
     *
     * @throws PeerUnreachableException if the peer cannot be reached; it names each address and why it failed
     * @throws ProtocolUnsupportedException if the peer speaks none of the protocols
     * @throws StreamResetException if the peer refused the stream or the connection broke
     * @throws StreamTimeoutException if the peer did not answer within the timeout
     */
    Stream newStream(PeerId peer, List<Multiaddr> addresses, List<String> protocols, Duration timeout);

    /** As above with the host's own limit for a new stream ({@link Deadlines#newStream()} after the dial). */
    Stream newStream(PeerId peer, List<Multiaddr> addresses, String... protocols);

    /**
     * Serves a protocol from now on; takes the place of a handler set before. Peers that are connected learn of it by
     * identify push.
     *
     * @param protocol the exact protocol id, such as {@code /fil/storage/mk/1.1.1}
     */
    default void setHandler(String protocol, StreamHandler handler) {
        setHandler(protocol, HandlerOptions.DEFAULT, handler);
    }

    /** As above with bounds and threads of its own. */
    void setHandler(String protocol, HandlerOptions options, StreamHandler handler);

    /** Stops serving a protocol; streams already open go on. Returns whether it was served. */
    boolean removeHandler(String protocol);

    /** The protocols served now, in the order of their ids. */
    List<String> protocols();

    /** The connections open now, oldest first. */
    List<Connection> connections();

    /** Ends every connection to that peer. Returns how many there were. */
    int disconnect(PeerId peer);

    /** Hears of every connection opened and closed from now on. */
    void addListener(ConnectionListener listener);

    /** The listener hears nothing any more. */
    void removeListener(ConnectionListener listener);

    /** Counters since the start, and what is open now. */
    HostStats stats();

    /**
     * Stops listening, tells peers goodbye, resets what is still open, ends all threads. A second call does nothing.
     */
    @Override
    void close();
}
