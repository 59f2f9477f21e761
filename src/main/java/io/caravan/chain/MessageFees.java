package io.caravan.chain;

import io.caravan.model.RetryableException;
import io.caravan.model.TokenAmount;
import io.caravan.model.WaitsOn;

/** What messages pay: the first time, and when nobody took them. Amounts are attoFIL per unit of gas. */
final class MessageFees {

    /** The mempool replaces a message by one whose premium is a quarter higher; some nodes take a tenth. */
    private static final int RAISE_PERCENT = 125;

    private MessageFees() {
    }

    /**
     * The estimated message within its limit.
     *
     * @throws RetryableException the limit does not even cover the base fee: no block would take it now
     */
    static Message first(Message estimated, TokenAmount baseFee, FeeLimit limit) {
        long gas = estimated.gasLimit();
        TokenAmount most = limit.perGas(gas, estimated.gasFeeCap());
        if (most.isLessThan(baseFee)) {
            throw tooDear(gas, baseFee, limit);
        }
        return estimated.withGas(gas, most, estimated.gasPremium().min(most));
    }

    /**
     * The message with a fee that replaces it in every mempool and fits the base fee of now.
     *
     * @throws RetryableException its limit does not allow that
     */
    static Message raised(Message old, TokenAmount baseFee, FeeLimit limit) {
        long gas = old.gasLimit();
        TokenAmount premium = old.gasPremium().timesRatio(RAISE_PERCENT, 100).plus(TokenAmount.ofAtto(1));
        TokenAmount wanted = old.gasFeeCap().timesRatio(RAISE_PERCENT, 100).max(baseFee.times(2).plus(premium));
        TokenAmount most = limit.perGas(gas, wanted);
        if (most.isLessThan(premium) || most.isLessThan(old.gasFeeCap()) || most.isLessThan(baseFee)) {
            throw tooDear(gas, baseFee.max(premium), limit);
        }
        return old.withGas(gas, most, premium);
    }

    private static RetryableException tooDear(long gas, TokenAmount perGas, FeeLimit limit) {
        return new RetryableException(WaitsOn.MONEY, "its fee would be " + perGas.times(gas)
                + " or more now, it may be " + limit.told() + "; it waits for a cheaper hour", null);
    }
}
