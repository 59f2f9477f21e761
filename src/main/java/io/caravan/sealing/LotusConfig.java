package io.caravan.sealing;

import java.time.Duration;

/**
 * How pieces are given to a Lotus miner. Keys {@code sealing.lotus.*}.
 *
 * @param addTimeout how long the miner may take to put one piece into a sector; {@code sealing.lotus.add-timeout}
 * @param settle how long after a piece was fetched whole, or a sector was last known, its absence is believed; {@code
 *     sealing.lotus.settle}
 * @param maxAsks most pieces that the miner is asked for at a time; {@code sealing.lotus.max-asks}
 */
public record LotusConfig(Duration addTimeout, Duration settle, int maxAsks) {

    public LotusConfig {
        if (addTimeout.isNegative() || addTimeout.isZero() || settle.isNegative() || maxAsks < 1) {
            throw new IllegalArgumentException("sealing.lotus.add-timeout and max-asks must be more than nothing");
        }
    }
}
