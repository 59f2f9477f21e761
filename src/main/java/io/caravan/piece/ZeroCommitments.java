package io.caravan.piece;

import io.caravan.codec.Cid;
import io.caravan.model.PaddedPieceSize;

/**
 * Roots of trees over zeros, level by level: level 0 is one 32-byte leaf, level k covers {@code 32 << k} padded bytes.
 *
 * <p>Filler costs nothing because of this table: zeros are never hashed.
 */
public final class ZeroCommitments {
    /** 64 GiB, the largest sector. */
    static final int MAX_LEVEL = 31;
    private static final byte[][] ROOTS = compute();

    private ZeroCommitments() {
    }

    /** The root of {@code 32 << level} zero bytes; the caller must not write to it. */
    static byte[] root(int level) {
        return ROOTS[level];
    }

    /** The commP of a filler piece of this size (it has no payload). */
    public static Cid commP(PaddedPieceSize size) {
        return Cid.commP(ROOTS[level(size)].clone());
    }

    /** log2 of the number of 32-byte leaves. */
    static int level(PaddedPieceSize size) {
        int level = Long.numberOfTrailingZeros(size.checked().bytes()) - 5;
        if (level > MAX_LEVEL) {
            throw new IllegalArgumentException("A piece of " + size.bytes() + " bytes is larger than 64 GiB");
        }
        return level;
    }

    private static byte[][] compute() {
        NodeHasher hasher = new NodeHasher();
        byte[][] roots = new byte[MAX_LEVEL + 1][];
        roots[0] = new byte[NodeHasher.NODE];
        for (int k = 1; k <= MAX_LEVEL; k++) {
            roots[k] = hasher.hash(roots[k - 1], roots[k - 1]);
        }
        return roots;
    }
}
