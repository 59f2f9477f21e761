package io.caravan.libp2p;

/**
 * ChaCha20-Poly1305 under one key with a counter as nonce: each call uses the next one, so the order of calls is the order of messages.
 * A failed {@link #open} is final for the connection.
 */
final class NoiseCipher {

    static final byte[] NO_DATA = new byte[0];

    private final NoiseCrypto.Aead aead;
    private long counter;

    NoiseCipher(byte[] key) {
        aead = NoiseCrypto.aead(key);
    }

    /** Encrypts and appends the tag of 16 bytes. */
    void seal(byte[] associated, byte[] in, int from, int count, byte[] out, int to) {
        aead.seal(next(), associated, in, from, count, out, to);
    }

    /**
     * Decrypts; returns the bytes of plaintext.
     *
     * @throws PeerMisbehavedException if the tag does not match
     */
    int open(byte[] associated, byte[] in, int from, int count, byte[] out, int to) {
        return aead.open(next(), associated, in, from, count, out, to);
    }

    private byte[] next() {
        if (counter == -1) {
            throw new IllegalStateException("no nonce is left for this key");
        }
        byte[] nonce = new byte[12];
        long n = counter++;
        for (int i = 0; i < 8; i++) {
            nonce[4 + i] = (byte) (n >>> 8 * i);
        }
        return nonce;
    }
}
