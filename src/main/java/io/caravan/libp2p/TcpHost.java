package io.caravan.libp2p;

import io.netty.channel.Channel;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The host over TCP, Noise and yamux. */
final class TcpHost implements Host, IdentifyService.Home {

    private static final Duration LEARNED = Duration.ofHours(1);
    private static final Logger LOG = LoggerFactory.getLogger(TcpHost.class);

    private final HostConfig config;
    private final PeerId self;
    private final HostThreads threads;
    private final ProtocolTable protocols;
    private final Swarm swarm;
    private final Dialer dialer;
    private final IdentifyService identify;
    private final List<Channel> sockets = new ArrayList<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile List<Multiaddr> listening = List.of();

    TcpHost(HostConfig config) {
        this.config = config;
        this.self = PeerId.of(config.key().publicKey());
        this.threads = new HostThreads(config.workers());
        this.protocols = new ProtocolTable(threads.workers, config.deadlines());
        this.identify = new IdentifyService(this, config.deadlines().identify(), this::introduction);
        this.swarm = new Swarm(config, threads, protocols, identify::ask);
        this.dialer = new Dialer(swarm, threads, config);
        protocols.put(IdentifyMessage.PROTOCOL, IdentifyService.OPTIONS, identify::answer);
        protocols.put(IdentifyMessage.PUSH, IdentifyService.OPTIONS, identify::pushed);
        protocols.put(PingService.PROTOCOL, PingService.OPTIONS, PingService::open);
    }

    void open() {
        try {
            List<Multiaddr> bound = new ArrayList<>();
            for (Multiaddr address : config.listen()) {
                Channel socket = bind(address);
                sockets.add(socket);
                bound.addAll(ListenAddresses.of((InetSocketAddress) socket.localAddress()));
            }
            listening = List.copyOf(bound);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private Channel bind(Multiaddr address) {
        var binding = swarm.listen(ListenAddresses.socket(address)).awaitUninterruptibly();
        if (!binding.isSuccess()) {
            BindException why = new BindException("cannot listen on " + address + ": " + binding.cause().getMessage());
            why.initCause(binding.cause());
            throw new UncheckedIOException(why);
        }
        return binding.channel();
    }

    private byte[] introduction(Multiaddr observed) {
        byte[] record = new PeerRecord(self, config.clock().millis(), announcedAddresses()).sealed(config.key());
        return IdentifyMessage
                .encode(new IdentifyMessage.Own(config.key().publicKey(), announcedAddresses(), protocols(), observed,
                config.agent(), record));
    }

    @Override
    public PeerId peerId() {
        return self;
    }

    @Override
    public List<Multiaddr> listenAddresses() {
        return listening;
    }

    @Override
    public List<Multiaddr> announcedAddresses() {
        return config.announce().isEmpty() ? listening : config.announce();
    }

    @Override
    public PeerStore peers() {
        return config.peers();
    }

    @Override
    public Connection connect(PeerId peer, List<Multiaddr> addresses, Duration timeout) {
        threads.requireOther();
        return dialer.connect(peer, addresses, timeout);
    }

    @Override
    public Stream newStream(PeerId peer, List<Multiaddr> addresses, String... wanted) {
        return newStream(peer, addresses, List.of(wanted),
                config.deadlines().dialPeer().plus(config.deadlines().newStream()));
    }

    @Override
    public Stream newStream(PeerId peer, List<Multiaddr> addresses, List<String> wanted, Duration timeout) {
        threads.requireOther();
        long end = System.nanoTime() + timeout.toNanos();
        PeerConnection connection = dialer.connect(peer, addresses, timeout);
        try {
            return open(connection, wanted, end);
        } catch (StreamResetException e) {
            if (connection.isOpen()) {
                throw e;
            }
            LOG.debug("{} was gone, dialing anew", connection);
            return open(dialer.connect(peer, addresses, Duration.ofNanos(Math.max(1, end - System.nanoTime()))),
                    wanted, end);
        }
    }

    private Stream open(PeerConnection connection, List<String> wanted, long end) {
        CompletableFuture<BlockingStream> opening = connection.open(wanted,
                (stream, agreed) -> new BlockingStream(stream, connection, agreed, config.deadlines().streamIdle(),
                        swarm.protocols().counters().of(agreed)));
        try {
            long left = Math.min(end - System.nanoTime(), config.deadlines().newStream().toNanos());
            return opening.get(Math.max(0, left), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof StreamResetException reset) {
                throw new StreamResetException("no stream to " + connection.remotePeer() + ": " + reset.getMessage(),
                        reset.code());
            }
            throw e.getCause() instanceof RuntimeException known ? known : new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            var late = new StreamTimeoutException("peer " + connection.remotePeer() + " did not agree to " + wanted
                    + " in time");
            opening.completeExceptionally(late);
            throw late;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            opening.cancel(false);
            throw new StreamResetException("interrupted while opening a stream", 0);
        }
    }

    @Override
    public void setHandler(String protocol, HandlerOptions options, StreamHandler handler) {
        if (!protocol.startsWith("/") || protocol.length() > 256) {
            throw new IllegalArgumentException("a protocol id starts with '/' and has at most 256 characters: '"
                    + protocol + "'");
        }
        protocols.serve(protocol, options, handler);
        identify.changed();
    }

    @Override
    public boolean removeHandler(String protocol) {
        boolean was = protocols.remove(protocol);
        if (was) {
            identify.changed();
        }
        return was;
    }

    @Override
    public List<String> protocols() {
        return protocols.protocols();
    }

    @Override
    public List<Connection> connections() {
        return List.copyOf(swarm.table().all());
    }

    @Override
    public int disconnect(PeerId peer) {
        List<PeerConnection> all = swarm.table().allTo(peer);
        all.forEach(Connection::close);
        return all.size();
    }

    @Override
    public void addListener(ConnectionListener listener) {
        swarm.table().listen(listener);
    }

    @Override
    public void removeListener(ConnectionListener listener) {
        swarm.table().unlisten(listener);
    }

    @Override
    public HostStats stats() {
        return swarm.stats();
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        sockets.forEach(Channel::close);
        List<PeerConnection> all = swarm.table().all();
        all.forEach(Connection::close);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
        all.forEach(c -> c.session().context().channel().closeFuture()
                .awaitUninterruptibly(Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS));
        threads.close();
    }

    /** Receive windows granted now, in bytes. */
    long windows() {
        return swarm.windows();
    }

    // ---- for identify

    @Override
    public List<PeerConnection> connected() {
        return swarm.table().all();
    }

    @Override
    public void learned(PeerConnection connection, PeerInfo info) {
        connection.identified(info);
        config.peers().remember(info);
        config.peers().addAddresses(info.peer(), info.listenAddresses(), LEARNED);
        swarm.table().tell(listener -> listener.identified(connection));
    }

    @Override
    public void later(long millis, Runnable task) {
        try {
            threads.loops.schedule(task, millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.trace("closed, nothing is done later");
        }
    }
}
