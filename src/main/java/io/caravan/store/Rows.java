package io.caravan.store;

import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.model.Epoch;
import io.caravan.model.TokenAmount;
import io.caravan.model.Turn;
import io.caravan.model.Waiting;
import io.caravan.model.WaitsOn;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Columns to values and back, the nullable ones too. */
final class Rows {

    private Rows() {}

    static @Nullable Long longOrNull(ResultSet row, String column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? null : value;
    }

    static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    static @Nullable Instant instantOrNull(ResultSet row, String column) throws SQLException {
        OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
        return value == null ? null : value.toInstant();
    }

    static Cid cid(ResultSet row, String column) throws SQLException {
        return Cid.parse(row.getString(column));
    }

    static @Nullable Cid cidOrNull(ResultSet row, String column) throws SQLException {
        String value = row.getString(column);
        return value == null ? null : Cid.parse(value);
    }

    static @Nullable Bytes bytesOrNull(ResultSet row, String column) throws SQLException {
        byte[] value = row.getBytes(column);
        return value == null ? null : Bytes.wrap(value);
    }

    static TokenAmount amount(ResultSet row, String column) throws SQLException {
        return TokenAmount.ofAtto(row.getBigDecimal(column).toBigIntegerExact());
    }

    static BigDecimal column(TokenAmount amount) {
        return new BigDecimal(amount.atto());
    }

    static byte @Nullable [] column(@Nullable Bytes bytes) {
        return bytes == null ? null : bytes.toArray();
    }

    static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }

    /** The turn's columns, which deals and sectors share. */
    static Turn turn(ResultSet row, @Nullable Epoch lastEpoch) throws SQLException {
        return new Turn(instant(row, "run_after"), row.getInt("attempt"), row.getInt("bugs"),
                instantOrNull(row, "deadline"), lastEpoch, row.getString("lease_token"), row.getBoolean("parked"));
    }

    static Waiting waiting(ResultSet row) throws SQLException {
        String on = row.getString("waits_on");
        return new Waiting(on == null ? null : WaitsOn.of(on), row.getString("waits_for"),
                instantOrNull(row, "waits_since"), instantOrNull(row, "waits_until"), row.getString("last_error"));
    }

    static void turn(Map<String, @Nullable Object> columns, Turn turn, Waiting waiting) {
        columns.put("run_after", turn.runAfter());
        columns.put("attempt", turn.attempt());
        columns.put("bugs", turn.bugs());
        columns.put("deadline", turn.deadline());
        columns.put("parked", turn.parked());
        columns.put("waits_on", waiting.on() == null ? null : waiting.on().text());
        columns.put("waits_for", waiting.what());
        columns.put("waits_since", waiting.since());
        columns.put("waits_until", waiting.until());
        columns.put("last_error", waiting.lastError());
    }
}
