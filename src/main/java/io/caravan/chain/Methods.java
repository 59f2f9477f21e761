package io.caravan.chain;

import io.caravan.model.FilAddress;

/** Well-known actors and the method numbers this node sends or serves (chain-and-rpc §3.1, §4.1). */
public final class Methods {

    public static final FilAddress SYSTEM = FilAddress.ofId(0);
    public static final FilAddress POWER = FilAddress.ofId(4);
    /** The storage market actor f05. */
    public static final FilAddress MARKET = FilAddress.ofId(5);
    public static final FilAddress VERIFIED_REGISTRY = FilAddress.ofId(6);
    public static final FilAddress RESERVE = FilAddress.ofId(90);
    public static final FilAddress BURNT = FilAddress.ofId(99);

    /** A plain transfer of value, on every actor. */
    public static final long SEND = 0;

    public static final long MARKET_ADD_BALANCE = 2;
    public static final long MARKET_WITHDRAW_BALANCE = 3;
    public static final long MARKET_PUBLISH_STORAGE_DEALS = 4;
    public static final long MARKET_ADD_BALANCE_EXPORTED = 822473126L;
    public static final long MARKET_WITHDRAW_BALANCE_EXPORTED = 2280458852L;
    public static final long MARKET_PUBLISH_STORAGE_DEALS_EXPORTED = 2236929350L;
    public static final long MARKET_GET_BALANCE = 726108461L;
    public static final long MARKET_GET_DEAL_ACTIVATION = 2567238399L;
    public static final long MARKET_GET_DEAL_SECTOR = 2611213344L;
    public static final long MARKET_SETTLE_DEAL_PAYMENTS = 1900091594L;
    public static final long MARKET_SECTOR_CONTENT_CHANGED = 2034386435L;

    public static final long MINER_CHANGE_PEER_ID = 4;
    public static final long MINER_SUBMIT_WINDOWED_POST = 5;
    public static final long MINER_TERMINATE_SECTORS = 9;
    public static final long MINER_DECLARE_FAULTS = 10;
    public static final long MINER_DECLARE_FAULTS_RECOVERED = 11;
    public static final long MINER_WITHDRAW_BALANCE = 16;
    public static final long MINER_CHANGE_MULTIADDRS = 18;
    public static final long MINER_PRE_COMMIT_SECTOR_BATCH2 = 28;
    public static final long MINER_PROVE_COMMIT_SECTORS3 = 34;

    public static final long POWER_CREATE_MINER = 2;

    private Methods() {
    }
}
