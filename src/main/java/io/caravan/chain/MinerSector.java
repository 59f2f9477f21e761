package io.caravan.chain;

import io.caravan.codec.Cid;
import io.caravan.model.PaddedPieceSize;
import io.caravan.model.SectorNumber;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A sector as a Lotus miner tells of it (SectorsStatus, chain-and-rpc §2).
 *
 * @param state the miner's own word for where it stands, e.g. {@code SubmitPreCommitBatch}
 * @param pieces all of it in the order in which they lie, fillers included
 * @param lastError what last went wrong there; empty when nothing did
 */
public record MinerSector(SectorNumber number, String state, List<Piece> pieces, @Nullable Cid commD,
        @Nullable Cid commR, @Nullable Cid preCommitMessage, @Nullable Cid commitMessage, String lastError) {

    /** @param dealId null for a filler, 0 for a piece that came without a published deal */
    public record Piece(PaddedPieceSize size, Cid pieceCid, @Nullable Long dealId) {
    }

    public MinerSector {
        pieces = List.copyOf(pieces);
    }

    /** Where the piece of that deal begins, in padded bytes; empty when the sector does not have it. */
    public Optional<Long> offsetOf(long dealId, Cid pieceCid) {
        long offset = 0;
        for (Piece piece : pieces) {
            if (piece.dealId() != null && piece.dealId() == dealId && piece.pieceCid().equals(pieceCid)) {
                return Optional.of(offset);
            }
            offset = Math.addExact(offset, piece.size().bytes());
        }
        return Optional.empty();
    }
}
