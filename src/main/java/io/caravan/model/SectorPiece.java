package io.caravan.model;

import io.caravan.codec.Cid;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A deal's piece as handed from the market to sealing: the row is the hand-off, there is one per deal. Sealing gives
 * it a sector and a place; the zeros between pieces are what their sizes and places leave.
 *
 * @param size padded, a power of two
 * @param file where the payload lies; it is extended by zeros to the piece's size
 * @param bytes length of that file
 * @param keepUnsealed whether the unsealed copy stays (fast retrieval)
 * @param sector null until sealing has assigned one
 * @param offset where the piece begins in the sector, in padded bytes; null until assigned
 * @param written when its bytes were in the unsealed sector file; null until then
 * @param refusal why sealing will never take it, in words; null while it may
 */
public record SectorPiece(Cid proposalCid, long dealId, Cid publishCid, Cid pieceCid, PaddedPieceSize size,
        String file, long bytes, Epoch startEpoch, Epoch endEpoch, boolean keepUnsealed, Instant handedAt,
        @Nullable SectorNumber sector, @Nullable Long offset, @Nullable Instant written, @Nullable String refusal) {}
