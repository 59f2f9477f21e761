package io.caravan.proofs;

import io.caravan.codec.Bytes;
import java.util.List;

/** How a tree's nodes make their parent. */
public enum TreeHash {
    /** Two by SHA-256, cut to 254 bits: the tree over a sector's data, whose root is CommD. */
    BINARY_SHA(2),
    /** Eight by Poseidon: the trees over columns and over the replica. */
    OCTREE_POSEIDON(8);

    private final int arity;

    TreeHash(int arity) {
        this.arity = arity;
    }

    public int arity() {
        return arity;
    }

    /** A hasher for one thread, as good for one hash as for many. */
    BatchHash hasher() {
        return this == BINARY_SHA ? new ShaPairs() : new ScalarPoseidon(arity);
    }

    /** The parent of exactly {@link #arity()} nodes. */
    public Bytes parent(List<Bytes> children) {
        return Commitments.hash(hasher(), children);
    }
}
