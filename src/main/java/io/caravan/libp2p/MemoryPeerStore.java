package io.caravan.libp2p;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A peer store that forgets with the process: at most 20 000 peers, the longest unused give way, and 64 addresses each.
 */
public final class MemoryPeerStore implements PeerStore {

    private static final int MAX_PEERS = 20_000;
    private static final int MAX_ADDRESSES = 64;

    private static final class Entry {
        /** The address that answered last comes first. */
        private final LinkedHashMap<Multiaddr, Instant> addresses = new LinkedHashMap<>();
        private @Nullable PeerInfo info;
    }

    private final Clock clock;
    /** Guarded by this. */
    private final LinkedHashMap<PeerId, Entry> peers = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<PeerId, Entry> eldest) {
            return size() > MAX_PEERS;
        }
    };

    /** The clock tells when addresses expire. */
    public MemoryPeerStore(Clock clock) {
        this.clock = clock;
    }

    @Override
    public synchronized void addAddresses(PeerId peer, List<Multiaddr> addresses, Duration ttl) {
        Entry entry = peers.computeIfAbsent(peer, p -> new Entry());
        Instant until = clock.instant().plus(ttl);
        expire(entry);
        for (Multiaddr address : addresses) {
            Multiaddr place = place(address);
            if (place != null && (entry.addresses.containsKey(place) || entry.addresses.size() < MAX_ADDRESSES)) {
                entry.addresses.merge(place, until, (a, b) -> a.isAfter(b) ? a : b);
            }
        }
    }

    @Override
    public synchronized List<Multiaddr> addresses(PeerId peer) {
        Entry entry = peers.get(peer);
        if (entry == null) {
            return List.of();
        }
        expire(entry);
        return List.copyOf(entry.addresses.keySet());
    }

    @Override
    public synchronized void succeeded(PeerId peer, Multiaddr address) {
        Entry entry = peers.get(peer);
        Multiaddr place = place(address);
        if (entry == null || place == null || !entry.addresses.containsKey(place)) {
            return;
        }
        LinkedHashMap<Multiaddr, Instant> others = new LinkedHashMap<>(entry.addresses);
        Instant until = others.remove(place);
        entry.addresses.clear();
        entry.addresses.put(place, until);
        entry.addresses.putAll(others);
    }

    @Override
    public synchronized void remember(PeerInfo info) {
        peers.computeIfAbsent(info.peer(), p -> new Entry()).info = info;
    }

    @Override
    public synchronized Optional<PeerInfo> info(PeerId peer) {
        Entry entry = peers.get(peer);
        return entry == null ? Optional.empty() : Optional.ofNullable(entry.info);
    }

    @Override
    public synchronized List<PeerId> peers() {
        return new ArrayList<>(peers.keySet());
    }

    @Override
    public synchronized void forget(PeerId peer) {
        peers.remove(peer);
    }

    private void expire(Entry entry) {
        Instant now = clock.instant();
        entry.addresses.values().removeIf(now::isAfter);
    }

    private static @Nullable Multiaddr place(Multiaddr address) {
        return address.parts().size() == 1 && address.peer().isPresent() ? null : address.withoutPeer();
    }
}
