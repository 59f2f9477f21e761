package io.caravan.chain;

import io.caravan.model.Epoch;

/**
 * Where a miner is in its proving period (StateMinerProvingDeadline).
 *
 * @param provingPeriod its length in epochs
 * @param deadlines how many it has
 * @param declarationCutoff epochs before a deadline opens in which nothing can be declared for it any more
 */
public record ProvingDeadline(Epoch current, Epoch periodStart, long index, Epoch open, Epoch close, Epoch challenge,
        long provingPeriod, long deadlines, long declarationCutoff) {

    /** Epochs that one deadline is open. */
    public long window() {
        return close.since(open);
    }
}
