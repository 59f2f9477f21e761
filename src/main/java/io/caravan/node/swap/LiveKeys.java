package io.caravan.node.swap;

import java.util.Set;

/**
 * Which settings take effect while a role runs: those of the acceptance rules and of limits, which their classes exchange as
 * one record, and those that routes name, whose routes start anew. All others are for the next start.
 */
public final class LiveKeys {

    private static final String ACCEPTANCE = "miner.accept.";
    /** Read once, at the start, though its name would have it otherwise. */
    private static final Set<String> AT_START = Set.of("miner.accept.patience");
    private static final Set<String> LIMITS = Set.of("daemon.funds.top-up-ceiling", "miner.funds.top-up-ceiling", "chain.fee.cap",
            "chain.fee.replace-after", "sealing.fee.cap", "miner.publish.max-fee", "miner.publish.replace-after");

    private LiveKeys() {}

    /** Whether a class takes the key's new value at once; what routes name is beside this. */
    public static boolean isOfClasses(String key) {
        return LIMITS.contains(key) || key.startsWith(ACCEPTANCE) && !key.endsWith(".delay") && !AT_START.contains(key);
    }
}
