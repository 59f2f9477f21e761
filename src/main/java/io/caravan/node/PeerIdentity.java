package io.caravan.node;

import io.caravan.crypto.KeyInfo;
import io.caravan.crypto.Keystore;
import io.caravan.crypto.PrivKey;
import java.security.SecureRandom;

/** The libp2p identity of a role, made once and kept in its keystore, so that it survives restarts and upgrades. */
final class PeerIdentity {

    private PeerIdentity() {}

    static PrivKey of(Keystore keystore, SecureRandom random) {
        KeyInfo info = keystore.find(Keystore.LIBP2P_HOST).orElseGet(() -> {
            KeyInfo fresh = PrivKey.generate(random).toKeyInfo();
            keystore.put(Keystore.LIBP2P_HOST, fresh);
            return fresh;
        });
        return PrivKey.ofProtobuf(info.privateKey().toArray());
    }
}
