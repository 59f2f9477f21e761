package io.caravan.crypto;

import io.caravan.model.FilAddress;
import io.caravan.model.Signature;

/** Signs for an address: a local wallet, or a node that keeps the key. */
public interface Signer {

    /**
     * Signs {@code message} with the key of {@code address}, which must be a key address (f1, f3).
     *
     * @throws CryptoException when there is no such key
     */
    Signature sign(FilAddress address, byte[] message);

    /** Whether the key of that key address is here; a signer that cannot tell says yes, and {@link #sign} decides. */
    default boolean has(FilAddress address) {
        return true;
    }
}
