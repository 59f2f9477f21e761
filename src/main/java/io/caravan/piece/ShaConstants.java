package io.caravan.piece;

import java.math.BigInteger;

/**
 * SHA-256's numbers: the first bits of the fractions of square and cube roots of the first primes; and the round
 * constants of the block that pads a message of 64 bytes, its words added to them.
 */
final class ShaConstants {

    private static final int ROUNDS = 64;
    private static final int START_WORDS = 8;
    private static final int[] START = new int[START_WORDS];
    private static final int[] ROUND = new int[ROUNDS];
    private static final int[] PADDING_ROUND = new int[ROUNDS];

    static {
        BigInteger prime = BigInteger.ONE;
        for (int i = 0; i < ROUNDS; i++) {
            prime = prime.nextProbablePrime();
            // floor(prime^(1/3) · 2^32), whose low word is the fraction's
            ROUND[i] = cubeRoot(prime.shiftLeft(96)).intValue();
            if (i < START_WORDS) {
                START[i] = prime.shiftLeft(64).sqrt().intValue();
            }
        }
        int[] words = new int[ROUNDS];
        words[0] = 0x80000000;
        words[15] = 64 * Byte.SIZE;
        for (int t = 0; t < ROUNDS; t++) {
            if (t >= 16) {
                words[t] = words[t - 16] + sigma(words[t - 15], 7, 18, 3) + words[t - 7]
                        + sigma(words[t - 2], 17, 19, 10);
            }
            PADDING_ROUND[t] = ROUND[t] + words[t];
        }
    }

    private ShaConstants() {
    }

    static int start(int word) {
        return START[word];
    }

    static int round(int t) {
        return ROUND[t];
    }

    static int paddingRound(int t) {
        return PADDING_ROUND[t];
    }

    private static int sigma(int x, int rotate, int rotateMore, int shift) {
        return Integer.rotateRight(x, rotate) ^ Integer.rotateRight(x, rotateMore) ^ x >>> shift;
    }

    /** Bit by bit from above. */
    private static BigInteger cubeRoot(BigInteger value) {
        BigInteger root = BigInteger.ZERO;
        for (int bit = value.bitLength() / 3; bit >= 0; bit--) {
            BigInteger larger = root.setBit(bit);
            if (larger.pow(3).compareTo(value) <= 0) {
                root = larger;
            }
        }
        return root;
    }
}
