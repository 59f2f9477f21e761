package io.caravan.proofs;

/** The quickest hashers this JVM has for many hashes; each call gives one thread its own. */
final class Hashers {

    /** Below so many nodes the fast forms' constants cost more than they save. */
    private static final int FEW_NODES = 1 << 12;

    private Hashers() {
    }

    /** Two nodes by SHA-256. */
    static BatchHash pairs() {
        return new ShaPairs();
    }

    /** Poseidon of that arity, for a sector of that size. */
    static BatchHash poseidon(int arity, PoRep porep) {
        return porep.nodes() < FEW_NODES ? new ScalarPoseidon(arity) : PoseidonKernels.chosen().hasher(arity);
    }
}
