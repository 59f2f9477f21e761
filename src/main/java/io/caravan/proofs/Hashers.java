package io.caravan.proofs;

/** The quickest hashers this JVM has for many hashes; each call gives one thread its own. */
final class Hashers {

    private Hashers() {
    }

    /** Two nodes by SHA-256. */
    static BatchHash pairs() {
        return new ShaPairs();
    }

    /** Poseidon of that arity, for a sector of that size. */
    static BatchHash poseidon(int arity, PoRep porep) {
        return new ScalarPoseidon(arity);
    }
}
