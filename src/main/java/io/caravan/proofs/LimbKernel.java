package io.caravan.proofs;

/**
 * The inner loops of arithmetic on many field elements at once. An element is nine limbs of 29 bits; limb j of the
 * lanes' elements lies at {@code j·LANES}, lane after lane, so that every loop runs over consecutive longs. A sum of
 * products is eighteen such rows, unsigned: one row holds 63 products of two limbs, which is what fits 64 bits.
 */
interface LimbKernel {

    /** Elements worked on at a time: a whole Poseidon state of them stays in the first cache. */
    int LANES = 32;
    int LIMBS = 9;
    int BITS = 29;
    long MASK = (1L << BITS) - 1;
    /** Longs of an element in all lanes. */
    int ELEMENT = LIMBS * LANES;
    /** Longs of a sum of products in all lanes. */
    int SUM = 2 * ELEMENT;

    // The order's limbs above the lowest, which is 1.
    long P1 = limb(1);
    long P2 = limb(2);
    long P3 = limb(3);
    long P4 = limb(4);
    long P5 = limb(5);
    long P6 = limb(6);
    long P7 = limb(7);
    long P8 = limb(8);

    private static long limb(int i) {
        return ScalarField.ORDER.shiftRight(BITS * i).longValue() & MASK;
    }

    /** Adds one limb of {@code a} times all limbs of {@code b} to nine rows of the sum. */
    void addProducts(long[] a, int limbAt, long[] b, int bAt, long[] sum, int at);

    /** Adds the same factor times all limbs of {@code b}. */
    void addMultiple(long factor, long[] b, int bAt, long[] sum, int at);

    /**
     * Adds the multiple of the order that makes the low 29 bits of the row zero, and carries what is above them: the
     * order is 1 in its lowest limb, so the multiple is the row's negative.
     */
    void fold(long[] sum, int at);

    /** Puts the low 29 bits of a row to {@code out}, which may be the row, and carries the rest to the next row. */
    void carry(long[] sum, int at, long[] out, int outAt);
}
