package io.caravan.piece;

/**
 * What a CAR reader puts up with.
 *
 * @param maxHeaderBytes of the header's CBOR
 * @param maxSectionBytes of one section: CID and block together
 * @param maxBlocks sections in all
 * @param zeroLengthIsEnd whether a section of length zero ends the CAR, as it does inside a padded piece; else it is an error
 */
public record CarLimits(int maxHeaderBytes, int maxSectionBytes, long maxBlocks, boolean zeroLengthIsEnd) {
    /** For files and streams from outside. */
    public static final CarLimits DEFAULT = new CarLimits(1 << 20, Block.MAX_BYTES, 1 << 20, false);
    /** As {@link #DEFAULT}, for a CAR inside a piece, whose padding follows. */
    public static final CarLimits PIECE = new CarLimits(1 << 20, Block.MAX_BYTES, 1 << 20, true);

    public CarLimits {
        if (maxHeaderBytes < 1 || maxSectionBytes < 1 || maxBlocks < 0) {
            throw new IllegalArgumentException("CAR limits must be positive");
        }
    }
}
