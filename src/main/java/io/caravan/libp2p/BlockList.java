package io.caravan.libp2p;

import java.net.InetAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Whom a host neither dials nor lets in (spec libp2p 2.2): peers, addresses and networks. It may change at any time and counts
 * from then on; connections that are open already are their owner's to end.
 */
public final class BlockList {

    private final Set<PeerId> peers = ConcurrentHashMap.newKeySet();
    private final Set<Subnet> networks = ConcurrentHashMap.newKeySet();

    public void block(PeerId peer) {
        peers.add(peer);
    }

    public void block(Subnet network) {
        networks.add(network);
    }

    public void unblock(PeerId peer) {
        peers.remove(peer);
    }

    public void unblock(Subnet network) {
        networks.remove(network);
    }

    public boolean blocks(PeerId peer) {
        return peers.contains(peer);
    }

    public boolean blocks(InetAddress address) {
        return networks.stream().anyMatch(network -> network.contains(address));
    }
}
