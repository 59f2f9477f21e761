package io.caravan.market;

import java.time.Duration;

/**
 * How long the short exchanges may take. Each is the longest single wait for the peer.
 *
 * @param open opening a stream, with the dial
 * @param ask the peer's ask or request for it
 * @param proposal a server's wait for the bytes of a proposal, and for the client to take the answer
 * @param decision a client's wait for the answer to a proposal; the provider may think for long (wire-protocols §5.4)
 * @param status the status request or its answer
 */
public record MarketDeadlines(Duration open, Duration ask, Duration proposal, Duration decision, Duration status) {

    public static final MarketDeadlines DEFAULT = new MarketDeadlines(Duration.ofSeconds(45), Duration.ofSeconds(15),
            Duration.ofSeconds(15), Duration.ofMinutes(10), Duration.ofSeconds(15));

    public MarketDeadlines {
        for (Duration each : new Duration[] {open, ask, proposal, decision, status}) {
            if (each.isNegative() || each.isZero()) {
                throw new IllegalArgumentException("a deadline must be longer than nothing: " + each);
            }
        }
    }
}
