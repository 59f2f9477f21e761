package io.caravan.node.sim;

import io.caravan.camel.TickComponent;
import io.caravan.chain.Chain;
import io.caravan.chain.HeadFeed;
import io.caravan.crypto.PrivKey;
import io.caravan.libp2p.Host;
import io.caravan.libp2p.HostBuilder;
import io.caravan.libp2p.Multiaddr;
import io.caravan.libp2p.PeerId;
import io.caravan.node.Ground;
import io.caravan.node.config.Settings;
import io.caravan.rpc.RpcClient;
import io.caravan.sealing.SealingEngine;
import io.caravan.time.Timeline;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The simulated ground: what a role takes here belongs to the life it is started in. */
final class SimGround implements Ground {

    private static final Duration TICK = Duration.ofHours(1); // steps are rung for when there is something to do, packing is not
    private static final int PORT = 24_001;
    private static final long DISK = 1L << 50;

    private final Loop loop;
    private final Seed seed;
    private final Network network;
    private final Life outside;
    private final Setback setback;
    private @Nullable SimChain chain;

    /**
     * @param outside the life of what belongs to no role, such as the devnet
     * @param setback what goes wrong with sealing
     */
    SimGround(Loop loop, Seed seed, Network network, Life outside, Setback setback) {
        this.setback = setback;
        this.loop = loop;
        this.seed = seed;
        this.network = network;
        this.outside = outside;
    }

    void chain(SimChain simulated) {
        chain = simulated;
    }

    private Life life() {
        Life now = loop.life();
        return now == null ? outside : now;
    }

    @Override
    public Timeline timeline() {
        return life();
    }

    @Override
    public SecureRandom keys() {
        return seed.secure("keys of " + life().name());
    }

    @Override
    public RandomGenerator chance() {
        return seed.random("retries of " + life().name() + " at " + loop.now());
    }

    @Override
    public Host host(String role, PrivKey key, HostBuilder described) {
        int port = PORT + Math.floorMod(role.hashCode(), 1000);
        return new SimHost(network, loop, life(), PeerId.of(key.publicKey()), Multiaddr.parse("/ip4/127.0.0.1/tcp/" + port));
    }

    @Override
    public Chain chain(String role, RpcClient client, HeadFeed heads) {
        if (chain == null) {
            throw new IllegalStateException("a role is started before its chain");
        }
        return chain.of(life());
    }

    /** What the machine has left is no part of what repeats. */
    @Override
    public long freeBytes(Path folder) {
        return DISK;
    }

    @Override
    public SealingEngine engine(SealingEngine described) {
        return new SimEngine(described, life(), setback);
    }

    @Override
    public Map<String, Object> clocks(Settings settings, DataSource database, String node) {
        return Map.of("quartz", new TickComponent(life(), TICK), "timer", new TickComponent(life(), TICK));
    }
}
