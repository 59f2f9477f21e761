package io.caravan.crypto;

/**
 * BLS12-381 signatures as Filecoin has them: keys in G1 (48 bytes), signatures in G2 (96 bytes), basic scheme, private
 * keys little-endian (chain-and-rpc §3.5).
 */
public interface BlsProvider {

    /** A private key, 32 bytes little-endian, from at least 32 random bytes. */
    byte[] generate(byte[] seed);

    /** @throws CryptoException when {@code privateKey} is none */
    byte[] publicKey(byte[] privateKey);

    byte[] sign(byte[] privateKey, byte[] message);

    /** False for a wrong signature and anything malformed: wrong lengths, the identity, points outside the group. */
    boolean verify(byte[] publicKey, byte[] message, byte[] signature);

    /** The one provider of this machine, with a clear refusal when its native library does not load. */
    static BlsProvider ofThisMachine() {
        return BlstProvider.Loaded.PROVIDER.orElseThrow();
    }
}
