package io.caravan.store;

import io.caravan.codec.Cid;
import io.caravan.model.SectorNumber;
import io.caravan.model.SectorPiece;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The pieces that a Lotus miner is asked for: a row before each question, so that after any kill it is known that the
 * miner may have been asked, and with which token.
 */
public final class LotusPieceStore {

    private final Sql sql;
    private final Pieces pieces;
    private final Clock clock;
    private final String node;

    /** @param node this node's name, the same after a restart and no other node's */
    public LotusPieceStore(Sql sql, Clock clock, String node) {
        this.sql = sql;
        this.pieces = new Pieces(sql);
        this.clock = clock;
        this.node = node;
    }

    /**
     * Writes down that the miner is asked for the piece now. The same token may be used again as long as nobody fetched
     * the whole piece with it.
     *
     * @param lookAfter when the answer counts as lost
     * @return what was written; empty when the piece is being asked for, lies in a sector, or was fetched with this token
     */
    public Optional<LotusPiece> ask(SectorPiece piece, String token, Instant lookAfter) {
        int rows = sql.write("lotus_piece/ask", Map.of("proposal_cid", piece.proposalCid().toString(),
                "deal_id", piece.dealId(), "token", token, "node", node, "now", clock.instant(),
                "look_after", lookAfter));
        return rows == 0 ? Optional.empty() : find(piece.proposalCid());
    }

    /** The question has no answer that helps; the piece is looked for at that moment. A later question is left alone. */
    public void doubt(LotusPiece asked, Instant lookAfter) {
        sql.write("lotus_piece/doubt", Map.of("proposal_cid", asked.proposalCid().toString(), "asks", asked.asks(),
                "look_after", lookAfter));
    }

    /** Questions that were to be answered by now count as lost; how many. */
    public int doubtOverdue() {
        return overdue(null);
    }

    /** The same for all that this node asked in an earlier life. */
    public int reclaim() {
        return overdue(node);
    }

    private int overdue(@Nullable String asker) {
        var columns = new HashMap<String, @Nullable Object>();
        columns.put("now", clock.instant());
        columns.put("node", asker);
        return sql.write("lotus_piece/overdue", columns);
    }

    /** What was asked for and is in no sector, the oldest question first. */
    public List<LotusPiece> open(int limit) {
        return sql.list("lotus_piece/open", Map.of("limit", limit), LotusPieceStore::row);
    }

    public Optional<LotusPiece> find(Cid proposalCid) {
        return sql.one("lotus_piece/find", Map.of("proposal_cid", proposalCid.toString()), LotusPieceStore::row);
    }

    /** Counts a fetch with that token, and says which piece it is for; empty when it is dead or was used that often. */
    public Optional<SectorPiece> read(String token, int most) {
        return sql.one("lotus_piece/read", Map.of("token", token, "most", most), SectorRows::piece);
    }

    /** Whether the last byte may go to the bearer of this token: true once. */
    public boolean take(String token) {
        return sql.write("lotus_piece/take", Map.of("token", token, "now", clock.instant())) == 1;
    }

    /**
     * The piece lies in that sector, its bytes included, and its token is dead: one transaction.
     *
     * @param offset padded bytes from the sector's beginning
     * @return false when the piece has another place, was refused, or something else lies there
     */
    public boolean place(Cid proposalCid, SectorNumber sector, long offset) {
        return sql.inTransaction(() -> {
            Optional<SectorPiece> found = pieces.find(proposalCid);
            sql.one("sector/lock", Map.of("number", sector.value()), SectorRows::sector);
            if (found.isEmpty() || found.get().refusal() != null || !isFree(found.get(), sector, offset)) {
                return false;
            }
            sql.write("sector_piece/assign", Map.of("proposal_cid", proposalCid.toString(), "number", sector.value(),
                    "offset_padded", offset));
            pieces.written(proposalCid, clock.instant());
            sql.write("lotus_piece/place", Map.of("proposal_cid", proposalCid.toString()));
            return true;
        });
    }

    /** Whether the piece lies there already, or nowhere and nothing lies where it would. */
    private boolean isFree(SectorPiece piece, SectorNumber sector, long offset) {
        if (piece.sector() != null) {
            return piece.sector().equals(sector) && Long.valueOf(offset).equals(piece.offset());
        }
        long end = offset + piece.size().bytes();
        return pieces.of(sector).stream().noneMatch(other -> other.offset() != null && other.offset() < end
                && offset < other.offset() + other.size().bytes());
    }

    /** The sector is gone: its pieces wait for another one and may be asked for anew. */
    public int free(SectorNumber sector) {
        return sql.inTransaction(() -> {
            sql.write("lotus_piece/forget", Map.of("number", sector.value()));
            return pieces.unassign(sector);
        });
    }

    private static LotusPiece row(ResultSet row, int number) throws SQLException {
        return new LotusPiece(Rows.cid(row, "proposal_cid"), row.getLong("deal_id"), row.getString("token"),
                LotusPiece.Status.valueOf(row.getString("status").toUpperCase(Locale.ROOT)), row.getInt("asks"),
                Rows.instant(row, "look_after"), Rows.instantOrNull(row, "taken_at"));
    }
}
