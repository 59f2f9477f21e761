package io.caravan.proofs;

import io.caravan.codec.Hashes;
import java.security.DigestException;
import java.security.MessageDigest;

/** SHA-256 over two nodes, the two top bits of the last byte cleared; by the JVM's own digest. */
final class ShaPairs implements BatchHash {

    private final MessageDigest sha256 = Hashes.newSha256();

    @Override
    public int arity() {
        return 2;
    }

    @Override
    public void hash(byte[] in, int inAt, byte[] out, int outAt, int count) {
        try {
            for (int i = 0; i < count; i++) {
                sha256.update(in, inAt + 2 * i * NODE, 2 * NODE);
                sha256.digest(out, outAt + i * NODE, NODE);
                out[outAt + i * NODE + NODE - 1] &= 0x3f;
            }
        } catch (DigestException e) {
            throw new IllegalStateException("a digest of 32 bytes did not fit", e);
        }
    }
}
