package io.caravan.store;

import io.caravan.codec.Bytes;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who is signed in, as rows; the cookie itself is nowhere, only its SHA-256. */
public final class WebSessions {

    private final Sql sql;
    private final Clock clock;

    /**
     * One of them.
     *
     * @param hash SHA-256 of what the cookie holds
     * @param name as audits name the caller
     * @param account null for who came by a one-time link or a token
     * @param token id of the one it began with, with which it ends; null for who came otherwise
     * @param rights such as {@code read,write}
     * @param address where it was signed in from
     * @param usedAt when its cookie came last, behind by up to a minute
     * @param endsAt when it ends, used or not
     */
    public record Row(Bytes hash, String name, @Nullable String account, @Nullable String token, String rights, String address,
            Instant madeAt, Instant usedAt, Instant endsAt) {}

    public WebSessions(Sql sql, Clock clock) {
        this.sql = sql;
        this.clock = clock;
    }

    public void insert(Row row) {
        Map<String, @Nullable Object> values = new HashMap<>();
        values.put("hash", row.hash().toArray());
        values.put("name", row.name());
        values.put("account", row.account());
        values.put("token", row.token());
        values.put("rights", row.rights());
        values.put("address", row.address());
        values.put("now", row.madeAt());
        values.put("ends", row.endsAt());
        sql.write("web_session/insert", values);
    }

    /** Those that have not ended, the oldest first. */
    public List<Row> list() {
        return sql.list("web_session/list", Map.of("now", clock.instant()), WebSessions::row);
    }

    /** Its cookie came then. */
    public void use(Bytes hash, Instant at) {
        sql.write("web_session/use", Map.of("hash", hash.toArray(), "now", at));
    }

    /** That one is no more; no matter if it was none. */
    public void end(Bytes hash) {
        sql.write("web_session/end", Map.of("hash", hash.toArray()));
    }

    /** None is left; how many there were. */
    public int endAll() {
        return sql.write("web_session/end-all", Map.of());
    }

    /** Forgets those that have ended, and those unused since that moment. */
    public void sweep(Instant idleSince) {
        sql.write("web_session/sweep", Map.of("now", clock.instant(), "idle_since", idleSince));
    }

    private static Row row(ResultSet row, int number) throws SQLException {
        return new Row(Bytes.wrap(row.getBytes("hash")), row.getString("name"), row.getString("account"), row.getString("token"),
                row.getString("rights"), row.getString("address"), Rows.instant(row, "made_at"), Rows.instant(row, "used_at"),
                Rows.instant(row, "ends_at"));
    }
}
