package io.caravan.libp2p;

import io.caravan.crypto.PrivKey;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Describes a host; {@link #start()} opens it. A key and a clock are required, the rest has defaults. */
public final class HostBuilder {

    private final List<Multiaddr> listen = new ArrayList<>();
    private final List<Multiaddr> announce = new ArrayList<>();
    private @Nullable PrivKey key;
    private @Nullable Clock clock;
    private @Nullable PeerStore peerStore;
    private String agent = "caravan";
    private Limits limits = Limits.DEFAULT;
    private Deadlines deadlines = Deadlines.DEFAULT;
    private PeerFilter filter = new PeerFilter();
    private int workers = 64;

    HostBuilder() {}

    /** The identity. */
    public HostBuilder key(PrivKey identity) {
        key = identity;
        return this;
    }

    /** Where the time of day comes from. */
    public HostBuilder clock(Clock time) {
        clock = time;
        return this;
    }

    /** Adds an address to listen on, such as {@code /ip4/127.0.0.1/tcp/0}; none = only dial. */
    public HostBuilder listen(Multiaddr address) {
        listen.add(address);
        return this;
    }

    /** As above from its text. */
    public HostBuilder listen(String address) {
        return listen(Multiaddr.parse(address));
    }

    /** Adds an address to tell others instead of the bound ones. */
    public HostBuilder announce(Multiaddr address) {
        announce.add(address);
        return this;
    }

    /** Name and version that identify tells, such as {@code caravan/0.1.0}. */
    public HostBuilder agent(String nameAndVersion) {
        agent = nameAndVersion;
        return this;
    }

    /** Bounds on what peers may use. */
    public HostBuilder limits(Limits bounds) {
        limits = bounds;
        return this;
    }

    /** How long each phase may take. */
    public HostBuilder deadlines(Deadlines times) {
        deadlines = times;
        return this;
    }

    /** Where to remember peers; default in memory. */
    public HostBuilder peerStore(PeerStore store) {
        peerStore = store;
        return this;
    }

    /** Whom to keep away; it may change while the host runs. Default nobody. */
    public HostBuilder filter(PeerFilter by) {
        filter = by;
        return this;
    }

    /** Threads for stream handlers that bring none of their own; default 64, started when needed. */
    public HostBuilder workers(int threads) {
        workers = threads;
        return this;
    }

    /**
     * Opens the host: when it returns, the addresses are bound.
     *
     * @throws IllegalStateException without key or clock
     * @throws java.io.UncheckedIOException if an address cannot be bound; it names the address
     */
    public Host start() {
        if (key == null || clock == null) {
            throw new IllegalStateException("a host needs a key and a clock");
        }
        PeerStore store = peerStore != null ? peerStore : new MemoryPeerStore(clock);
        TcpHost host = new TcpHost(new HostConfig(key, clock, List.copyOf(listen), List.copyOf(announce), agent,
                limits, deadlines, store, filter, workers));
        host.open();
        return host;
    }
}
