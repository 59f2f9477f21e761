package io.caravan.node.net;

import io.caravan.crypto.PrivKey;
import io.caravan.libp2p.Connection;
import io.caravan.libp2p.Host;
import io.caravan.libp2p.Multiaddr;
import io.caravan.libp2p.PeerId;
import io.caravan.libp2p.PeerInfo;
import io.caravan.libp2p.PeerUnreachableException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Dials one address the way a stranger would: from a host made for it, so that no open connection and nothing remembered
 * hides that the address is wrong.
 */
public final class Probe {

    private static final Duration DIAL = Duration.ofSeconds(10);
    private static final Duration IDENTIFY = Duration.ofSeconds(6);
    private static final Duration LOOK = Duration.ofMillis(20);

    private final Supplier<PrivKey> keys;
    private final Clock clock;

    /** @param keys makes the identity that a probe shows */
    public Probe(Supplier<PrivKey> keys, Clock clock) {
        this.keys = keys;
        this.clock = clock;
    }

    /**
     * @param took until the handshake was done, or until it failed
     * @param info what the peer says of itself; empty when it was not reached or did not tell in time
     * @param failure why it was not reached; null when it was
     */
    public record Outcome(Duration took, Optional<PeerInfo> info, @Nullable String failure) {

        boolean isReached() {
            return failure == null;
        }
    }

    /** Dials and waits for the peer's identify; at most sixteen seconds. */
    public Outcome dial(PeerId peer, Multiaddr address) {
        Instant start = clock.instant();
        try (Host host = Host.builder().key(keys.get()).clock(clock).agent("caravan-doctor").start()) {
            Connection connection = host.connect(peer, List.of(address), DIAL);
            Duration took = Duration.between(start, clock.instant());
            return new Outcome(took, identified(connection), null);
        } catch (PeerUnreachableException e) {
            String why = e.attempts().isEmpty() ? e.getMessage() : e.attempts().get(0).reason();
            return new Outcome(Duration.between(start, clock.instant()), Optional.empty(), why);
        }
    }

    private static Optional<PeerInfo> identified(Connection connection) {
        CountDownLatch never = new CountDownLatch(1);
        try {
            for (long left = IDENTIFY.toMillis(); left > 0 && connection.identified().isEmpty() && connection.isOpen(); left -= LOOK.toMillis()) {
                never.await(LOOK.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return connection.identified();
    }
}
