package io.caravan.market;

import io.caravan.codec.Bytes;
import io.caravan.model.Signature;

/** Signs with the key of the miner's worker. */
@FunctionalInterface
public interface AnswerSigner {

    Signature sign(Bytes message);
}
