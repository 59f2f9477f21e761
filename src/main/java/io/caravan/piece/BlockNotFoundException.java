package io.caravan.piece;

import io.caravan.codec.Cid;
import java.io.IOException;

/** A block that a store should have and has not. */
public final class BlockNotFoundException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient Cid cid;

    public BlockNotFoundException(Cid cid) {
        super("Block " + cid + " is not in the store");
        this.cid = cid;
    }

    public Cid cid() {
        return cid;
    }
}
