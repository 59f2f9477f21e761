package io.caravan.piece;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Hashes pairs of nodes many at a time by a {@link PairKernel}: brings bytes into lanes and back. One a thread. */
final class LaneHasher {

    static final int LANES = PairKernel.LANES;

    private static final VarHandle LE = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle BE = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final int PAIR = 2 * NodeHasher.NODE;
    private static final int MESSAGE = PairKernel.MESSAGE_WORDS * LANES;
    private static final int NODE = PairKernel.NODE_WORDS * LANES;
    private static final int QUADS_A_LANE = ChunkHasher.QUADS / LANES;

    private final PairKernel kernel;
    /** Two messages of each lane: the nodes of a quad. */
    private final int[] rows = new int[2 * MESSAGE];
    /** What each lane's quads were reduced to. */
    private final int[] nodes = new int[QUADS_A_LANE * NODE];

    LaneHasher(PairKernel kernel) {
        this.kernel = kernel;
    }

    /**
     * Hashes {@code count} pairs, at most {@link #LANES} and a multiple of {@link PairKernel#FEWEST}; {@code out} may be
     * {@code in} when {@code outAt <= inAt}.
     */
    void pairs(byte[] in, int inAt, byte[] out, int outAt, int count) {
        load(in, inAt, PAIR, 0, count);
        kernel.hash(rows, 0, rows, 0, count);
        store(rows, out, outAt, count);
    }

    /**
     * Reduces a whole chunk at the start of {@code padded} to {@link #LANES} nodes, which it leaves there. A lane has
     * eight quads that lie one behind the other, and is one subtree.
     */
    void chunk(byte[] padded) {
        for (int quad = 0; quad < QUADS_A_LANE; quad++) {
            load(padded, quad * Fr32.PADDED_QUAD, QUADS_A_LANE * Fr32.PADDED_QUAD, 0, LANES);
            load(padded, quad * Fr32.PADDED_QUAD + PAIR, QUADS_A_LANE * Fr32.PADDED_QUAD, MESSAGE, LANES);
            kernel.hash(rows, 0, rows, 0, LANES);
            kernel.hash(rows, MESSAGE, rows, NODE, LANES);
            kernel.hash(rows, 0, nodes, quad * NODE, LANES);
        }
        for (int left = QUADS_A_LANE / 2; left > 0; left /= 2) {
            for (int i = 0; i < left; i++) {
                kernel.hash(nodes, i * MESSAGE, nodes, i * NODE, LANES);
            }
        }
        store(nodes, padded, 0, LANES);
    }

    /** Each lane's next 64 bytes, {@code stride} bytes apart, into sixteen rows. */
    private void load(byte[] in, int inAt, int stride, int row, int count) {
        for (int lane = 0; lane < count; lane++) {
            int at = inAt + lane * stride;
            for (int i = 0; i < PairKernel.MESSAGE_WORDS; i += 2) {
                long two = Long.reverseBytes((long) LE.get(in, at + 4 * i));
                rows[row + i * LANES + lane] = (int) (two >>> 32);
                rows[row + (i + 1) * LANES + lane] = (int) two;
            }
        }
    }

    private static void store(int[] rows, byte[] out, int outAt, int count) {
        for (int lane = 0; lane < count; lane++) {
            for (int i = 0; i < PairKernel.NODE_WORDS; i++) {
                BE.set(out, outAt + lane * NodeHasher.NODE + 4 * i, rows[i * LANES + lane]);
            }
        }
    }
}
