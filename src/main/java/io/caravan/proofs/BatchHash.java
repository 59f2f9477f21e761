package io.caravan.proofs;

/**
 * The hash of a tree's inner nodes (or of columns), many at once. An instance works in arrays of its own: one a thread.
 */
interface BatchHash {

    int NODE = 32;

    /** How many nodes one hash takes. */
    int arity();

    /**
     * Hashes {@code count} groups of {@link #arity()} nodes that lie one behind the other; the results lie so too.
     * {@code out} may be {@code in} when {@code outAt <= inAt}.
     */
    void hash(byte[] in, int inAt, byte[] out, int outAt, int count);
}
