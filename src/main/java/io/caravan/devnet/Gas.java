package io.caravan.devnet;

/**
 * What things cost, in gas units: a flat table, close enough to the real chain for estimates to look alike
 * (chain-and-rpc §5.1).
 */
final class Gas {

    static final long MESSAGE = 500_000;
    static final long MARKET_BALANCE = 5_000_000;
    static final long PUBLISH = 20_000_000;
    static final long PUBLISH_DEAL = 8_000_000;
    static final long SETTLE_DEAL = 5_000_000;
    static final long PRE_COMMIT_SECTOR = 20_000_000;
    static final long PROVE_SECTOR = 60_000_000;
    static final long TERMINATE_SECTOR = 10_000_000;
    static final long SUBMIT_POST = 40_000_000;
    static final long DECLARE_FAULT = 5_000_000;
    static final long MINER_CHANGE = 3_000_000;
    static final long VIEW = 1_000_000;

    /** What one block may use, and so the most one message may ask for. */
    static final long BLOCK_LIMIT = 10_000_000_000L;

    private Gas() {
    }
}
