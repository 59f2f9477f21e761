package io.caravan.libp2p;

import java.net.InetAddress;

/**
 * Whom a host neither dials nor lets in (spec libp2p 2.2): peers, addresses and networks that are blocked; and, once any is
 * allowed, all others. What is both blocked and allowed is blocked. It may change at any time and counts from then on;
 * connections that are open already are their owner's to end.
 */
public final class PeerFilter {

    private final PeerList blocked = new PeerList();
    private final PeerList allowed = new PeerList();

    /** Whoever is never dealt with. */
    public PeerList blocked() {
        return blocked;
    }

    /** Whoever alone is dealt with; everybody that is not blocked while there is nobody in it. */
    public PeerList allowed() {
        return allowed;
    }

    /** Whether an address is refused, whoever is behind it. */
    public boolean refuses(InetAddress address) {
        return blocked.contains(address) || allowed.hasNetworks() && !allowed.hasPeers() && !allowed.contains(address);
    }

    /** Whether a peer is refused, wherever it is. */
    public boolean refuses(PeerId peer) {
        return blocked.contains(peer) || allowed.hasPeers() && !allowed.hasNetworks() && !allowed.contains(peer);
    }

    /** Whether that peer is refused at that address: what a connection goes by. */
    public boolean refuses(PeerId peer, InetAddress address) {
        return blocked.contains(peer) || blocked.contains(address)
                || !allowed.isEmpty() && !allowed.contains(peer) && !allowed.contains(address);
    }
}
