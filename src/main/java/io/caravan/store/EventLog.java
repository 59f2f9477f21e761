package io.caravan.store;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything that happened to the deals and sectors of one database, in one row of numbers: the reading side of the outbox.
 * Numbers are given before commits, so an entry may show up shortly after one with a higher number: a reader that must
 * miss none asks again from a little before what it saw last.
 */
public final class EventLog {

    private final Sql sql;

    /**
     * @param topic {@code client}, {@code provider} or {@code sector}
     * @param key the proposal CID or the sector number
     */
    public record Entry(long id, String topic, String key, String event, String from, String to, @Nullable String note, Instant at) {}

    public EventLog(Sql sql) {
        this.sql = sql;
    }

    /** The entries with a higher number, oldest first, at most so many. */
    public List<Entry> since(long after, int limit) {
        return sql.list("outbox/since", Map.of("after", after, "limit", limit), (row, number) -> new Entry(row.getLong("id"),
                row.getString("topic"), row.getString("key"), row.getString("event"), row.getString("from_state"),
                row.getString("to_state"), row.getString("note"), Rows.instant(row, "at")));
    }
}
