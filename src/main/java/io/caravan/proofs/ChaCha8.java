package io.caravan.proofs;

/**
 * ChaCha with eight rounds as a source of 64-bit numbers: a 64-bit block counter from zero, no nonce, pairs of words
 * taken in order, the lower first. One a thread.
 */
final class ChaCha8 {

    private static final int ROUNDS = 8;
    private static final int WORDS = 16;

    private final int[] start = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    private final int[] block = new int[WORDS];
    private int next;

    /** Begins anew; {@code key} has eight words. */
    void start(int[] key) {
        System.arraycopy(key, 0, start, 4, key.length);
        start[12] = -1;
        next = WORDS;
    }

    long nextLong() {
        if (next == WORDS) {
            start[12]++;
            fill();
            next = 0;
        }
        long value = block[next] & 0xffffffffL | (long) block[next + 1] << 32;
        next += 2;
        return value;
    }

    private void fill() {
        int[] x = block;
        System.arraycopy(start, 0, x, 0, WORDS);
        for (int i = 0; i < ROUNDS; i += 2) {
            quarter(x, 0, 4, 8, 12);
            quarter(x, 1, 5, 9, 13);
            quarter(x, 2, 6, 10, 14);
            quarter(x, 3, 7, 11, 15);
            quarter(x, 0, 5, 10, 15);
            quarter(x, 1, 6, 11, 12);
            quarter(x, 2, 7, 8, 13);
            quarter(x, 3, 4, 9, 14);
        }
        for (int i = 0; i < WORDS; i++) {
            x[i] += start[i];
        }
    }

    private static void quarter(int[] x, int a, int b, int c, int d) {
        x[a] += x[b];
        x[d] = Integer.rotateLeft(x[d] ^ x[a], 16);
        x[c] += x[d];
        x[b] = Integer.rotateLeft(x[b] ^ x[c], 12);
        x[a] += x[b];
        x[d] = Integer.rotateLeft(x[d] ^ x[a], 8);
        x[c] += x[d];
        x[b] = Integer.rotateLeft(x[b] ^ x[c], 7);
    }
}
