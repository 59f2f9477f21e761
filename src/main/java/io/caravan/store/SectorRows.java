package io.caravan.store;

import io.caravan.codec.Bytes;
import io.caravan.model.Epoch;
import io.caravan.model.FilAddress;
import io.caravan.model.PaddedPieceSize;
import io.caravan.model.Sector;
import io.caravan.model.SectorEvent;
import io.caravan.model.SectorMove;
import io.caravan.model.SectorNumber;
import io.caravan.model.SectorPiece;
import io.caravan.model.SectorStage;
import io.caravan.model.SectorState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The rows of {@code sector}, {@code sector_event} and {@code sector_piece} as records and back. */
final class SectorRows {

    private SectorRows() {}

    static Sector sector(ResultSet row, int number) throws SQLException {
        return new Sector(FilAddress.parse(row.getString("miner")), SectorNumber.of(row.getLong("number")),
                row.getLong("seal_proof"), SectorState.ofName(row.getString("state")),
                SectorStage.of(row.getString("sub_state")), row.getLong("version"), row.getLong("seq"),
                draw(row, "ticket"), Rows.cidOrNull(row, "comm_d"), Rows.cidOrNull(row, "comm_r"),
                sent(row, "pre_commit"), draw(row, "seed"), Rows.bytesOrNull(row, "proof"), sent(row, "prove"),
                epoch(row, "expiration_epoch"), row.getInt("redos"), row.getString("message"), Rows.turn(row, null),
                Rows.waiting(row), Rows.instant(row, "created_at"), Rows.instant(row, "entered_at"),
                Rows.instant(row, "updated_at"));
    }

    private static Sector.@Nullable Draw draw(ResultSet row, String column) throws SQLException {
        Bytes value = Rows.bytesOrNull(row, column);
        return value == null ? null : new Sector.Draw(Epoch.of(row.getLong(column + "_epoch")), value);
    }

    private static Sector.Sent sent(ResultSet row, String prefix) throws SQLException {
        return new Sector.Sent(row.getString(prefix + "_intent"), Rows.cidOrNull(row, prefix + "_cid"),
                epoch(row, prefix + "_epoch"));
    }

    private static @Nullable Epoch epoch(ResultSet row, String column) throws SQLException {
        Long value = Rows.longOrNull(row, column);
        return value == null ? null : Epoch.of(value);
    }

    static Long[] keys(Collection<SectorNumber> numbers) {
        return numbers.stream().map(SectorNumber::value).toArray(Long[]::new);
    }

    static SectorMove move(ResultSet row, int number) throws SQLException {
        return new SectorMove(SectorNumber.of(row.getLong("number")), row.getLong("seq"),
                SectorEvent.ofName(row.getString("event")), SectorState.ofName(row.getString("from_state")),
                SectorState.ofName(row.getString("to_state")), row.getString("note"), Rows.instant(row, "at"));
    }

    static SectorPiece piece(ResultSet row, int number) throws SQLException {
        Long sector = Rows.longOrNull(row, "sector_number");
        return new SectorPiece(Rows.cid(row, "proposal_cid"), row.getLong("deal_id"), Rows.cid(row, "publish_cid"),
                Rows.cid(row, "piece_cid"), PaddedPieceSize.of(row.getLong("size_padded")), row.getString("file"),
                row.getLong("file_bytes"), Epoch.of(row.getLong("start_epoch")), Epoch.of(row.getLong("end_epoch")),
                row.getBoolean("keep_unsealed"), Rows.instant(row, "handed_at"),
                sector == null ? null : SectorNumber.of(sector), Rows.longOrNull(row, "offset_padded"),
                Rows.instantOrNull(row, "written_at"), row.getString("refusal"));
    }

    static Map<String, @Nullable Object> handedOff(SectorPiece piece) {
        var columns = new LinkedHashMap<String, @Nullable Object>();
        columns.put("proposal_cid", piece.proposalCid().toString());
        columns.put("deal_id", piece.dealId());
        columns.put("publish_cid", piece.publishCid().toString());
        columns.put("piece_cid", piece.pieceCid().toString());
        columns.put("size_padded", piece.size().bytes());
        columns.put("file", piece.file());
        columns.put("file_bytes", piece.bytes());
        columns.put("start_epoch", piece.startEpoch().value());
        columns.put("end_epoch", piece.endEpoch().value());
        columns.put("keep_unsealed", piece.keepUnsealed());
        columns.put("handed_at", piece.handedAt());
        return columns;
    }

    static Map<String, @Nullable Object> inserted(Sector sector) {
        Map<String, @Nullable Object> columns = written(sector);
        columns.put("miner", sector.miner().toString());
        columns.put("seal_proof", sector.sealProof());
        columns.put("created_at", sector.createdAt());
        return columns;
    }

    static Map<String, @Nullable Object> written(Sector sector) {
        var columns = new LinkedHashMap<String, @Nullable Object>();
        columns.put("number", sector.number().value());
        columns.put("state", sector.state().wireName());
        columns.put("sub_state", sector.stage().text());
        columns.put("version", sector.version());
        columns.put("seq", sector.seq());
        draw(columns, "ticket", sector.ticket());
        columns.put("comm_d", Rows.text(sector.commD()));
        columns.put("comm_r", Rows.text(sector.commR()));
        sent(columns, "pre_commit", sector.preCommit());
        draw(columns, "seed", sector.seed());
        columns.put("proof", Rows.column(sector.proof()));
        sent(columns, "prove", sector.prove());
        columns.put("expiration_epoch", value(sector.expiration()));
        columns.put("redos", sector.redos());
        columns.put("message", sector.message());
        Rows.turn(columns, sector.turn(), sector.waiting());
        columns.put("entered_at", sector.enteredAt());
        columns.put("updated_at", sector.updatedAt());
        return columns;
    }

    private static void draw(Map<String, @Nullable Object> columns, String name, Sector.@Nullable Draw draw) {
        columns.put(name, draw == null ? null : draw.value().toArray());
        columns.put(name + "_epoch", draw == null ? null : draw.epoch().value());
    }

    private static void sent(Map<String, @Nullable Object> columns, String prefix, Sector.Sent sent) {
        columns.put(prefix + "_intent", sent.intent());
        columns.put(prefix + "_cid", Rows.text(sent.cid()));
        columns.put(prefix + "_epoch", value(sent.landed()));
    }

    private static @Nullable Long value(@Nullable Epoch epoch) {
        return epoch == null ? null : epoch.value();
    }

    /** @param node the node that made the move; null where that is not known */
    static Map<String, @Nullable Object> appended(SectorMove move, @Nullable String node) {
        var columns = new LinkedHashMap<String, @Nullable Object>();
        columns.put("number", move.number().value());
        columns.put("seq", move.seq());
        columns.put("event", move.event().wireName());
        columns.put("from_state", move.from().wireName());
        columns.put("to_state", move.to().wireName());
        columns.put("from_name", move.from().wireName());
        columns.put("to_name", move.to().wireName());
        columns.put("note", move.note());
        columns.put("at", move.at());
        columns.put("node", node);
        return columns;
    }
}
