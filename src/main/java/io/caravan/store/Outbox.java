package io.caravan.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Every move of every deal and sector, whichever node of the role made it, for those who follow from outside: a page,
 * a channel of updates, a metric. A reader remembers the last id it saw and asks for what came after.
 */
public final class Outbox {

    /**
     * @param topic {@code client}, {@code provider} or {@code sector}
     * @param key the proposal CID or the sector's number
     * @param seq the event's number in the history of its deal or sector
     * @param from wire name of the state before
     * @param to wire name of the state after; the same when the event was only noted
     */
    public record Line(long id, String topic, String key, long seq, String event, String from, String to,
            @Nullable String note, Instant at) {}

    private final Sql sql;

    public Outbox(Sql sql) {
        this.sql = sql;
    }

    /**
     * What came after, in the order of ids. A line whose transaction took longer than a later one's may appear behind
     * it: who must miss nothing asks again from a little before where it stood.
     */
    public List<Line> after(long id, int limit) {
        return sql.list("outbox/after", Map.of("id", id, "limit", limit), (row, number) -> line(row));
    }

    static Line line(ResultSet row) throws SQLException {
        return new Line(row.getLong("id"), row.getString("topic"), row.getString("key"), row.getLong("seq"),
                row.getString("event"), row.getString("from_state"), row.getString("to_state"), row.getString("note"),
                Rows.instant(row, "at"));
    }

    /** The id of the newest line; 0 where there is none. */
    public long newest() {
        return sql.one("outbox/newest", Map.of(), (row, number) -> row.getLong("id")).orElse(0L);
    }

    /**
     * Forgets what is older and was taken by every receiver that {@link MoveFeeds} knows; the histories keep it.
     *
     * @param limit most lines in one go
     * @return how many lines went
     */
    public int forget(Instant before, int limit) {
        return sql.write("outbox/forget", Map.of("before", before, "limit", limit));
    }
}
