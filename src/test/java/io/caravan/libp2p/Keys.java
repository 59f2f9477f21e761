package io.caravan.libp2p;

import io.caravan.crypto.PrivKey;
import java.util.Arrays;

/** Keys and ids that are the same in every run. */
final class Keys {

    private Keys() {}

    static PrivKey key(int n) {
        byte[] seed = new byte[32];
        Arrays.fill(seed, (byte) n);
        return PrivKey.ofEd25519Seed(seed);
    }

    static PeerId peer(int n) {
        return PeerId.of(key(n).publicKey());
    }
}
