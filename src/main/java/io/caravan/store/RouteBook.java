package io.caravan.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which texts of the route files run at this node, which ran before, and every try to change one or a setting: a row before
 * it, completed after it. Bounded: the newest versions of a file and the newest changes of the node are kept.
 */
public final class RouteBook {

    private static final int VERSIONS = 50;
    private static final int SWAPS = 1000;

    /** What became of a change. */
    public enum Verdict {
        /** It runs. */
        TAKEN,
        /** It was not tried, for the reason given. */
        REFUSED,
        /** It was tried and did not start; what ran before runs again. */
        ROLLED_BACK,
        /** It is noted and takes effect at the next start. */
        NEXT_START,
        /** The process ended in the middle of it. */
        INTERRUPTED,
        /** It is being tried. */
        UNDERWAY;

        /** The word in rows and RPC answers. */
        public String text() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        static Verdict of(String text) {
            return valueOf(text.toUpperCase(Locale.ROOT).replace('-', '_'));
        }
    }

    /** One text of a file, since when it is known. */
    public record Version(String file, int version, String hash, String text, Instant since) {}

    /**
     * One change.
     *
     * @param who an account, a token, or the owner of a file that changed on disk
     * @param from the version that ran; null for a new file or a setting
     * @param to the version that runs; null for a dropped file, a setting, and where nothing new runs
     * @param reason why it was not taken, or what to know about it
     * @param diff unified
     */
    public record Swap(long id, Instant at, String who, String file, @Nullable Integer from, @Nullable Integer to,
            Verdict verdict, @Nullable String reason, String diff) {}

    /** What runs, or ran last, of a file at another node. */
    public record Elsewhere(String node, String file, String text) {}

    private final Sql sql;
    private final String node;
    private final Clock clock;

    /** @param node whose routes they are; nodes that share the database have their own each */
    public RouteBook(Sql sql, String node, Clock clock) {
        this.sql = sql;
        this.node = node;
        this.clock = clock;
    }

    /** What runs, or ran last, of each file. */
    public List<Version> live() {
        return sql.list("route_live/list", Map.of("node", node), RouteBook::version);
    }

    /** What runs, or ran last, at the other nodes that share the database. */
    public List<Elsewhere> others() {
        return sql.list("route_live/others", Map.of("node", node), (row, number) -> new Elsewhere(row.getString("node"),
                row.getString("file"), row.getString("body")));
    }

    /** The versions of a file, the newest first. */
    public List<Version> versions(String file) {
        return sql.list("route_version/list", Map.of("node", node, "file", file), RouteBook::version);
    }

    public Optional<Version> version(String file, int version) {
        return sql.one("route_version/find", Map.of("node", node, "file", file, "version", version), RouteBook::version);
    }

    /** The version that ran before the one that runs; of a dropped file, the one that ran last. */
    public Optional<Version> before(String file) {
        return sql.one("route_version/before", Map.of("node", node, "file", file), RouteBook::version);
    }

    /** The newest changes, the newest first; of one file unless null, older than one unless null. */
    public List<Swap> swaps(@Nullable String file, @Nullable Long before, int limit) {
        Map<String, @Nullable Object> filter = new HashMap<>();
        filter.put("node", node);
        filter.put("file", file);
        filter.put("before", before);
        filter.put("limit", limit);
        return sql.list("route_swap/list", filter, RouteBook::swap);
    }

    /** Completes what the end of an earlier process cut off; how many changes those were. */
    public int resume() {
        return sql.write("route_swap/interrupted", Map.of("node", node));
    }

    /** A change is about to be tried; returns its id. */
    public long begin(String who, String file, @Nullable Integer from, String diff) {
        Map<String, @Nullable Object> row = new HashMap<>();
        row.put("node", node);
        row.put("now", clock.instant());
        row.put("who", who);
        row.put("file", file);
        row.put("from_version", from);
        row.put("diff", diff);
        return sql.one("route_swap/begin", row, (found, number) -> found.getLong("id")).orElseThrow();
    }

    /** Nothing new runs. */
    public void end(long id, Verdict verdict, @Nullable String reason) {
        end(id, verdict, reason, null);
        sql.write("route_swap/prune", Map.of("node", node, "keep", SWAPS));
    }

    /** It was tried as one before was, with the same end; nothing of it stays. */
    public void withdraw(long id) {
        sql.write("route_swap/withdraw", Map.of("id", id));
    }

    /** That text runs now; returns its version. */
    public int taken(long id, String file, String hash, String text, @Nullable String note) {
        int version = sql.inTransaction(() -> {
            int number = runs(file, hash, text);
            end(id, Verdict.TAKEN, note, number);
            return number;
        });
        sql.write("route_version/prune", Map.of("node", node, "file", file, "keep", VERSIONS));
        sql.write("route_swap/prune", Map.of("node", node, "keep", SWAPS));
        return version;
    }

    /** Nothing of the file runs any more. */
    public void dropped(long id, String file, @Nullable String note) {
        sql.inTransaction(() -> {
            sql.write("route_live/remove", Map.of("node", node, "file", file));
            end(id, Verdict.TAKEN, note, null);
            return id;
        });
    }

    /** That text runs and nobody changed anything: as at the first start. Returns its version. */
    public int found(String file, String hash, String text) {
        return sql.inTransaction(() -> runs(file, hash, text));
    }

    private int runs(String file, String hash, String text) {
        int number = sql.one("route_version/of-text", Map.of("node", node, "file", file, "hash", hash), RouteBook::number)
                .orElseGet(() -> sql.one("route_version/insert", Map.of("node", node, "file", file, "hash", hash, "body", text,
                        "now", clock.instant()), RouteBook::number).orElseThrow());
        sql.write("route_live/set", Map.of("node", node, "file", file, "version", number));
        return number;
    }

    private void end(long id, Verdict verdict, @Nullable String reason, @Nullable Integer to) {
        Map<String, @Nullable Object> row = new HashMap<>();
        row.put("id", id);
        row.put("verdict", verdict.text());
        row.put("reason", reason);
        row.put("to_version", to);
        sql.write("route_swap/end", row);
    }

    private static int number(ResultSet row, int index) throws SQLException {
        return row.getInt("version");
    }

    private static Version version(ResultSet row, int index) throws SQLException {
        return new Version(row.getString("file"), row.getInt("version"), row.getString("hash"), row.getString("body"),
                Rows.instant(row, "since"));
    }

    private static Swap swap(ResultSet row, int index) throws SQLException {
        return new Swap(row.getLong("id"), Rows.instant(row, "at"), row.getString("who"), row.getString("file"),
                row.getObject("from_version", Integer.class), row.getObject("to_version", Integer.class),
                Verdict.of(row.getString("verdict")), row.getString("reason"), row.getString("diff"));
    }
}
