package io.caravan.chain;

import io.caravan.model.Epoch;
import io.caravan.model.TokenAmount;
import java.time.Instant;

/** One tipset: its key, its epoch, when it was made and the base fee a message pays after it (attoFIL per gas). */
public record TipSet(TipSetKey key, Epoch epoch, Instant at, TokenAmount parentBaseFee) {
}
