package io.caravan.piece;

/**
 * SHA-256 of many 64-byte messages at once, each two nodes. Words lie in rows: word i of all lanes' messages at {@code
 * i·LANES}, lane after lane, each word as SHA-256 counts it (big-endian).
 */
interface PairKernel {

    /** Messages at a time; with eight quads each they are just one chunk. */
    int LANES = 128;
    /** The fewest messages at a time. */
    int FEWEST = 16;
    int MESSAGE_WORDS = 16;
    int NODE_WORDS = 8;

    /**
     * Sixteen rows in, which are used up, eight rows out, the two top bits of each node's last byte cleared; {@code
     * out} may be {@code in}.
     *
     * @param lanes how many of the rows' lanes, a multiple of {@link #FEWEST}
     */
    void hash(int[] in, int inAt, int[] out, int outAt, int lanes);
}
