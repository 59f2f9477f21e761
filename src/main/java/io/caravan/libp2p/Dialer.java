package io.caravan.libp2p;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Gets a connection to a peer: the one that is there, the one that is being dialed, or a new one. */
final class Dialer {

    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final Duration REMEMBERED = Duration.ofHours(1);

    private final Swarm swarm;
    private final HostThreads threads;
    private final PeerStore peers;
    private final Duration limit;
    private final PeerId self;
    private final Map<PeerId, CompletableFuture<PeerConnection>> dialing = new ConcurrentHashMap<>();

    Dialer(Swarm swarm, HostThreads threads, HostConfig config) {
        this.swarm = swarm;
        this.threads = threads;
        this.peers = config.peers();
        this.limit = config.deadlines().dialPeer();
        this.self = PeerId.of(config.key().publicKey());
    }

    PeerConnection connect(PeerId peer, List<Multiaddr> given, Duration timeout) {
        if (peer.equals(self)) {
            throw new PeerUnreachableException(peer,
                    List.of(new PeerUnreachableException.Attempt("-", "that is ourselves")));
        }
        long end = System.nanoTime() + min(timeout, LONGEST).toNanos();
        PeerConnection open = swarm.table().to(peer);
        if (open != null) {
            return open;
        }
        CompletableFuture<PeerConnection> mine = new CompletableFuture<>();
        CompletableFuture<PeerConnection> others = dialing.putIfAbsent(peer, mine);
        if (others != null) {
            try {
                return await(peer, others, end);
            } catch (PeerUnreachableException e) {
                // That dial may not have known our addresses: once more with them, if there is time.
                if (given.isEmpty() || end - System.nanoTime() < 0) {
                    throw e;
                }
                return connect(peer, given, Duration.ofNanos(end - System.nanoTime()));
            }
        }
        start(peer, given, min(min(timeout, LONGEST), limit), mine);
        return await(peer, mine, end + TimeUnit.MILLISECONDS.toNanos(200));
    }

    private void start(PeerId peer, List<Multiaddr> given, Duration time, CompletableFuture<PeerConnection> result) {
        result.whenComplete((connection, failure) -> {
            dialing.remove(peer, result);
            swarm.dialed(failure != null);
            if (connection != null && !given.isEmpty()) {
                peers.addAddresses(peer, given, REMEMBERED);
                peers.succeeded(peer, connection.remoteAddress());
            }
        });
        try {
            threads.lookups.execute(() -> {
                try {
                    run(peer, given, time, result);
                } catch (RuntimeException e) {
                    result.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException e) {
            result.completeExceptionally(new PeerUnreachableException(peer,
                    List.of(new PeerUnreachableException
                            .Attempt("-", "too many dials at once, or the host is closed"))));
        }
    }

    private void run(PeerId peer, List<Multiaddr> given, Duration time, CompletableFuture<PeerConnection> result) {
        List<DialTarget> targets = new ArrayList<>();
        List<PeerUnreachableException.Attempt> refused = new ArrayList<>();
        Set<Multiaddr> addresses = new LinkedHashSet<>(given);
        addresses.addAll(peers.addresses(peer));
        for (Multiaddr address : addresses) {
            try {
                for (DialTarget target : DialTarget.of(address, peer)) {
                    if (targets.stream().noneMatch(t -> t.socket().equals(target.socket()))) {
                        targets.add(target);
                    }
                }
            } catch (IllegalArgumentException e) {
                refused.add(new PeerUnreachableException.Attempt(address.toString(), String.valueOf(e.getMessage())));
            }
        }
        new Dial(peer, threads.loops.next(), targets, refused, target -> swarm.dial(target, peer)).start(time)
                .whenComplete((connection, failure) -> {
                    if (failure != null) {
                        result.completeExceptionally(failure);
                    } else if (!result.complete(connection)) {
                        connection.close();
                    }
                });
    }

    private static PeerConnection await(PeerId peer, CompletableFuture<PeerConnection> dial, long end) {
        try {
            return dial.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof PeerUnreachableException known) {
                throw new PeerUnreachableException(peer, known.attempts());
            }
            throw unreachable(peer, String.valueOf(e.getCause()));
        } catch (TimeoutException e) {
            throw unreachable(peer, "no answer in time");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unreachable(peer, "interrupted");
        }
    }

    private static PeerUnreachableException unreachable(PeerId peer, String why) {
        return new PeerUnreachableException(peer, List.of(new PeerUnreachableException.Attempt("-", why)));
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }
}
