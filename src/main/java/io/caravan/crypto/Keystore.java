package io.caravan.crypto;

import io.caravan.codec.Bytes;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;

/** Named secrets of one role, under the names Lotus uses: {@code wallet-<address>}, {@code libp2p-host}, …. */
public interface Keystore {

    /** Name of the secret that signs API tokens. */
    String JWT_SECRET = "auth-jwt-private";

    /** Name of the libp2p identity. */
    String LIBP2P_HOST = "libp2p-host";

    /** Name of the wallet key that pays when nobody says which. */
    String DEFAULT_WALLET = "default";

    /** All names, sorted. */
    List<String> list();

    Optional<KeyInfo> find(String name);

    /** Stores a new secret durably; refuses a name that is taken. */
    void put(String name, KeyInfo info);

    /** Removes the name if it is there; may be called twice without harm. */
    void delete(String name);

    /** The secret that signs API tokens: 32 random bytes, made at the first call. */
    default Bytes jwtSecret(SecureRandom random) {
        return find(JWT_SECRET).orElseGet(() -> {
            byte[] secret = new byte[32];
            random.nextBytes(secret);
            KeyInfo info = new KeyInfo(KeyType.JWT_SECRET, Bytes.wrap(secret));
            put(JWT_SECRET, info);
            return info;
        }).privateKey();
    }
}
