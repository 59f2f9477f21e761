package io.caravan.node.sim;

import io.caravan.libp2p.Multiaddr;
import io.caravan.libp2p.PeerId;
import io.caravan.libp2p.PeerUnreachableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The hosts of the simulation and the one link between them, which can be cut, slow, or lossy for a while. */
final class Network {

    private static final Duration DIAL = Duration.ofSeconds(10);

    private final Loop loop;
    private final RandomGenerator chance;
    private final Map<String, SimHost> listening = new HashMap<>();
    private final List<Cable> cables = new ArrayList<>();
    private long made;
    private int cuts;
    private long latency;
    private int losses;
    private double loss;

    Network(Loop loop, RandomGenerator chance) {
        this.loop = loop;
        this.chance = chance;
    }

    void listen(Multiaddr address, SimHost host) {
        listening.put(address.toString(), host);
    }

    void leave(SimHost host) {
        listening.values().removeIf(other -> other == host);
        for (Cable cable : List.copyOf(cables)) {
            if (cable.touches(host)) {
                cable.close();
            }
        }
    }

    /** Ends all connections; none can be made until as many mends as cuts. */
    void cut() {
        cuts++;
        List.copyOf(cables).forEach(Cable::close);
    }

    void mend() {
        cuts--;
    }

    /** How long bytes take. */
    void latency(Duration time) {
        latency = time.toNanos();
    }

    /** The share of writes that reset their stream instead of arriving. */
    void loss(double share) {
        loss = share;
    }

    /** Breaks that many of the next streams at their next write. */
    void breakStreams(int count) {
        losses = Math.max(losses, count);
    }

    /** No stream is to be broken any more. */
    void forgetBreaks() {
        losses = 0;
    }

    /** A connection between these: the one there is, or a new one to one of the addresses. Waits as a dial does. */
    Cable connect(SimHost from, PeerId peer, List<Multiaddr> addresses, Duration timeout) {
        for (Cable cable : cables) {
            if (cable.touches(from) && cable.isOpen() && cable.otherThan(from).peerId().equals(peer)) {
                return cable;
            }
        }
        List<PeerUnreachableException.Attempt> attempts = new ArrayList<>();
        for (Multiaddr address : addresses) {
            SimHost to = listening.get(address.withoutPeer().toString());
            pause(cuts > 0 ? min(DIAL, timeout) : Duration.ofNanos(2 * latency));
            if (to != null && cuts == 0 && to.peerId().equals(peer)) {
                Cable cable = new Cable(this, loop, made++, from, to);
                cables.add(cable);
                cable.open();
                return cable;
            }
            attempts.add(new PeerUnreachableException.Attempt(address.toString(), refusal(to)));
        }
        throw new PeerUnreachableException(peer, attempts);
    }

    private String refusal(@Nullable SimHost to) {
        if (cuts > 0) {
            return "no answer";
        }
        return to == null ? "connection refused" : "another peer answers there";
    }

    private void pause(Duration time) {
        if (!time.isZero()) {
            loop.await(loop.now() + time.toNanos());
        }
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    long carry(SimStream stream, int bytes) {
        boolean isLost = losses > 0 || loss > 0 && chance.nextDouble() < loss;
        if (isLost) {
            losses = Math.max(0, losses - 1);
            stream.reset();
        }
        return latency;
    }

    void ended(Cable cable) {
        cables.remove(cable);
    }

    List<SimConnection> of(SimHost host) {
        return cables.stream().filter(cable -> cable.touches(host)).map(cable -> cable.end(host)).toList();
    }
}
