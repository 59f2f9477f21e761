package io.caravan.store;

import io.caravan.model.DealDuties;
import io.caravan.model.DealState;
import io.caravan.model.Role;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What waits, in figures for operators; each by an index that leads to what waits alone. */
public final class Backlog {

    /** What troubled deals are counted up to. */
    public static final int MOST = 1000;

    private static final int STUCK_TRIES = 3;

    private final Sql sql;
    private final Clock clock;

    public Backlog(Sql sql, Clock clock) {
        this.sql = sql;
        this.clock = clock;
    }

    /**
     * So many wait.
     *
     * @param kind what waits, such as a message's status
     * @param oldest since when the oldest does; null when none does
     */
    public record Queue(String kind, long many, @Nullable Instant oldest) {}

    /** Transfers that are not over, and their bytes per second together. */
    public record Running(long many, double bytesPerSecond) {}

    /** Parked deals of one side, counted up to {@link #MOST}. */
    public long parkedDeals(Role role) {
        return one("deal/count-parked", Map.of("role", role.text(), "most", MOST));
    }

    /** Live deals of one side that somebody should look at, each kind counted up to {@link #MOST}. */
    public long troubledDeals(Role role) {
        return one("deal/count-troubled", Map.of("role", role.text(), "most", MOST, "tries", STUCK_TRIES, "now", clock.instant(),
                "live", DealDuties.of(role).keySet().stream().map(DealState::code).toArray(Integer[]::new)));
    }

    public long parkedSectors() {
        return one("sector/count-parked", Map.of());
    }

    /** Deals in no publish message. */
    public Queue unpublished() {
        return sql.one("publish_queue/backlog", Map.of(), (row, number) -> queue("publish", row)).orElseThrow();
    }

    /** Messages that have not landed, by status. */
    public List<Queue> messages() {
        return sql.list("chain_message/backlog", Map.of(), (row, number) -> queue(row.getString("status"), row));
    }

    public Running transfers() {
        return sql.one("transfer_channel/running", Map.of(),
                (row, number) -> new Running(row.getLong("many"), row.getDouble("rate"))).orElseThrow();
    }

    private long one(String statement, Map<String, ?> parameters) {
        return sql.one(statement, parameters, (row, number) -> row.getLong("many")).orElse(0L);
    }

    private static Queue queue(String kind, ResultSet row) throws SQLException {
        return new Queue(kind, row.getLong("many"), row.getTimestamp("oldest") == null ? null : Rows.instant(row, "oldest"));
    }
}
