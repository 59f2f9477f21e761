package io.caravan.codec;

/**
 * What a {@link CborReader} puts up with: bytes of one text, bytes of one byte string, entries of one array or map,
 * and levels of nesting.
 */
public record CborLimits(int maxText, int maxBytes, int maxEntries, int maxDepth) {

    /** The limits of cbor-gen, which every peer of the deal protocols keeps (wire-protocols §1.2). */
    public static final CborLimits CBOR_GEN = new CborLimits(8192, 2 << 20, 8192, 64);

    /** For blocks of user data, whose lists may be as long as the block. */
    public static final CborLimits BLOCK = new CborLimits(2 << 20, 2 << 20, 2 << 20, 512);

    public CborLimits {
        if (maxText < 0 || maxBytes < 0 || maxEntries < 0 || maxDepth < 1) {
            throw new IllegalArgumentException("limits cannot be negative");
        }
    }
}
