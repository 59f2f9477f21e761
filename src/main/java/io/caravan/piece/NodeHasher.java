package io.caravan.piece;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The node function of piece and sector trees: SHA-256 of two 32-byte nodes, the two top bits of the last byte cleared.
 */
final class NodeHasher {
    static final int NODE = 32;
    private final MessageDigest sha256;

    NodeHasher() {
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("This Java has no SHA-256", e);
        }
    }

    byte[] hash(byte[] left, byte[] right) {
        sha256.update(left, 0, NODE);
        byte[] node = sha256.digest(right);
        node[NODE - 1] &= 0x3f;
        return node;
    }

    /**
     * Reduces {@code nodes} (a power of two) nodes at the start of {@code buffer} in place and returns the root's copy.
     */
    byte[] reduce(byte[] buffer, int nodes) {
        for (int n = nodes >>> 1; n > 0; n >>>= 1) {
            pairs(buffer, 0, buffer, 0, n);
        }
        return java.util.Arrays.copyOf(buffer, NODE);
    }

    /** Hashes pairs that lie one behind the other, to nodes that do so. */
    void pairs(byte[] in, int inAt, byte[] out, int outAt, int count) {
        try {
            for (int i = 0; i < count; i++) {
                sha256.update(in, inAt + i * 2 * NODE, 2 * NODE);
                sha256.digest(out, outAt + i * NODE, NODE);
                out[outAt + i * NODE + NODE - 1] &= 0x3f;
            }
        } catch (DigestException e) {
            throw new IllegalStateException("A 32-byte digest did not fit in 32 bytes", e);
        }
    }
}
