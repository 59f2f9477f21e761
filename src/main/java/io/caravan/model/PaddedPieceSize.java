package io.caravan.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.caravan.codec.CodecException;

/**
 * Size of a piece after Fr32 padding, in bytes. A legal one is a power of two of at least 128; a peer may send any
 * other number, which stays representable so that the proposal can be refused with a reason.
 */
public record PaddedPieceSize(@JsonValue long bytes) implements Comparable<PaddedPieceSize> {

    public static final PaddedPieceSize MIN = new PaddedPieceSize(128);

    private static final long MAX_LEGAL = 1L << 62;

    public PaddedPieceSize {
        if (bytes < 0) {
            throw new CodecException("a padded piece size cannot be " + bytes);
        }
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static PaddedPieceSize of(long bytes) {
        return new PaddedPieceSize(bytes);
    }

    /** The smallest legal size whose piece holds {@code payloadBytes} bytes before padding. */
    public static PaddedPieceSize holding(long payloadBytes) {
        if (payloadBytes < 0 || payloadBytes > MAX_LEGAL / 128 * 127) {
            throw new CodecException("no piece holds " + payloadBytes + " bytes");
        }
        long size = MIN.bytes;
        while (size / 128 * 127 < payloadBytes) {
            size <<= 1;
        }
        return new PaddedPieceSize(size);
    }

    public boolean isLegal() {
        return bytes >= 128 && Long.bitCount(bytes) == 1;
    }

    /** This size if it is legal. */
    public PaddedPieceSize checked() {
        if (!isLegal()) {
            throw new CodecException("padded piece size " + bytes + " is not a power of two of at least 128");
        }
        return this;
    }

    /** The payload this size holds: 127 of every 128 bytes. */
    public UnpaddedPieceSize unpadded() {
        return new UnpaddedPieceSize(bytes - bytes / 128);
    }

    @Override
    public int compareTo(PaddedPieceSize other) {
        return Long.compare(bytes, other.bytes);
    }

    @Override
    public String toString() {
        return Long.toString(bytes);
    }
}
