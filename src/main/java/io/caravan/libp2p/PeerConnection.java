package io.caravan.libp2p;

import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A connection whose handshake is done: who is there, and the yamux session that carries its streams. */
final class PeerConnection implements Connection, YamuxSession.Owner {

    /** What the connection needs of its host. */
    interface Home {

        ProtocolTable protocols();

        Deadlines deadlines();

        StreamGate gate();

        LongAdder refusals();

        void closed(PeerConnection connection);
    }

    private final Home home;
    private final long id;
    private final Channel channel;
    private final PeerId peer;
    private final boolean inbound;
    private final Instant openedAt;
    private final Traffic traffic;
    private final Multiaddr remote;
    private final Multiaddr local;
    private final YamuxSession session;
    /** Inbound streams that have not agreed on a protocol; the Netty thread's. */
    private final AtomicInteger negotiating = new AtomicInteger();
    private volatile @Nullable PeerInfo info;
    private volatile boolean closing;

    PeerConnection(Home home, long id, Channel channel, PeerId peer, boolean inbound, Instant openedAt, Traffic traffic,
                   Function<YamuxSession.Owner, YamuxSession> sessions) {
        this.home = home;
        this.id = id;
        this.channel = channel;
        this.peer = peer;
        this.inbound = inbound;
        this.openedAt = openedAt;
        this.traffic = traffic;
        this.remote = Multiaddr.of((InetSocketAddress) channel.remoteAddress());
        this.local = Multiaddr.of((InetSocketAddress) channel.localAddress());
        this.session = sessions.apply(this);
    }

    YamuxSession session() {
        return session;
    }

    Traffic traffic() {
        return traffic;
    }

    /**
     * Opens a stream and offers the protocols. The future ends on the Netty thread with what the function made of the
     * stream.
     *
     * @param receiver makes the stream's receiver once a protocol is agreed on
     */
    <R extends Receiver> CompletableFuture<R> open(List<String> protocols, Agreed<R> receiver) {
        CompletableFuture<R> opened = new CompletableFuture<>();
        session.onLoop(() -> {
            YamuxStream stream = session.open();
            if (stream == null) {
                opened.completeExceptionally(new StreamResetException(session.isClosed() ? "the connection is closed"
                        : "no more streams may be open to " + peer, 0));
                return;
            }
            new StreamNegotiation(stream, new MssInitiator(protocols), new StreamNegotiation.Outcome() {
                @Override
                public @Nullable Receiver decided(YamuxStream agreed, String protocol) {
                    R made = receiver.make(agreed, protocol);
                    if (!opened.complete(made)) {
                        agreed.reset(0); // who asked has given up
                        return null;
                    }
                    return made;
                }

                @Override
                public void failed(RuntimeException why) {
                    opened.completeExceptionally(why instanceof StreamNegotiation.NoCommonProtocolException
                            ? new ProtocolUnsupportedException(peer, protocols) : why);
                }
            }).start(home.deadlines().negotiate());
        });
        return opened;
    }

    /** Makes the receiver of a stream that agreed on a protocol. */
    interface Agreed<R extends Receiver> {
        R make(YamuxStream stream, String protocol);
    }

    // ---- the session's owner

    @Override
    public boolean accept(YamuxStream stream) {
        Lease lease = home.gate().inbound(peer);
        Lease early = lease == null ? null : home.gate().negotiating(negotiating);
        if (early == null) {
            if (lease != null) {
                lease.close();
            }
            refused();
            return false;
        }
        stream.alsoLease(Lease.all(lease, early));
        new StreamNegotiation(stream, new MssResponder(home.protocols()::serves), new StreamNegotiation.Outcome() {
            @Override
            public @Nullable Receiver decided(YamuxStream agreed, String protocol) {
                early.close();
                return home.protocols().open(agreed, PeerConnection.this, protocol);
            }

            @Override
            public void failed(RuntimeException why) {
                early.close();
            }
        }).start(home.deadlines().negotiate());
        return true;
    }

    @Override
    public void closed(String why) {
        home.closed(this);
    }

    void refused() {
        home.refusals().increment();
    }

    void identified(PeerInfo said) {
        info = said;
    }

    // ---- for users

    @Override
    public long id() {
        return id;
    }

    @Override
    public PeerId remotePeer() {
        return peer;
    }

    @Override
    public Multiaddr remoteAddress() {
        return remote;
    }

    @Override
    public Multiaddr localAddress() {
        return local;
    }

    @Override
    public boolean isInbound() {
        return inbound;
    }

    @Override
    public Instant openedAt() {
        return openedAt;
    }

    @Override
    public int streams() {
        return session.streamCount();
    }

    @Override
    public Optional<PeerInfo> identified() {
        return Optional.ofNullable(info);
    }

    @Override
    public Optional<Duration> roundTrip() {
        long nanos = session.roundTripNanos();
        return nanos == 0 ? Optional.empty() : Optional.of(Duration.ofNanos(nanos));
    }

    @Override
    public boolean isOpen() {
        return !closing && channel.isActive() && !session.isClosed();
    }

    @Override
    public void close() {
        closing = true; // at once, so that nobody takes it for a new stream
        session.onLoop(() -> session.abort(YamuxFrame.NORMAL, "we closed the connection"));
    }

    @Override
    public String toString() {
        return (inbound ? "from " : "to ") + peer + " at " + remote;
    }
}
