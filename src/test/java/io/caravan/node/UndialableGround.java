package io.caravan.node;

import io.caravan.chain.Chain;
import io.caravan.chain.HeadFeed;
import io.caravan.crypto.PrivKey;
import io.caravan.libp2p.Host;
import io.caravan.libp2p.HostBuilder;
import io.caravan.libp2p.Multiaddr;
import io.caravan.node.config.Settings;
import io.caravan.rpc.RpcClient;
import io.caravan.time.Timeline;
import java.security.SecureRandom;
import java.util.Map;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;

/**
 * The machine, but the host tells its peers an address where nobody listens, as a client behind a NAT does: the only way
 * to it is the connection that it dialed. So a test that cuts that way has cut them all.
 */
final class UndialableGround implements Ground {

    private static final Multiaddr NOWHERE = Multiaddr.parse("/ip4/127.0.0.1/tcp/1");

    private final Ground machine = new MachineGround();

    @Override
    public Timeline timeline() {
        return machine.timeline();
    }

    @Override
    public SecureRandom keys() {
        return machine.keys();
    }

    @Override
    public RandomGenerator chance() {
        return machine.chance();
    }

    @Override
    public Host host(String role, PrivKey key, HostBuilder described) {
        return machine.host(role, key, described.announce(NOWHERE));
    }

    @Override
    public Chain chain(String role, RpcClient client, HeadFeed heads) {
        return machine.chain(role, client, heads);
    }

    @Override
    public Map<String, Object> clocks(Settings settings, DataSource database, String node) {
        return machine.clocks(settings, database, node);
    }
}
