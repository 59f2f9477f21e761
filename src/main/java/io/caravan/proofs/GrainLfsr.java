package io.caravan.proofs;

import java.math.BigInteger;

/**
 * The Grain shift register in self-shrinking mode from which Poseidon's round constants are drawn (spec sealing §2.5).
 * It starts from the permutation's parameters, so everybody draws the same.
 */
final class GrainLfsr {

    private static final int LENGTH = 80;
    private static final int DISCARDED = 160;
    private static final int CONSTANT_BITS = 255;

    private final boolean[] state = new boolean[LENGTH];
    private int head;

    GrainLfsr(int width, int fullRounds, int partialRounds) {
        int at = put(0, 2, 1); // a prime field
        at = put(at, 4, 1); // an S-box x^a
        at = put(at, 12, CONSTANT_BITS);
        at = put(at, 12, width);
        at = put(at, 10, fullRounds);
        at = put(at, 10, partialRounds);
        put(at, 30, (1 << 30) - 1);
        for (int i = 0; i < DISCARDED; i++) {
            shift();
        }
    }

    private int put(int at, int bits, int value) {
        for (int i = 0; i < bits; i++) {
            state[at + i] = (value >> (bits - 1 - i) & 1) == 1;
        }
        return at + bits;
    }

    /** The next field element; draws at or above the order are thrown away. */
    BigInteger next() {
        while (true) {
            BigInteger value = BigInteger.ZERO;
            for (int i = CONSTANT_BITS - 1; i >= 0; i--) {
                if (bit()) {
                    value = value.setBit(i);
                }
            }
            if (value.compareTo(ScalarField.ORDER) < 0) {
                return value;
            }
        }
    }

    /** Of each pair the second, when the first is set. */
    private boolean bit() {
        while (!shift()) {
            shift();
        }
        return shift();
    }

    private boolean shift() {
        boolean fresh = tap(62) ^ tap(51) ^ tap(38) ^ tap(23) ^ tap(13) ^ tap(0);
        state[head] = fresh;
        head = (head + 1) % LENGTH;
        return fresh;
    }

    private boolean tap(int i) {
        return state[(head + i) % LENGTH];
    }
}
