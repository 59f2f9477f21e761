package io.caravan.chain;

import io.caravan.codec.Bytes;
import io.caravan.model.FilAddress;
import io.caravan.model.Signature;

/** Whoever signs for us: the role's keystore, or the chain node's wallet. */
public interface Wallet {

    /** Whether it holds the key of this key address (f1 or f3). */
    boolean has(FilAddress key);

    /**
     * Signs with the key of this key address.
     *
     * @throws io.caravan.model.FatalException when there is no such key
     */
    Signature sign(FilAddress key, Bytes data);
}
