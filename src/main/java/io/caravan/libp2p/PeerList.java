package io.caravan.libp2p;

import java.net.InetAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Peers, and networks of addresses. It may change at any time and counts from then on. */
public final class PeerList {

    private final Set<PeerId> peers = ConcurrentHashMap.newKeySet();
    private final Set<Subnet> networks = ConcurrentHashMap.newKeySet();

    public void add(PeerId peer) {
        peers.add(peer);
    }

    public void add(Subnet network) {
        networks.add(network);
    }

    public void remove(PeerId peer) {
        peers.remove(peer);
    }

    public void remove(Subnet network) {
        networks.remove(network);
    }

    /** Whoever is in neither is in it no more. */
    public void keep(Set<PeerId> somePeers, Set<Subnet> someNetworks) {
        peers.retainAll(somePeers);
        networks.retainAll(someNetworks);
    }

    boolean isEmpty() {
        return peers.isEmpty() && networks.isEmpty();
    }

    boolean hasPeers() {
        return !peers.isEmpty();
    }

    boolean hasNetworks() {
        return !networks.isEmpty();
    }

    boolean contains(PeerId peer) {
        return peers.contains(peer);
    }

    boolean contains(InetAddress address) {
        return networks.stream().anyMatch(network -> network.contains(address));
    }
}
