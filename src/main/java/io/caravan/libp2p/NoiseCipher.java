package io.caravan.libp2p;

import io.caravan.crypto.Aead;
import io.caravan.crypto.AeadProvider;
import io.caravan.crypto.CryptoException;

/**
 * ChaCha20-Poly1305 under one key with a counter as nonce: each call uses the next one, so the order of calls is the
 * order of messages. A failed {@link #open} is final for the connection.
 */
final class NoiseCipher {

    static final byte[] NO_DATA = new byte[0];

    private final Aead aead;
    private long counter;

    NoiseCipher(AeadProvider aeads, byte[] key) {
        aead = aeads.newAead(key);
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
        try {
            return aead.open(next(), associated, in, from, count, out, to);
        } catch (CryptoException e) {
            throw new PeerMisbehavedException("a message that is not authentic", e);
        }
    }

    private long next() {
        if (counter == -1) {
            throw new IllegalStateException("no nonce is left for this key");
        }
        return counter++;
    }
}
