package io.caravan.chain;

import io.caravan.model.FilAddress;
import io.caravan.model.TokenAmount;

/** Why a message waits: its sender does not hold what it moves and costs, attoFIL. More coins help, time does not. */
public final class WalletShortException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient FilAddress wallet;
    private final transient TokenAmount has;
    private final transient TokenAmount needs;

    public WalletShortException(FilAddress wallet, TokenAmount has, TokenAmount needs) {
        super("wallet " + wallet + " holds " + has + ", " + needs + " needed");
        this.wallet = wallet;
        this.has = has;
        this.needs = needs;
    }

    public FilAddress wallet() {
        return wallet;
    }

    public TokenAmount has() {
        return has;
    }

    /** Value and the highest fee together. */
    public TokenAmount needs() {
        return needs;
    }
}
