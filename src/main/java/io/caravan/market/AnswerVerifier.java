package io.caravan.market;

import io.caravan.codec.Bytes;
import io.caravan.model.FilAddress;
import io.caravan.model.Signature;

/** Checks signatures of market messages; addresses are resolved to keys by whoever implements it. */
public interface AnswerVerifier {

    /**
     * Whether the worker of this miner signed exactly these bytes.
     *
     * @throws RuntimeException if the worker cannot be looked up now
     */
    boolean isByWorker(FilAddress miner, Bytes signed, Signature signature);

    /** Whether this account (f1, f3, f4, or an f0 to be resolved) signed exactly these bytes. */
    boolean isBy(FilAddress account, Bytes signed, Signature signature);
}
