package io.caravan.chain;

import io.caravan.model.TokenAmount;
import java.math.BigInteger;

/**
 * What a message may cost, and when its fee is raised.
 *
 * @param cap most that the message may cost in fees, attoFIL: gas limit times fee cap; zero is no limit
 * @param replaceAfter epochs without landing after which it is replaced by one that pays more; zero for never
 * @param setting where an operator changes the cap; empty where nobody can
 */
public record FeeLimit(TokenAmount cap, long replaceAfter, String setting) {

    /** No limit, and no replacement. */
    public static final FeeLimit NONE = new FeeLimit(TokenAmount.ZERO, 0);

    public FeeLimit {
        if (cap.isNegative()) {
            throw new IllegalArgumentException("a fee cap is negative: " + cap);
        }
        if (replaceAfter < 0) {
            throw new IllegalArgumentException("a message cannot be replaced after " + replaceAfter + " epochs");
        }
    }

    /** A limit that no setting has. */
    public FeeLimit(TokenAmount cap, long replaceAfter) {
        this(cap, replaceAfter, "");
    }

    /** The limit of a message that does the work of so many. */
    FeeLimit times(int messages) {
        return new FeeLimit(cap.times(messages), replaceAfter, setting);
    }

    /** The cap as people read it. */
    String told() {
        return cap + (setting.isEmpty() ? "" : " (" + setting + ")");
    }

    /** The most a unit of gas may cost a message with this gas limit; the given amount where there is no limit. */
    TokenAmount perGas(long gasLimit, TokenAmount wanted) {
        return cap.isZero() || gasLimit <= 0 ? wanted
                : wanted.min(TokenAmount.ofAtto(cap.atto().divide(BigInteger.valueOf(gasLimit))));
    }
}
