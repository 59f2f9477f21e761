package io.caravan.crypto;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** What a stored secret is for, by the name Lotus gives it in its key files. */
public enum KeyType {
    SECP256K1("secp256k1"),
    BLS("bls"),
    LIBP2P_HOST("libp2p-host"),
    JWT_SECRET("jwt-hmac-secret");

    private final String wireName;

    KeyType(String wireName) {
        this.wireName = wireName;
    }

    @JsonValue
    public String wireName() {
        return wireName;
    }

    /** Whether a wallet address stands for such a key. */
    public boolean isWallet() {
        return this == SECP256K1 || this == BLS;
    }

    @JsonCreator
    public static KeyType ofName(String name) {
        for (KeyType type : values()) {
            if (type.wireName.equals(name)) {
                return type;
            }
        }
        if (name.equals("delegated")) {
            throw new CryptoException("delegated (f4) keys cannot make deals; use a secp256k1 or bls key");
        }
        throw new CryptoException("unknown key type; known are secp256k1 and bls");
    }
}
