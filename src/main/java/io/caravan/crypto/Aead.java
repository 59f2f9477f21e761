package io.caravan.crypto;

/**
 * ChaCha20-Poly1305 under one key with counted nonces (four zero bytes, the counter little-endian, as Noise has it).
 * One thread at a time. A counter must not be used twice for sealing. The arrays must be the caller's alone while a
 * call runs: native code may copy them whole, in and back out, which overwrites what others keep in a shared array.
 */
public interface Aead {

    int TAG_BYTES = 16;

    /** Seals {@code length} bytes into {@code out}, which gets {@link #TAG_BYTES} more; the arrays may be the same. */
    void seal(long counter, byte[] ad, byte[] in, int inFrom, int length, byte[] out, int outFrom);

    /**
     * Opens {@code length} bytes including the tag and returns how many came out.
     *
     * @throws CryptoException when they were not sealed under this key, counter and associated data
     */
    int open(long counter, byte[] ad, byte[] in, int inFrom, int length, byte[] out, int outFrom);
}
