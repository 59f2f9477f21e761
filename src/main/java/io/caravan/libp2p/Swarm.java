package io.caravan.libp2p;

import io.caravan.crypto.AeadProvider;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns sockets, accepted or dialed, into connections within the host's bounds. */
final class Swarm implements PeerConnection.Home {

    private static final Logger LOG = LoggerFactory.getLogger(Swarm.class);

    private final HostConfig config;
    private final HostThreads threads;
    private final ProtocolTable protocols;
    private final Upgrade upgrade;
    private final ConnectionGate gate;
    private final StreamGate streams;
    private final Consumer<PeerConnection> opened;
    private final PeerId self;
    private final AtomicLong windows = new AtomicLong();
    private final AtomicLong ids = new AtomicLong();
    private final LongAdder refusals = new LongAdder();
    private final LongAdder dials = new LongAdder();
    private final LongAdder dialFailures = new LongAdder();
    private final Traffic.Totals totals = new Traffic.Totals(new LongAdder(), new LongAdder());
    private final ConnectionTable table = new ConnectionTable();

    Swarm(HostConfig config, HostThreads threads, ProtocolTable protocols, Consumer<PeerConnection> opened) {
        this.config = config;
        this.threads = threads;
        this.protocols = protocols;
        this.opened = opened;
        this.self = PeerId.of(config.key().publicKey());
        AeadProvider aeads = AeadProvider.ofThisMachine();
        LOG.debug("Noise encrypts with {}", aeads.name());
        this.upgrade = new Upgrade(config.key(), aeads, new SecureRandom(), threads.handshakes,
                config.deadlines().upgrade());
        this.gate = new ConnectionGate(config.limits().connections());
        this.streams = new StreamGate(config.limits().streams());
    }

    /** Binds; the future's channel is the listening socket. */
    ChannelFuture listen(InetSocketAddress address) {
        return new ServerBootstrap().group(threads.loops).channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, 1024)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(256 * 1024, 1024 * 1024))
                .childOption(ChannelOption.RCVBUF_ALLOCATOR,
                        new AdaptiveRecvByteBufAllocator(1024, 16 * 1024, 256 * 1024))
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        accept(channel);
                    }
                })
                .bind(address);
    }

    private void accept(Channel channel) {
        InetSocketAddress remote = (InetSocketAddress) channel.remoteAddress();
        ConnectionGate.Admission admission = remote == null || config.filter().refuses(remote.getAddress()) ? null
                : gate.accept(remote.getAddress(), System.nanoTime());
        if (admission == null) {
            refusals.increment();
            channel.close();
            return;
        }
        channel.closeFuture().addListener(f -> {
            admission.early().close();
            admission.whole().close();
        });
        upgrade(channel, true, null).whenComplete((connection, failure) -> {
            admission.early().close();
            if (failure != null) {
                LOG.debug("{} did not become a connection: {}", remote, failure.toString());
            }
        });
    }

    /** Connects and shakes hands with whom the target should be. */
    CompletableFuture<PeerConnection> dial(DialTarget target, PeerId expected) {
        if (isRefused(expected, target.socket())) {
            return CompletableFuture.failedFuture(new IllegalStateException("it is blocked here"));
        }
        Lease lease = gate.dial();
        if (lease == null) {
            return CompletableFuture.failedFuture(new IllegalStateException("we have as many connections as we may"));
        }
        CompletableFuture<PeerConnection> result = new CompletableFuture<>();
        Deadlines times = config.deadlines();
        ChannelFuture connecting = new Bootstrap().group(threads.loops).channel(NioSocketChannel.class)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS,
                        (int) Math.min(Integer.MAX_VALUE, times.connect().toMillis()))
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(256 * 1024, 1024 * 1024))
                .option(ChannelOption.RCVBUF_ALLOCATOR, new AdaptiveRecvByteBufAllocator(1024, 16 * 1024, 256 * 1024))
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.closeFuture().addListener(f -> lease.close());
                        // In place before the socket is connected: the peer may speak first.
                        upgrade(channel, false, expected).whenComplete((connection, failure) -> {
                            if (failure != null) {
                                result.completeExceptionally(failure);
                            } else if (!result.complete(connection)) {
                                connection.close();
                            }
                        });
                    }
                })
                .connect(target.socket());
        connecting.addListener(done -> {
            if (!done.isSuccess()) {
                lease.close();
                result.completeExceptionally(done.cause());
            }
        });
        connecting.channel().eventLoop().schedule(() -> {
            if (result.completeExceptionally(new PeerMisbehavedException("no handshake in time"))) {
                connecting.channel().close();
            }
        }, times.dialAddress().toMillis(), TimeUnit.MILLISECONDS);
        return result;
    }

    private CompletableFuture<PeerConnection> upgrade(Channel channel, boolean inbound,
            @Nullable PeerId expected) {
        Traffic traffic = new Traffic(totals);
        channel.pipeline().addLast("traffic", traffic);
        PeerConnection[] made = new PeerConnection[1];
        return upgrade.begin(channel, inbound, expected, (ready, peer) -> {
            made[0] = connection(ready, peer, inbound, traffic);
            return made[0].session();
        }).thenApply(nothing -> {
            table.add(made[0]);
            opened.accept(made[0]);
            return made[0];
        });
    }

    private PeerConnection connection(Channel channel, PeerId peer, boolean inbound, Traffic traffic) {
        if (peer.equals(self)) {
            throw new PeerMisbehavedException("we are talking to ourselves");
        }
        if (isRefused(peer, (InetSocketAddress) channel.remoteAddress())) {
            refusals.increment();
            throw new PeerMisbehavedException("the peer is blocked here");
        }
        Lease lease = gate.peer(peer);
        if (lease == null) {
            refusals.increment();
            throw new PeerMisbehavedException("the peer has as many connections as it may");
        }
        channel.closeFuture().addListener(f -> lease.close());
        return new PeerConnection(this, ids.incrementAndGet(), channel, peer, inbound, config.clock().instant(),
                traffic,
                owner -> new YamuxSession(!inbound, config.limits(), config.deadlines(),
                        new WindowBudget(windows, config.limits().windows()), owner));
    }

    private boolean isRefused(PeerId peer, @Nullable InetSocketAddress address) {
        return address == null || address.isUnresolved() ? config.filter().refuses(peer)
                : config.filter().refuses(peer, address.getAddress());
    }

    /** A search for a peer ended. */
    void dialed(boolean isFailure) {
        dials.increment();
        if (isFailure) {
            dialFailures.increment();
        }
    }

    ConnectionTable table() {
        return table;
    }

    HostStats stats() {
        var traffic = new java.util.HashMap<PeerId, HostStats.Traffic>();
        int in = 0;
        int out = 0;
        int open = 0;
        for (PeerConnection connection : table.all()) {
            in += connection.isInbound() ? 1 : 0;
            out += connection.isInbound() ? 0 : 1;
            open += connection.streams();
            traffic.merge(connection.remotePeer(), connection.traffic().now(),
                    (a, b) -> new HostStats.Traffic(a.bytesIn() + b.bytesIn(), a.bytesOut() + b.bytesOut()));
        }
        return new HostStats(totals.in().sum(), totals.out().sum(), in, out, gate.halfOpen(), open, refusals.sum(),
                dials.sum(), dialFailures.sum(), protocols.counters().now(), traffic);
    }

    /** Receive windows granted now, in bytes. */
    long windows() {
        return windows.get();
    }

    @Override
    public ProtocolTable protocols() {
        return protocols;
    }

    @Override
    public Deadlines deadlines() {
        return config.deadlines();
    }

    @Override
    public StreamGate gate() {
        return streams;
    }

    @Override
    public LongAdder refusals() {
        return refusals;
    }

    @Override
    public void closed(PeerConnection connection) {
        table.remove(connection);
    }
}
