package io.caravan.sealing;

import io.caravan.codec.Cid;

/** A piece cannot go into any sector: its data is gone, or is not what its deal says. */
public final class PieceRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Cid proposalCid;

    public PieceRefusedException(Cid proposalCid, String reason) {
        super(reason);
        this.proposalCid = proposalCid;
    }

    /** Whose piece it is. */
    public Cid proposalCid() {
        return proposalCid;
    }
}
