package io.caravan.crypto;

import java.security.SecureRandom;

/** Diffie-Hellman on Curve25519 (RFC 7748), keys of 32 bytes. */
public final class X25519 {

    public static final int KEY_BYTES = 32;

    private X25519() {
    }

    public static byte[] generate(SecureRandom random) {
        byte[] privateKey = new byte[KEY_BYTES];
        org.bouncycastle.math.ec.rfc7748.X25519.generatePrivateKey(random, privateKey);
        return privateKey;
    }

    public static byte[] publicKey(byte[] privateKey) {
        check(privateKey);
        byte[] out = new byte[KEY_BYTES];
        org.bouncycastle.math.ec.rfc7748.X25519.scalarMultBase(privateKey, 0, out, 0);
        return out;
    }

    /**
     * The secret both sides compute.
     *
     * @throws CryptoException when the peer's key has small order, so that the secret would be no secret
     */
    public static byte[] sharedSecret(byte[] privateKey, byte[] peerPublicKey) {
        check(privateKey);
        check(peerPublicKey);
        byte[] out = new byte[KEY_BYTES];
        if (!org.bouncycastle.math.ec.rfc7748.X25519.calculateAgreement(privateKey, 0, peerPublicKey, 0, out, 0)) {
            throw new CryptoException("X25519 public key of small order");
        }
        return out;
    }

    private static void check(byte[] key) {
        if (key.length != KEY_BYTES) {
            throw new CryptoException("an X25519 key has 32 bytes");
        }
    }
}
