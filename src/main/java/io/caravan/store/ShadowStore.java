package io.caravan.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Candidates of phases that run beside the live ones, and where they decided otherwise. */
public final class ShadowStore {

    /** Most differences kept of one trial; the rest is only counted. */
    public static final int MOST_KEPT = 10_000;
    /** Trials that are over, of which is kept what they found; older ones are forgotten. */
    public static final int MOST_TRIALS = 50;

    /**
     * One trial.
     *
     * @param candidate the text of the file
     * @param allowed schemes beyond the usual that its steps may send to, separated by commas
     * @param states the states whose phase it judges, separated by commas
     * @param endedAt null while it runs
     */
    public record Trial(long id, String node, String name, String candidate, String allowed, String states, String who,
            Instant startedAt, Instant until, @Nullable Instant endedAt, @Nullable String endReason, Counts counts) {}

    /**
     * @param settled deals that the live phases settled
     * @param same of these, decided alike
     * @param different decided otherwise
     * @param undecided not decided: it waits, failed or took too long
     * @param dropped not looked at, as too many came at once
     */
    public record Counts(long settled, long same, long different, long undecided, long dropped) {}

    /** One deal on which the candidate decided otherwise than the live phase, or not at all. */
    public record Difference(String key, String state, String live, @Nullable String liveReason, String candidate,
            @Nullable String candidateReason, long tookMillis, Instant at) {}

    private final Sql sql;
    private final Clock clock;
    private final String node;

    public ShadowStore(Sql sql, Clock clock, String node) {
        this.sql = sql;
        this.clock = clock;
        this.node = node;
    }

    /** A trial begins; of one name one runs at a time on a node. */
    public Trial begin(String name, String candidate, String allowed, String states, String who, Instant until) {
        return sql.one("shadow_trial/begin", Map.of("node", node, "name", name, "candidate", candidate, "allowed", allowed,
                "states", states, "who", who, "now", clock.instant(), "until", until), ShadowStore::trial).orElseThrow();
    }

    /** It is over, for a reason; nothing happens if it was before. */
    public void end(long trial, String reason) {
        sql.write("shadow_trial/end", Map.of("id", trial, "reason", reason, "now", clock.instant()));
        sql.write("shadow_trial/prune", Map.of("keep", MOST_TRIALS));
    }

    /** Adds to the counts. */
    public void count(long trial, Counts more) {
        sql.write("shadow_trial/count", Map.of("id", trial, "settled", more.settled(), "same", more.same(),
                "different", more.different(), "undecided", more.undecided(), "dropped", more.dropped()));
    }

    /** Keeps a difference, if not too many are kept already. */
    public void add(long trial, Difference one) {
        Map<String, @Nullable Object> row = new HashMap<>();
        row.put("trial", trial);
        row.put("key", one.key());
        row.put("state", one.state());
        row.put("live", one.live());
        row.put("live_reason", one.liveReason());
        row.put("candidate", one.candidate());
        row.put("candidate_reason", one.candidateReason());
        row.put("took", one.tookMillis());
        row.put("now", one.at());
        row.put("most", MOST_KEPT);
        sql.write("shadow_difference/add", row);
    }

    /** What runs on this node, or ran when it was stopped. */
    public List<Trial> live() {
        return sql.list("shadow_trial/live", Map.of("node", node), ShadowStore::trial);
    }

    /** The newest trials of all nodes. */
    public List<Trial> list(int limit) {
        return sql.list("shadow_trial/list", Map.of("limit", limit), ShadowStore::trial);
    }

    /** The newest differences of a trial. */
    public List<Difference> differences(long trial, int limit) {
        return sql.list("shadow_difference/list", Map.of("trial", trial, "limit", limit), (row, number) ->
                new Difference(row.getString("key"), row.getString("state"), row.getString("live"), row.getString("live_reason"),
                        row.getString("candidate"), row.getString("candidate_reason"), row.getLong("took_millis"),
                        Rows.instant(row, "at")));
    }

    private static Trial trial(ResultSet row, int number) throws SQLException {
        return new Trial(row.getLong("id"), row.getString("node"), row.getString("name"), row.getString("candidate"),
                row.getString("allowed"), row.getString("states"), row.getString("who"), Rows.instant(row, "started_at"),
                Rows.instant(row, "until"), Rows.instantOrNull(row, "ended_at"), row.getString("end_reason"),
                new Counts(row.getLong("settled"), row.getLong("same"), row.getLong("different"), row.getLong("undecided"),
                        row.getLong("dropped")));
    }
}
