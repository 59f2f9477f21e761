package io.caravan.chain;

import io.caravan.model.Epoch;

/** Where a miner is in its proving period; the length is in epochs (StateMinerProvingDeadline). */
public record ProvingDeadline(Epoch current, Epoch periodStart, long index, Epoch open, Epoch close, Epoch challenge,
        long provingPeriod) {
}
