package io.caravan.chain;

/** Exit codes of messages as the chain writes them into receipts (chain-and-rpc §4.4). */
public final class ExitCode {

    public static final long OK = 0;

    public static final long SYS_SENDER_INVALID = 1;
    public static final long SYS_SENDER_STATE_INVALID = 2;
    public static final long SYS_ILLEGAL_INSTRUCTION = 4;
    public static final long SYS_INVALID_RECEIVER = 5;
    public static final long SYS_INSUFFICIENT_FUNDS = 6;
    public static final long SYS_OUT_OF_GAS = 7;

    public static final long ILLEGAL_ARGUMENT = 16;
    public static final long NOT_FOUND = 17;
    public static final long FORBIDDEN = 18;
    public static final long INSUFFICIENT_FUNDS = 19;
    public static final long ILLEGAL_STATE = 20;
    public static final long SERIALIZATION = 21;
    public static final long UNHANDLED_MESSAGE = 22;
    public static final long UNSPECIFIED = 23;
    public static final long ASSERTION_FAILED = 24;
    public static final long READ_ONLY = 25;
    public static final long NOT_PAYABLE = 26;

    public static final long MARKET_DEAL_EXPIRED = 32;
    public static final long MARKET_DEAL_NOT_ACTIVATED = 33;

    public static final long MINER_BALANCE_INVARIANTS_BROKEN = 1000;
    public static final long MINER_NOTIFICATION_SEND_FAILED = 1001;
    public static final long MINER_NOTIFICATION_RECEIVER_ABORTED = 1002;
    public static final long MINER_NOTIFICATION_RESPONSE_INVALID = 1003;
    public static final long MINER_NOTIFICATION_REJECTED = 1004;

    private ExitCode() {
    }
}
