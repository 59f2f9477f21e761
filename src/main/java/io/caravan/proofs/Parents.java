package io.caravan.proofs;

/** Looks up a node's parents; one a thread. */
@FunctionalInterface
interface Parents {

    /** Puts the node's six base and eight expander parents into {@code out}. */
    void of(int node, int[] out);
}
