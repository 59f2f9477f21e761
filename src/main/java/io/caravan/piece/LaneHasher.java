package io.caravan.piece;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Hashes pairs of nodes many at a time by a {@link PairKernel}: brings bytes into lanes and back. One a thread. */
final class LaneHasher {

    static final int LANES = PairKernel.LANES;
    /** Leaves that one lane reduces to one node when a whole chunk is hashed. */
    static final int LEAVES_A_LANE = ChunkHasher.QUADS * Fr32.PADDED_QUAD / NodeHasher.NODE / LANES;

    private static final VarHandle LE = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle BE = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final int PAIR = 2 * NodeHasher.NODE;
    private static final int MESSAGE = PairKernel.MESSAGE_WORDS * LANES;
    private static final int NODE = PairKernel.NODE_WORDS * LANES;

    private final PairKernel kernel;
    private final int[] rows = new int[LEAVES_A_LANE * NODE];

    LaneHasher(PairKernel kernel) {
        this.kernel = kernel;
    }

    /** Hashes exactly {@link #LANES} pairs; {@code out} may be {@code in} when {@code outAt <= inAt}. */
    void pairs(byte[] in, int inAt, byte[] out, int outAt) {
        load(in, inAt, PAIR, 0);
        kernel.hash(rows, 0, rows, 0);
        store(out, outAt);
    }

    /** Reduces a whole chunk at the start of {@code padded} to {@link #LANES} nodes, which it leaves there. */
    void chunk(byte[] padded) {
        for (int pair = 0; pair < LEAVES_A_LANE / 2; pair++) {
            load(padded, pair * PAIR, LEAVES_A_LANE * NodeHasher.NODE, pair * MESSAGE);
        }
        for (int nodes = LEAVES_A_LANE / 2; nodes > 0; nodes /= 2) {
            for (int i = 0; i < nodes; i++) {
                kernel.hash(rows, i * MESSAGE, rows, i * NODE);
            }
        }
        store(padded, 0);
    }

    /** Each lane's next 64 bytes, {@code stride} bytes apart, into sixteen rows. */
    private void load(byte[] in, int inAt, int stride, int row) {
        for (int lane = 0; lane < LANES; lane++) {
            int at = inAt + lane * stride;
            for (int i = 0; i < PairKernel.MESSAGE_WORDS; i += 2) {
                long two = Long.reverseBytes((long) LE.get(in, at + 4 * i));
                rows[row + i * LANES + lane] = (int) (two >>> 32);
                rows[row + (i + 1) * LANES + lane] = (int) two;
            }
        }
    }

    private void store(byte[] out, int outAt) {
        for (int lane = 0; lane < LANES; lane++) {
            for (int i = 0; i < PairKernel.NODE_WORDS; i++) {
                BE.set(out, outAt + lane * NodeHasher.NODE + 4 * i, rows[i * LANES + lane]);
            }
        }
    }
}
