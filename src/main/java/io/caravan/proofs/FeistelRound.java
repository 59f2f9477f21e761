package io.caravan.proofs;

/**
 * The round function of the expander's permutation: the first eight bytes, big-endian, of BLAKE2b-512 over a half and a
 * key of eight big-endian bytes each. The one block is two message words and fourteen zeros, hence no general BLAKE2b.
 */
final class FeistelRound {

    private static final long[] IV = {
        0x6a09e667f3bcc908L, 0xbb67ae8584caa73bL, 0x3c6ef372fe94f82bL, 0xa54ff53a5f1d36f1L,
        0x510e527fade682d1L, 0x9b05688c2b3e6c1fL, 0x1f83d9abfb41bd6bL, 0x5be0cd19137e2179L};
    /** A digest of 64 bytes, no key, fan-out and depth 1. */
    private static final long PARAMETERS = 0x01010040L;
    private static final int MESSAGE_BYTES = 16;
    /** At which of a round's sixteen additions the first and the second message word come in; the others add zero. */
    private static final int[] FIRST = {0, 10, 3, 13, 1, 4, 8, 9, 6, 15, 0, 10};
    private static final int[] SECOND = {1, 8, 13, 3, 9, 14, 2, 5, 12, 6, 1, 8};

    private FeistelRound() {
    }

    static long of(long half, long key) {
        long m0 = Long.reverseBytes(half);
        long m1 = Long.reverseBytes(key);
        long[] v = new long[16];
        System.arraycopy(IV, 0, v, 0, 8);
        System.arraycopy(IV, 0, v, 8, 8);
        v[0] ^= PARAMETERS;
        v[12] ^= MESSAGE_BYTES;
        v[14] = ~v[14];
        for (int round = 0; round < FIRST.length; round++) {
            int first = FIRST[round];
            int second = SECOND[round];
            step(v, 0, 4, 8, 12, word(0, first, m0, second, m1), word(1, first, m0, second, m1));
            step(v, 1, 5, 9, 13, word(2, first, m0, second, m1), word(3, first, m0, second, m1));
            step(v, 2, 6, 10, 14, word(4, first, m0, second, m1), word(5, first, m0, second, m1));
            step(v, 3, 7, 11, 15, word(6, first, m0, second, m1), word(7, first, m0, second, m1));
            step(v, 0, 5, 10, 15, word(8, first, m0, second, m1), word(9, first, m0, second, m1));
            step(v, 1, 6, 11, 12, word(10, first, m0, second, m1), word(11, first, m0, second, m1));
            step(v, 2, 7, 8, 13, word(12, first, m0, second, m1), word(13, first, m0, second, m1));
            step(v, 3, 4, 9, 14, word(14, first, m0, second, m1), word(15, first, m0, second, m1));
        }
        return Long.reverseBytes(IV[0] ^ PARAMETERS ^ v[0] ^ v[8]);
    }

    private static long word(int at, int first, long m0, int second, long m1) {
        return at == first ? m0 : at == second ? m1 : 0;
    }

    private static void step(long[] v, int a, int b, int c, int d, long x, long y) {
        v[a] += v[b] + x;
        v[d] = Long.rotateRight(v[d] ^ v[a], 32);
        v[c] += v[d];
        v[b] = Long.rotateRight(v[b] ^ v[c], 24);
        v[a] += v[b] + y;
        v[d] = Long.rotateRight(v[d] ^ v[a], 16);
        v[c] += v[d];
        v[b] = Long.rotateRight(v[b] ^ v[c], 63);
    }
}
