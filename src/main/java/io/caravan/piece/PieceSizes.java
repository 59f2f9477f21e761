package io.caravan.piece;

import io.caravan.model.PaddedPieceSize;

/** Which piece a payload needs: Fr32 adds one byte to each 127, the result is rounded up to a power of two, at least 128. */
public final class PieceSizes {
    /** 64 GiB, the largest piece there is. */
    public static final long MAX_PADDED = 1L << 36;
    /** Payload bytes that fill the largest piece. */
    public static final long MAX_PAYLOAD = MAX_PADDED / Fr32.PADDED_QUAD * Fr32.UNPADDED_QUAD;

    private PieceSizes() {
    }

    /**
     * The smallest piece that holds {@code payloadBytes}.
     *
     * @throws IllegalArgumentException when negative or more than 64 GiB holds
     */
    public static PaddedPieceSize paddedFor(long payloadBytes) {
        if (payloadBytes < 0 || payloadBytes > MAX_PAYLOAD) {
            throw new IllegalArgumentException(
                    "No piece holds " + payloadBytes + " payload bytes: the largest holds " + MAX_PAYLOAD);
        }
        return PaddedPieceSize.holding(payloadBytes);
    }
}
