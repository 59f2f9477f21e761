package io.caravan.proofs;

import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The kernel on the machine's widest vectors. Each method is small enough for the compiler to keep its vectors in
 * registers; more work in one method makes it allocate them instead, and ten times slower.
 */
final class VectorLimbs implements LimbKernel {

    private static final VectorSpecies<Long> WIDE = LongVector.SPECIES_PREFERRED;
    private static final int STEP = WIDE.length();

    @Override
    public void addProducts(long[] a, int limbAt, long[] b, int bAt, long[] sum, int at) {
        for (int l = 0; l < LANES; l += STEP) {
            LongVector limb = LongVector.fromArray(WIDE, a, limbAt + l);
            for (int j = 0; j < ELEMENT; j += LANES) {
                add(sum, at + j + l, limb.mul(LongVector.fromArray(WIDE, b, bAt + j + l)));
            }
        }
    }

    @Override
    public void addMultiple(long factor, long[] b, int bAt, long[] sum, int at) {
        for (int l = 0; l < ELEMENT; l += STEP) {
            add(sum, at + l, LongVector.fromArray(WIDE, b, bAt + l).mul(factor));
        }
    }

    @Override
    public void fold(long[] sum, int at) {
        negate(sum, at);
        addOrder(sum, at);
    }

    /** The multiple of the order takes the row's place; the row is not read again. */
    private static void negate(long[] sum, int at) {
        for (int l = at; l < at + LANES; l += STEP) {
            LongVector v = LongVector.fromArray(WIDE, sum, l);
            LongVector m = v.neg().and(MASK);
            add(sum, l + LANES, v.add(m).lanewise(VectorOperators.LSHR, BITS));
            m.intoArray(sum, l);
        }
    }

    private static void addOrder(long[] sum, int at) {
        for (int l = at; l < at + LANES; l += STEP) {
            LongVector m = LongVector.fromArray(WIDE, sum, l);
            add(sum, l + LANES, m.mul(P1));
            add(sum, l + 2 * LANES, m.mul(P2));
            add(sum, l + 3 * LANES, m.mul(P3));
            add(sum, l + 4 * LANES, m.mul(P4));
            add(sum, l + 5 * LANES, m.mul(P5));
            add(sum, l + 6 * LANES, m.mul(P6));
            add(sum, l + 7 * LANES, m.mul(P7));
            add(sum, l + 8 * LANES, m.mul(P8));
        }
    }

    private static void add(long[] sum, int at, LongVector more) {
        LongVector.fromArray(WIDE, sum, at).add(more).intoArray(sum, at);
    }

    @Override
    public void carry(long[] sum, int at, long[] out, int outAt) {
        for (int l = 0; l < LANES; l += STEP) {
            LongVector v = LongVector.fromArray(WIDE, sum, at + l);
            add(sum, at + LANES + l, v.lanewise(VectorOperators.LSHR, BITS));
            v.and(MASK).intoArray(out, outAt + l);
        }
    }
}
