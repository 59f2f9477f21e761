package io.caravan.proofs;

/** The kernel as plain loops, in the form that the JVM's compiler vectorises by itself where it can. */
final class PlainLimbs implements LimbKernel {

    @Override
    public void addProducts(long[] a, int limbAt, long[] b, int bAt, long[] sum, int at) {
        for (int j = 0; j < ELEMENT; j += LANES) {
            addRow(a, limbAt, b, bAt + j, sum, at + j);
        }
    }

    private static void addRow(long[] a, int aAt, long[] b, int bAt, long[] sum, int at) {
        for (int l = 0; l < LANES; l++) {
            sum[at + l] += a[aAt + l] * b[bAt + l];
        }
    }

    @Override
    public void addMultiple(long factor, long[] b, int bAt, long[] sum, int at) {
        for (int l = 0; l < ELEMENT; l++) {
            sum[at + l] += factor * b[bAt + l];
        }
    }

    @Override
    public void fold(long[] sum, int at) {
        for (int l = at; l < at + LANES; l++) {
            long v = sum[l];
            long m = -v & MASK;
            sum[l + LANES] += (v + m >>> BITS) + m * P1;
            sum[l + 2 * LANES] += m * P2;
            sum[l + 3 * LANES] += m * P3;
            sum[l + 4 * LANES] += m * P4;
            sum[l + 5 * LANES] += m * P5;
            sum[l + 6 * LANES] += m * P6;
            sum[l + 7 * LANES] += m * P7;
            sum[l + 8 * LANES] += m * P8;
        }
    }

    @Override
    public void carry(long[] sum, int at, long[] out, int outAt) {
        for (int l = 0; l < LANES; l++) {
            long v = sum[at + l];
            sum[at + LANES + l] += v >>> BITS;
            out[outAt + l] = v & MASK;
        }
    }
}
