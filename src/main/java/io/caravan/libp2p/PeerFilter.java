package io.caravan.libp2p;

import java.net.InetAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Whom a host neither dials nor lets in (spec libp2p 2.2): peers, addresses and networks that are blocked; and, once any is
 * allowed, all others. What is both blocked and allowed is blocked. It may change at any time and counts from then on;
 * connections that are open already are their owner's to end.
 */
public final class PeerFilter {

    private final Set<PeerId> blockedPeers = ConcurrentHashMap.newKeySet();
    private final Set<Subnet> blockedNetworks = ConcurrentHashMap.newKeySet();
    private final Set<PeerId> allowedPeers = ConcurrentHashMap.newKeySet();
    private final Set<Subnet> allowedNetworks = ConcurrentHashMap.newKeySet();

    public void block(PeerId peer) {
        blockedPeers.add(peer);
    }

    public void block(Subnet network) {
        blockedNetworks.add(network);
    }

    public void unblock(PeerId peer) {
        blockedPeers.remove(peer);
    }

    public void unblock(Subnet network) {
        blockedNetworks.remove(network);
    }

    /** Only whoever is allowed is dealt with from now on. */
    public void allow(PeerId peer) {
        allowedPeers.add(peer);
    }

    /** Only whoever is allowed is dealt with from now on. */
    public void allow(Subnet network) {
        allowedNetworks.add(network);
    }

    /** When nothing is allowed any more, everybody is that is not blocked. */
    public void disallow(PeerId peer) {
        allowedPeers.remove(peer);
    }

    /** When nothing is allowed any more, everybody is that is not blocked. */
    public void disallow(Subnet network) {
        allowedNetworks.remove(network);
    }

    /** Whether an address is refused, whoever is behind it. */
    public boolean refuses(InetAddress address) {
        return contains(blockedNetworks, address) || isExclusive() && allowedPeers.isEmpty() && !contains(allowedNetworks, address);
    }

    /** Whether a peer is refused, wherever it is. */
    public boolean refuses(PeerId peer) {
        return blockedPeers.contains(peer) || isExclusive() && allowedNetworks.isEmpty() && !allowedPeers.contains(peer);
    }

    /** Whether that peer is refused at that address: what a connection goes by. */
    public boolean refuses(PeerId peer, InetAddress address) {
        return blockedPeers.contains(peer) || contains(blockedNetworks, address)
                || isExclusive() && !allowedPeers.contains(peer) && !contains(allowedNetworks, address);
    }

    private boolean isExclusive() {
        return !allowedPeers.isEmpty() || !allowedNetworks.isEmpty();
    }

    private static boolean contains(Set<Subnet> networks, InetAddress address) {
        return networks.stream().anyMatch(network -> network.contains(address));
    }
}
