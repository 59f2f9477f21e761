package io.caravan.piece;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Hashes pairs of nodes, many in one call, by the code that {@link PairKernels} chose. One a thread. */
public final class PairHasher {

    private final NodeHasher digest = new NodeHasher();
    private final @Nullable LaneHasher lanes;

    public PairHasher() {
        this(PairKernels.lanes());
    }

    PairHasher(@Nullable LaneHasher lanes) {
        this.lanes = lanes;
    }

    /**
     * Hashes {@code count} pairs of 32-byte nodes that lie one behind the other; so do the results, 32 bytes each with
     * the two top bits of the last byte cleared. {@code out} may be {@code in} when {@code outAt <= inAt}.
     */
    public void hash(byte[] in, int inAt, byte[] out, int outAt, int count) {
        int done = 0;
        if (lanes != null) {
            int whole = count / PairKernel.FEWEST * PairKernel.FEWEST;
            while (done < whole) {
                int some = Math.min(LaneHasher.LANES, whole - done);
                lanes.pairs(in, inAt + 2 * done * NodeHasher.NODE, out, outAt + done * NodeHasher.NODE, some);
                done += some;
            }
        }
        digest.pairs(in, inAt + 2 * done * NodeHasher.NODE, out, outAt + done * NodeHasher.NODE, count - done);
    }

    /**
     * Reduces {@code count} nodes (a power of two) at the start of {@code nodes} in place and returns the root's copy.
     */
    byte[] reduce(byte[] nodes, int count) {
        for (int n = count / 2; n > 0; n /= 2) {
            hash(nodes, 0, nodes, 0, n);
        }
        return Arrays.copyOf(nodes, NodeHasher.NODE);
    }
}
