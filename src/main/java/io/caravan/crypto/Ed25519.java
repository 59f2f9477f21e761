package io.caravan.crypto;

import java.security.SecureRandom;

/** Ed25519 (RFC 8032): seeds and public keys of 32 bytes, signatures of 64. */
public final class Ed25519 {

    public static final int KEY_BYTES = 32;
    public static final int SIGNATURE_BYTES = 64;

    private Ed25519() {
    }

    /** A new private key: its seed. */
    public static byte[] generate(SecureRandom random) {
        byte[] seed = new byte[KEY_BYTES];
        random.nextBytes(seed);
        return seed;
    }

    public static byte[] publicKey(byte[] seed) {
        check(seed);
        byte[] out = new byte[KEY_BYTES];
        org.bouncycastle.math.ec.rfc8032.Ed25519.generatePublicKey(seed, 0, out, 0);
        return out;
    }

    public static byte[] sign(byte[] seed, byte[] message) {
        check(seed);
        byte[] out = new byte[SIGNATURE_BYTES];
        org.bouncycastle.math.ec.rfc8032.Ed25519.sign(seed, 0, message, 0, message.length, out, 0);
        return out;
    }

    /** False for a wrong signature and for a key or signature of wrong length. */
    public static boolean verify(byte[] publicKey, byte[] message, byte[] signature) {
        return publicKey.length == KEY_BYTES && signature.length == SIGNATURE_BYTES
                && org.bouncycastle.math.ec.rfc8032.Ed25519.verify(
                        signature, 0, publicKey, 0, message, 0, message.length);
    }

    private static void check(byte[] seed) {
        if (seed.length != KEY_BYTES) {
            throw new CryptoException("an Ed25519 seed has 32 bytes");
        }
    }
}
