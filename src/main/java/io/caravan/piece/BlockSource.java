package io.caravan.piece;

import io.caravan.codec.Cid;
import io.caravan.codec.Multihash;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Where blocks are read from. What it returns matches its CID: a source that serves foreign files checks each block. */
public interface BlockSource {
    /**
     * The block's bytes, or null when this source has it not. Blocks with an identity hash carry their bytes in the CID and
     * are always found.
     *
     * @throws ImportChangedException when the bytes come from a user's file that is not what was imported
     */
    byte @Nullable [] find(Cid cid) throws IOException;

    /** Whether {@link #find} would find it, without reading its bytes. */
    boolean has(Cid cid) throws IOException;

    /** The block's bytes; {@link BlockNotFoundException} when this source has it not. */
    default byte[] get(Cid cid) throws IOException {
        byte[] data = find(cid);
        if (data == null) {
            throw new BlockNotFoundException(cid);
        }
        return data;
    }

    /** The bytes inside an identity CID, or null for any other. */
    static byte @Nullable [] inline(Cid cid) {
        return cid.hash().code() == Multihash.IDENTITY ? cid.hash().digest().toArray() : null;
    }
}
