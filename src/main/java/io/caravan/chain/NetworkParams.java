package io.caravan.chain;

import java.time.Duration;
import java.time.Instant;

/** A network's name and timing (StateGetNetworkParams). */
public record NetworkParams(String name, Duration blockDelay, long preCommitChallengeDelay, Instant genesis) {

    /** What the embedded devnet calls its network; no other chain is called so. */
    public static final String DEVNET = "caravan-devnet";

    /** Whether this is the embedded devnet, which alone takes proofs that are declared stand-ins. */
    public boolean isDevnet() {
        return name.equals(DEVNET);
    }

    /** Whether addresses are written with {@code f}; every other network writes {@code t}. */
    public boolean isMainnet() {
        return name.equals("mainnet");
    }
}
