package io.caravan.store;

import io.caravan.codec.Cid;
import io.caravan.model.Epoch;
import io.caravan.model.FatalException;
import io.caravan.model.PaddedPieceSize;
import io.caravan.model.SectorNumber;
import io.caravan.model.SectorPiece;
import io.caravan.store.SectorStore.Setback;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The pieces of deals on their way into sectors. */
final class Pieces {

    private final Sql sql;

    Pieces(Sql sql) {
        this.sql = sql;
    }

    SectorPiece handOff(SectorPiece piece) {
        try {
            sql.write("sector_piece/hand-off", SectorRows.handedOff(piece));
        } catch (FatalException e) {
            throw new FatalException("deal " + piece.proposalCid() + " cannot be handed over: deal id " + piece.dealId()
                    + " may have been handed over by another deal", e);
        }
        return find(piece.proposalCid()).orElseThrow();
    }

    Optional<SectorPiece> find(Cid proposalCid) {
        return sql.one("sector_piece/find", Map.of("proposal_cid", proposalCid.toString()), SectorRows::piece);
    }

    List<SectorPiece> waiting(int limit, Instant now) {
        return sql.list("sector_piece/waiting", Map.of("limit", limit, "now", now), SectorRows::piece);
    }

    List<SectorPiece> late(Epoch earliestStart, int limit) {
        return sql.list("sector_piece/late", Map.of("earliest_start", earliestStart.value(), "limit", limit),
                SectorRows::piece);
    }

    List<SectorPiece> unwritten(int limit) {
        return sql.list("sector_piece/unwritten", Map.of("limit", limit), SectorRows::piece);
    }

    Optional<Setback> setback(Cid proposalCid) {
        return sql.one("piece_setback/find", Map.of("proposal_cid", proposalCid.toString()), (row, number) ->
                new Setback(row.getInt("tries"), row.getString("reason"), Rows.instant(row, "try_after")));
    }

    /** @param failed 1 for a try that failed, 0 for none */
    void note(Cid proposalCid, int failed, String reason, Instant next, Instant now) {
        sql.write("piece_setback/note", Map.of("proposal_cid", proposalCid.toString(), "failed", failed,
                "reason", reason, "try_after", next, "now", now));
    }

    /** The caller holds the sector's lock. */
    void unplace(SectorNumber number, long offset) {
        sql.write("sector_piece/unplace", Map.of("number", number.value(), "offset_padded", offset));
    }

    List<SectorPiece> of(SectorNumber number) {
        return sql.list("sector_piece/of-sector", Map.of("number", number.value()), SectorRows::piece);
    }

    List<SectorPiece> of(Collection<SectorNumber> numbers) {
        return sql.list("sector_piece/of-sectors", Map.of("numbers", SectorRows.keys(numbers)), SectorRows::piece);
    }

    /**
     * Puts a waiting piece behind the sector's last one, where its size divides the offset. The caller holds the
     * sector's lock, so nobody else places one there meanwhile.
     */
    boolean place(Cid proposalCid, SectorNumber number, PaddedPieceSize sectorSize) {
        Optional<SectorPiece> piece = find(proposalCid).filter(found ->
                found.sector() == null && found.refusal() == null);
        if (piece.isEmpty()) {
            return false;
        }
        long size = piece.get().size().bytes();
        long used = of(number).stream().mapToLong(Pieces::end).max().orElse(0);
        long offset = (used + size - 1) / size * size;
        return offset + size <= sectorSize.bytes() && sql.write("sector_piece/assign",
                Map.of("proposal_cid", proposalCid.toString(), "number", number.value(), "offset_padded", offset)) == 1;
    }

    private static long end(SectorPiece piece) {
        Long offset = piece.offset();
        return offset == null ? 0 : offset + piece.size().bytes();
    }

    /** Its deal, which waits for this, has its turn now. */
    void written(Cid proposalCid, Instant now) {
        sql.inTransaction(() -> {
            sql.write("piece_setback/forget", Map.of("proposal_cid", proposalCid.toString()));
            wake(proposalCid, now);
            return sql.write("sector_piece/written", Map.of("proposal_cid", proposalCid.toString(), "now", now));
        });
    }

    int unassign(SectorNumber number) {
        return sql.write("sector_piece/unassign", Map.of("number", number.value()));
    }

    /** Its deal hears of it now. */
    void refuse(Cid proposalCid, String reason, Instant now) {
        sql.inTransaction(() -> {
            wake(proposalCid, now);
            return sql.write("sector_piece/refuse", Map.of("proposal_cid", proposalCid.toString(), "refusal", reason));
        });
    }

    private void wake(Cid proposalCid, Instant now) {
        sql.write("deal/wake-piece", Map.of("proposal_cid", proposalCid.toString(), "now", now));
    }
}
