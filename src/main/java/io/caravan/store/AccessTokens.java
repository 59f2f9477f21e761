package io.caravan.store;

import io.caravan.codec.Bytes;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tokens that were made, as rows; the token itself is nowhere, only its SHA-256. */
public final class AccessTokens {

    /** How long those that have ended are remembered. */
    private static final Duration REMEMBERED = Duration.ofDays(90);

    private final Sql sql;
    private final Clock clock;

    /**
     * One of them.
     *
     * @param id the token's jti
     * @param name as audits name its bearer
     * @param hash SHA-256 of the whole token
     * @param rights such as {@code read,write}
     * @param expiresAt null if it does not end by itself
     * @param revokedAt null while nobody has ended it
     */
    public record Row(String id, String name, Bytes hash, String rights, String madeBy, Instant madeAt,
            @Nullable Instant expiresAt, @Nullable Instant revokedAt) {

        /** Whether it counts at that moment. */
        public boolean isLive(Instant now) {
            return revokedAt == null && (expiresAt == null || now.isBefore(expiresAt));
        }
    }

    public AccessTokens(Sql sql, Clock clock) {
        this.sql = sql;
        this.clock = clock;
    }

    public void insert(Row row) {
        Map<String, @Nullable Object> values = new HashMap<>();
        values.put("id", row.id());
        values.put("name", row.name());
        values.put("hash", row.hash().toArray());
        values.put("rights", row.rights());
        values.put("by", row.madeBy());
        values.put("now", row.madeAt());
        values.put("expires", row.expiresAt());
        sql.write("access_token/insert", values);
        sql.write("access_token/forget", Map.of("before", clock.instant().minus(REMEMBERED)));
    }

    /** All that are remembered, the oldest first. */
    public List<Row> list() {
        return sql.list("access_token/list", Map.of(), AccessTokens::row);
    }

    /** Ends the tokens of that id or name; how many that were. */
    public int revoke(String which) {
        return sql.write("access_token/revoke", Map.of("which", which, "now", clock.instant()));
    }

    private static Row row(ResultSet row, int number) throws SQLException {
        return new Row(row.getString("id"), row.getString("name"), Bytes.wrap(row.getBytes("hash")), row.getString("rights"),
                row.getString("made_by"), Rows.instant(row, "made_at"), Rows.instantOrNull(row, "expires_at"),
                Rows.instantOrNull(row, "revoked_at"));
    }
}
