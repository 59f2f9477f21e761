package io.caravan.piece;

import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Turns at most 127 KiB of payload into one subtree; holds the 128 KiB it works in (a half more on vectors), so use one
 * per thread.
 */
final class ChunkHasher {
    static final int QUADS = 1024;
    /** Payload bytes of a full chunk. */
    static final int PAYLOAD = QUADS * Fr32.UNPADDED_QUAD;
    private static final int LEAVES = QUADS * Fr32.PADDED_QUAD / NodeHasher.NODE;

    private final PairHasher hasher;
    private final @Nullable LaneHasher lanes;
    private final byte[] padded = new byte[QUADS * Fr32.PADDED_QUAD];

    ChunkHasher() {
        this(PairKernels.lanes());
    }

    /** @param lanes hash full chunks; null hashes them as all others */
    ChunkHasher(@Nullable LaneHasher lanes) {
        this.lanes = lanes;
        hasher = new PairHasher(lanes);
    }

    /**
     * The subtree over {@code length} payload bytes, closed with zeros to a power of two of quads.
     *
     * @param sink sees the expanded bytes (whole quads, the last one zero-extended), or null
     */
    TreeStack.Node hash(byte[] payload, int from, int length, @Nullable PaddedSink sink) throws IOException {
        int whole = length / Fr32.UNPADDED_QUAD;
        int rest = length % Fr32.UNPADDED_QUAD;
        Fr32.expand(payload, from, padded, 0, whole);
        if (rest > 0 || length == 0) {
            byte[] last = new byte[Fr32.UNPADDED_QUAD];
            System.arraycopy(payload, from + whole * Fr32.UNPADDED_QUAD, last, 0, rest);
            Fr32.expand(last, 0, padded, whole * Fr32.PADDED_QUAD, 1);
            whole++;
        }
        if (sink != null && length > 0) {
            sink.accept(padded, whole * Fr32.PADDED_QUAD);
        }
        int quads = Integer.bitCount(whole) == 1 ? whole : Integer.highestOneBit(whole) << 1;
        Arrays.fill(padded, whole * Fr32.PADDED_QUAD, quads * Fr32.PADDED_QUAD, (byte) 0);
        int leaves = quads * (Fr32.PADDED_QUAD / NodeHasher.NODE);
        return new TreeStack.Node(Integer.numberOfTrailingZeros(leaves), reduce(leaves));
    }

    /** The root over a full chunk. */
    byte[] whole(byte[] payload, int from) {
        Fr32.expand(payload, from, padded, 0, QUADS);
        return reduce(LEAVES);
    }

    private byte[] reduce(int leaves) {
        if (lanes == null || leaves < LEAVES) {
            return hasher.reduce(padded, leaves);
        }
        lanes.chunk(padded);
        return hasher.reduce(padded, LaneHasher.LANES);
    }
}
