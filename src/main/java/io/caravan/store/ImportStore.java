package io.caravan.store;

import io.caravan.codec.Cid;
import io.caravan.model.PaddedPieceSize;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The files that users imported, one row for each payload and path. */
public final class ImportStore {

    private final Sql sql;

    /**
     * One import.
     *
     * @param id our number for it; 0 before it is stored
     * @param path absolute
     * @param sizeBytes length of the user's file
     * @param modifiedAt the file's time when it was imported
     * @param isCar whether the file is itself a CAR
     * @param carBytes length of the payload's deterministic CAR
     * @param pieceCid commP of that CAR, and {@code pieceSize} its piece
     */
    public record Row(long id, Cid payloadCid, String path, long sizeBytes, Instant modifiedAt, boolean isCar,
            long carBytes,
            Cid pieceCid, PaddedPieceSize pieceSize, Instant importedAt) {}

    public ImportStore(Sql sql) {
        this.sql = sql;
    }

    /** Stores it, or brings the row of the same payload and path up to date; with its number. */
    public Row save(Row row) {
        return sql.one("import_file/insert", Map.of("payload_cid", row.payloadCid().toString(), "path", row.path(),
                "size_bytes", row.sizeBytes(), "modified_at", row.modifiedAt(), "is_car", row.isCar(), "car_bytes",
                row.carBytes(), "piece_cid", row.pieceCid().toString(), "piece_size_padded", row.pieceSize().bytes(),
                "imported_at", row.importedAt()), ImportStore::row).orElseThrow();
    }

    /** The imports of that payload, the newest first. */
    public List<Row> find(Cid payloadCid) {
        return sql.list("import_file/find", Map.of("payload_cid", payloadCid.toString()), ImportStore::row);
    }

    /** All imports by number. */
    public List<Row> list() {
        return sql.list("import_file/list", Map.of(), ImportStore::row);
    }

    /** Forgets an import; false if there was none of that number. */
    public boolean delete(long id) {
        return sql.write("import_file/delete", Map.of("id", id)) > 0;
    }

    private static Row row(ResultSet row, int number) throws SQLException {
        return new Row(row.getLong("id"), Rows.cid(row, "payload_cid"), row.getString("path"),
                row.getLong("size_bytes"),
                Rows.instant(row, "modified_at"), row.getBoolean("is_car"), row.getLong("car_bytes"),
                Rows.cid(row, "piece_cid"), PaddedPieceSize.of(row.getLong("piece_size_padded")),
                Rows.instant(row, "imported_at"));
    }
}
