package io.caravan.chain;

import java.time.Duration;
import java.time.Instant;

/**
 * A network's name and timing (StateGetNetworkParams).
 *
 * @param proofs which proofs of sectors a devnet takes: {@link #VANILLA_PROOFS} or {@link #PLACEHOLDER_PROOFS}; empty where
 *     the chain does not say, as every other does not
 */
public record NetworkParams(String name, Duration blockDelay, long preCommitChallengeDelay, Instant genesis, String proofs) {

    /** Whole vanilla proofs, every part of which is checked. */
    public static final String VANILLA_PROOFS = "vanilla";
    /** Declared stand-ins without a replica behind them. */
    public static final String PLACEHOLDER_PROOFS = "placeholder";

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
