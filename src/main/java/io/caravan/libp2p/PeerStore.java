package io.caravan.libp2p;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What we know of other peers. Bounded: old and unused entries give way. */
public interface PeerStore {

    /** Lives until the process ends: an address that a person or the chain gave. */
    Duration PERMANENT = Duration.ofDays(36_500);

    /** Remembers addresses of a peer for that long from now; an address known already keeps the later end. */
    void addAddresses(PeerId peer, List<Multiaddr> addresses, Duration ttl);

    /** The addresses that have not expired, those that answered last first. */
    List<Multiaddr> addresses(PeerId peer);

    /** An address answered: it comes first from now on. */
    void succeeded(PeerId peer, Multiaddr address);

    /** Remembers what a peer said about itself. */
    void remember(PeerInfo info);

    /** What the peer last said about itself. */
    Optional<PeerInfo> info(PeerId peer);

    /** Every peer of whom anything is known. */
    List<PeerId> peers();

    /** Forgets everything about a peer. */
    void forget(PeerId peer);
}
