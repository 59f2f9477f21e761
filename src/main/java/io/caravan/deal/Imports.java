package io.caravan.deal;

import io.caravan.codec.Cid;
import io.caravan.piece.BlockSource;
import io.caravan.piece.PieceCommitment;
import java.io.IOException;

/** The files that users imported, by payload CID; as far as deals need them. */
public interface Imports {

    boolean has(Cid payloadCid);

    /**
     * The payload's blocks. A source that is AutoCloseable is closed by whoever asked for it.
     *
     * @throws IOException when the file is gone or is not what was imported
     */
    BlockSource open(Cid payloadCid) throws IOException;

    /**
     * The piece of the payload's deterministic CAR, computed once and remembered.
     *
     * @throws IOException when the file is gone or is not what was imported
     */
    PieceCommitment commitment(Cid payloadCid) throws IOException;
}
