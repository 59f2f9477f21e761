package io.caravan.piece;

import java.io.IOException;

/** A source that also takes blocks. */
public interface BlockStore extends BlockSource {
    /**
     * Keeps the block; putting it again does no harm.
     *
     * @return whether it was new
     * @throws MalformedBlockException when the bytes do not match the CID
     */
    boolean put(Block block) throws IOException;
}
