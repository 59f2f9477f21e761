package io.caravan.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Hands the moves of the outbox to receivers, each by a row that remembers its place: in the order in which they were
 * numbered, which for one deal or sector is the order in which they happened, each at least once, over any crash. Of the
 * nodes of a role one hands out to a receiver at a time.
 */
public final class MoveFeeds {

    /** How far a lag is counted. */
    public static final int MOST_COUNTED = 100_000;
    private static final int MOST_ERROR = 500;

    private final Sql sql;
    private final Clock clock;
    private final Leases leases;
    private final Horizon horizon;

    /** @param node this node's name, the same after a restart and no other node's */
    public MoveFeeds(Sql sql, Clock clock, String node) {
        this.sql = sql;
        this.clock = clock;
        this.leases = new Leases(node);
        this.horizon = new Horizon(sql);
    }

    /**
     * The right to hand out to one receiver.
     *
     * @param token of this holder alone
     */
    public record Hold(MoveFeed feed, String token) {}

    /** What comes next; {@code last} is the place when all of them are taken. */
    public record Batch(List<FeedLine> lines, long last, boolean isBehind) {}

    /** Takes the right to hand out, or prolongs it; empty while another node has it. Makes the row of a new receiver. */
    public Optional<Hold> hold(String name, String topic, @Nullable String token, Duration lease) {
        Instant now = clock.instant();
        String mine = token == null ? leases.next() : token;
        if (token == null) {
            sql.write("move_feed/open", Map.of("name", name, "topic", topic, "now", now));
        }
        return sql.one("move_feed/lease", Map.of("name", name, "topic", topic, "owner", leases.owner(), "token", mine,
                "now", now, "until", now.plus(lease)), (row, number) -> new Hold(feed(row), mine));
    }

    /** Gives the right back. */
    public void release(Hold hold) {
        sql.write("move_feed/release", key(hold));
    }

    /** Where a new receiver begins: at the first line ever, or behind all that have happened; empty to ask again soon. */
    public Optional<Long> begin(Hold hold, boolean fromTheFirst) {
        Horizon.Sight sight = horizon.look();
        if (!fromTheFirst && sight.isBehind()) {
            return Optional.empty();
        }
        long place = fromTheFirst ? 0 : sight.line();
        Map<String, Object> key = key(hold);
        key.put("place", place);
        return sql.write("move_feed/begin", key) == 1 ? Optional.of(place) : Optional.empty();
    }

    /** The next moves after a place, at most so many. */
    public Batch next(Hold hold, long place, int most) {
        Horizon.Sight sight = horizon.look();
        if (sight.line() <= place) {
            return new Batch(List.of(), place, sight.isBehind());
        }
        List<FeedLine> lines = sql.list("move_feed/read", Map.of("topic", hold.feed().topic(), "after", place,
                "last", sight.line(), "limit", most), MoveFeeds::line);
        boolean isFull = lines.size() == most;
        return new Batch(lines, isFull ? lines.get(most - 1).line().id() : sight.line(), isFull || sight.isBehind());
    }

    /** Everything up to the place is taken, so many moves of it just now; false when another holds the right. */
    public boolean taken(Hold hold, long place, int many) {
        Map<String, Object> key = key(hold);
        key.put("place", place);
        key.put("many", many);
        key.put("now", clock.instant());
        return sql.write("move_feed/taken", key) == 1;
    }

    /** The receiver did not take the next one; why stands in the row until it takes again. */
    public void failed(Hold hold, String error) {
        Map<String, Object> key = key(hold);
        key.put("error", error.length() > MOST_ERROR ? error.substring(0, MOST_ERROR) : error);
        key.put("now", clock.instant());
        sql.write("move_feed/failed", key);
    }

    /** All receivers with how far each is behind. */
    public List<MoveFeed.Lag> lags() {
        return sql.list("move_feed/list", Map.of("most", MOST_COUNTED), (row, number) ->
                new MoveFeed.Lag(feed(row), row.getLong("many"), Rows.instantOrNull(row, "oldest")));
    }

    /** Forgets a receiver that no node hands out to; false when there is none such. */
    public boolean forget(String name, String topic) {
        return sql.write("move_feed/forget", Map.of("name", name, "topic", topic, "now", clock.instant())) == 1;
    }

    private static Map<String, Object> key(Hold hold) {
        return new HashMap<>(Map.of("name", hold.feed().name(), "topic", hold.feed().topic(), "token", hold.token()));
    }

    private static MoveFeed feed(ResultSet row) throws SQLException {
        return new MoveFeed(row.getString("name"), row.getString("topic"), Rows.longOrNull(row, "place"),
                row.getLong("taken"), Rows.instantOrNull(row, "taken_at"), row.getInt("failures"),
                Rows.instantOrNull(row, "failing_since"), row.getString("last_error"));
    }

    private static FeedLine line(ResultSet row, int number) throws SQLException {
        return new FeedLine(Outbox.line(row), row.getString("message"), Rows.longOrNull(row, "deal_id"),
                row.getString("piece_cid"), row.getString("payload_cid"));
    }
}
