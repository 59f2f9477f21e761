package io.caravan.proofs;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigInteger;
import java.nio.ByteOrder;

/**
 * The BLS12-381 scalar field, one element at a time: four 64-bit words, least significant first, in a {@code long[]} at
 * an offset. Products are Montgomery's with R = 2^256; every value taken and given is below the order.
 */
final class ScalarField {

    static final BigInteger ORDER =
            new BigInteger("73EDA753299D7D483339D80809A1D80553BDA402FFFE5BFEFFFFFFFF00000001", 16);

    private static final BigInteger R = BigInteger.ONE.shiftLeft(256);
    private static final VarHandle LE = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long P0 = 0xFFFFFFFF00000001L;
    private static final long P1 = 0x53BDA402FFFE5BFEL;
    private static final long P2 = 0x3339D80809A1D805L;
    private static final long P3 = 0x73EDA753299D7D48L;
    /** -1 / order mod 2^64. */
    private static final long NEGATIVE_INVERSE = 0xFFFFFFFEFFFFFFFFL;
    private static final long[] R_SQUARED = words(R.multiply(R).mod(ORDER));
    private static final long[] RAW_ONE = {1, 0, 0, 0};

    private ScalarField() {
    }

    /** {@code out = a · b / R}; {@code out} may be either operand. */
    static void multiply(long[] a, int aAt, long[] b, int bAt, long[] out, int outAt) {
        long a0 = a[aAt];
        long a1 = a[aAt + 1];
        long a2 = a[aAt + 2];
        long a3 = a[aAt + 3];
        long t0 = 0;
        long t1 = 0;
        long t2 = 0;
        long t3 = 0;
        // One word of b a turn: add a·word, then the multiple of the order that makes the lowest word zero, and drop it.
        // The order is below 2^255, so four words and a carry never overflow.
        for (int i = 0; i < 4; i++) {
            long word = b[bAt + i];
            long low = a0 * word;
            long sum = t0 + low;
            long carry = high(a0, word) + carry(sum, low);
            t0 = sum;
            low = a1 * word + carry;
            carry = high(a1, word) + carry(low, carry);
            t1 += low;
            carry += carry(t1, low);
            low = a2 * word + carry;
            carry = high(a2, word) + carry(low, carry);
            t2 += low;
            carry += carry(t2, low);
            low = a3 * word + carry;
            carry = high(a3, word) + carry(low, carry);
            t3 += low;
            final long t4 = carry + carry(t3, low);

            long m = t0 * NEGATIVE_INVERSE;
            low = m * P0;
            carry = high(m, P0) + carry(t0 + low, low);
            low = m * P1 + carry;
            carry = high(m, P1) + carry(low, carry);
            t0 = t1 + low;
            carry += carry(t0, low);
            low = m * P2 + carry;
            carry = high(m, P2) + carry(low, carry);
            t1 = t2 + low;
            carry += carry(t1, low);
            low = m * P3 + carry;
            carry = high(m, P3) + carry(low, carry);
            t2 = t3 + low;
            carry += carry(t2, low);
            t3 = t4 + carry;
        }
        reduce(t0, t1, t2, t3, out, outAt);
    }

    /** {@code out = a + b}. */
    static void add(long[] a, int aAt, long[] b, int bAt, long[] out, int outAt) {
        long s0 = a[aAt] + b[bAt];
        long carry = carry(s0, a[aAt]);
        long x = a[aAt + 1] + b[bAt + 1];
        long s1 = x + carry;
        carry = carry(x, a[aAt + 1]) + carry(s1, x);
        x = a[aAt + 2] + b[bAt + 2];
        long s2 = x + carry;
        carry = carry(x, a[aAt + 2]) + carry(s2, x);
        reduce(s0, s1, s2, a[aAt + 3] + b[bAt + 3] + carry, out, outAt);
    }

    /** {@code out = a - b}. */
    static void subtract(long[] a, int aAt, long[] b, int bAt, long[] out, int outAt) {
        long d0 = a[aAt] - b[bAt];
        long borrow = borrow(a[aAt], b[bAt], 0);
        long d1 = a[aAt + 1] - b[bAt + 1] - borrow;
        borrow = borrow(a[aAt + 1], b[bAt + 1], borrow);
        long d2 = a[aAt + 2] - b[bAt + 2] - borrow;
        borrow = borrow(a[aAt + 2], b[bAt + 2], borrow);
        long d3 = a[aAt + 3] - b[bAt + 3] - borrow;
        borrow = borrow(a[aAt + 3], b[bAt + 3], borrow);
        if (borrow == 0) {
            put(out, outAt, d0, d1, d2, d3);
            return;
        }
        long s0 = d0 + P0;
        long carry = carry(s0, d0);
        long x = d1 + P1;
        long s1 = x + carry;
        carry = carry(x, d1) + carry(s1, x);
        x = d2 + P2;
        long s2 = x + carry;
        carry = carry(x, d2) + carry(s2, x);
        put(out, outAt, s0, s1, s2, d3 + P3 + carry);
    }

    /** Takes the order off once if the value has it; right for values below twice the order. */
    static void reduce(long t0, long t1, long t2, long t3, long[] out, int at) {
        long borrow = borrow(t0, P0, 0);
        long r1 = t1 - P1 - borrow;
        borrow = borrow(t1, P1, borrow);
        long r2 = t2 - P2 - borrow;
        borrow = borrow(t2, P2, borrow);
        long r3 = t3 - P3 - borrow;
        borrow = borrow(t3, P3, borrow);
        if (borrow == 0) {
            put(out, at, t0 - P0, r1, r2, r3);
        } else {
            put(out, at, t0, t1, t2, t3);
        }
    }

    /** Reads a node's 32 bytes, little-endian; whatever is not below the order is reduced. */
    static void read(byte[] from, int fromAt, long[] out, int at) {
        put(out, at, (long) LE.get(from, fromAt), (long) LE.get(from, fromAt + 8), (long) LE.get(from, fromAt + 16),
                (long) LE.get(from, fromAt + 24));
        while (!isBelowOrder(out, at)) {
            // Below 2^256 there are at most two orders to take off.
            reduce(out[at], out[at + 1], out[at + 2], out[at + 3], out, at);
        }
    }

    static void write(long[] value, int at, byte[] out, int outAt) {
        for (int i = 0; i < 4; i++) {
            LE.set(out, outAt + 8 * i, value[at + i]);
        }
    }

    /** Whether 32 little-endian bytes are a node: below the order. */
    static boolean isNode(byte[] bytes, int from) {
        long[] value = new long[4];
        for (int i = 0; i < 4; i++) {
            value[i] = (long) LE.get(bytes, from + 8 * i);
        }
        return isBelowOrder(value, 0);
    }

    private static boolean isBelowOrder(long[] v, int at) {
        long borrow = borrow(v[at], P0, 0);
        borrow = borrow(v[at + 1], P1, borrow);
        borrow = borrow(v[at + 2], P2, borrow);
        return borrow(v[at + 3], P3, borrow) == 1;
    }

    static void toMontgomery(long[] a, int at) {
        multiply(a, at, R_SQUARED, 0, a, at);
    }

    static void fromMontgomery(long[] a, int at) {
        multiply(a, at, RAW_ONE, 0, a, at);
    }

    /** The constant's words in Montgomery form. */
    static void putConstant(BigInteger value, long[] out, int at) {
        System.arraycopy(words(value.multiply(R).mod(ORDER)), 0, out, at, 4);
    }

    private static long[] words(BigInteger value) {
        long[] words = new long[4];
        for (int i = 0; i < 4; i++) {
            words[i] = value.shiftRight(64 * i).longValue();
        }
        return words;
    }

    private static void put(long[] out, int at, long w0, long w1, long w2, long w3) {
        out[at] = w0;
        out[at + 1] = w1;
        out[at + 2] = w2;
        out[at + 3] = w3;
    }

    /** The upper word of the unsigned product; the library's own is signed before Java 18. */
    private static long high(long a, long b) {
        return Math.multiplyHigh(a, b) + ((a >> 63) & b) + ((b >> 63) & a);
    }

    /** 1 when {@code sum}, one of whose terms is {@code term}, wrapped around. */
    private static long carry(long sum, long term) {
        return Long.compareUnsigned(sum, term) < 0 ? 1 : 0;
    }

    private static long borrow(long a, long b, long borrow) {
        return Long.compareUnsigned(a, b) < 0 || borrow == 1 && a == b ? 1 : 0;
    }
}
