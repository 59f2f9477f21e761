package io.caravan.node;

import io.caravan.crypto.PrivKey;
import io.caravan.libp2p.Host;
import io.caravan.libp2p.HostBuilder;
import io.caravan.libp2p.Multiaddr;
import io.caravan.libp2p.PeerFilter;
import io.caravan.node.config.Settings;

/** The libp2p host of a role, by {@code <role>.libp2p.*}. */
final class RoleHost {

    private RoleHost() {}

    /** Opens it; of a node that only seals it listens nowhere. */
    static Host start(String role, Settings settings, Ground ground, PrivKey key, PeerFilter filter) {
        HostBuilder builder = Host.builder().key(key).clock(ground.timeline().clock()).agent("caravan").filter(filter);
        boolean isMiner = role.equals("miner");
        if (isMiner && !settings.flag("miner.deals")) {
            return ground.host(role, key, builder); // nobody is to find it
        }
        builder.listen("/ip4/%s/tcp/%d".formatted(settings.text(role + ".libp2p.listen"),
                settings.integer(role + ".libp2p.port", 0, 65535)));
        if (isMiner) {
            settings.optional("miner.libp2p.announce").ifPresent(list -> {
                for (String address : list.split(",")) {
                    builder.announce(Multiaddr.parse(address.strip()));
                }
            });
        }
        return ground.host(role, key, builder);
    }
}
