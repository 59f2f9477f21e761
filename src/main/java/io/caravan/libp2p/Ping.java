package io.caravan.libp2p;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** One ping of {@code /ipfs/ping/1.0.0}: is the peer there, and how far is it? */
public final class Ping {

    private static final int BYTES = 32;

    private Ping() {}

    /**
     * The time from the question to the answer, without the dial.
     *
     * @throws PeerUnreachableException if there is no way to the peer
     * @throws PeerMisbehavedException if it answers with something else
     */
    public static Duration once(Host host, PeerId peer, List<Multiaddr> addresses, Duration timeout) {
        try (Stream stream = host.newStream(peer, addresses, List.of(PingService.PROTOCOL), timeout)) {
            stream.setDeadline(timeout);
            byte[] question = new byte[BYTES];
            new SecureRandom().nextBytes(question);
            long start = System.nanoTime();
            stream.out().write(question);
            byte[] answer = stream.in().readNBytes(BYTES);
            long nanos = System.nanoTime() - start;
            if (!Arrays.equals(question, answer)) {
                throw new PeerMisbehavedException("peer " + peer + " answers a ping with something else");
            }
            return Duration.ofNanos(nanos);
        } catch (IOException e) {
            throw new IllegalStateException("a stream throws its own exceptions only", e);
        }
    }
}
