package io.caravan.deal;

import io.caravan.model.Epoch;

/** When deals end; prices and collateral are methods of the ask, the proposal and the bounds themselves. */
public final class DealEnd {

    private DealEnd() {
    }

    /**
     * The end of a deal that lasts at least {@code minDuration} epochs and ends with a proving period of its miner
     * (deal-lifecycle §5.3 point 6).
     *
     * @param provingPeriod length of a proving period in epochs
     * @param periodStart start of any proving period of the miner, may be negative
     */
    public static Epoch expiration(long minDuration, long provingPeriod, Epoch periodStart, Epoch start) {
        long least = start.value() + minDuration;
        long end = least + provingPeriod - least % provingPeriod + periodStart.value() % provingPeriod - 1;
        while (end < least) {
            end += provingPeriod;
        }
        return Epoch.of(end);
    }
}
