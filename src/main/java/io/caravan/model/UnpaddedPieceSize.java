package io.caravan.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.caravan.codec.CodecException;

/** Size of a piece before Fr32 padding, in bytes; a legal one is 127 times a power of two. */
public record UnpaddedPieceSize(@JsonValue long bytes) implements Comparable<UnpaddedPieceSize> {

    public static final UnpaddedPieceSize ZERO = new UnpaddedPieceSize(0);

    public UnpaddedPieceSize {
        if (bytes < 0) {
            throw new CodecException("an unpadded piece size cannot be " + bytes);
        }
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static UnpaddedPieceSize of(long bytes) {
        return new UnpaddedPieceSize(bytes);
    }

    public boolean isLegal() {
        return bytes > 0 && bytes % 127 == 0 && Long.bitCount(bytes / 127) == 1;
    }

    /** This size with the padding; 128 for every 127 bytes. */
    public PaddedPieceSize padded() {
        return new PaddedPieceSize(Math.addExact(bytes, bytes / 127));
    }

    @Override
    public int compareTo(UnpaddedPieceSize other) {
        return Long.compare(bytes, other.bytes);
    }

    @Override
    public String toString() {
        return Long.toString(bytes);
    }
}
