package io.caravan.piece;

/** A piece at its place in a sector; {@code offset} is in padded bytes and a multiple of the piece's padded size. */
public record PlacedPiece(Piece piece, long offset, boolean filler) {
    public PlacedPiece {
        if (offset < 0 || offset % piece.size().bytes() != 0) {
            throw new IllegalArgumentException(
                    "A piece of " + piece.size().bytes() + " bytes cannot start at padded offset " + offset);
        }
    }

    /** The padded offset behind the piece. */
    public long end() {
        return offset + piece.size().bytes();
    }
}
