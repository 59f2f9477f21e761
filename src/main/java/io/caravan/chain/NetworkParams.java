package io.caravan.chain;

import java.time.Duration;
import java.time.Instant;

/** A network's name and timing (StateGetNetworkParams). */
public record NetworkParams(String name, Duration blockDelay, long preCommitChallengeDelay, Instant genesis) {

    /** Whether addresses are written with {@code f}; every other network writes {@code t}. */
    public boolean isMainnet() {
        return name.equals("mainnet");
    }
}
