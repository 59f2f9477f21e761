package io.caravan.store;

import io.caravan.codec.Cid;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The book of everything this node removed of deals: a line before a thing goes, completed after it went. A line without
 * an outcome is a removal that a kill interrupted; removing again completes it.
 */
public final class FileAudit {

    private final Sql sql;
    private final Clock clock;

    /** What is removed. */
    public enum Kind {
        /** The CAR into which an online deal's data was received. */
        STAGING_CAR,
        /** The staged copy of an imported piece. */
        PIECE_COPY,
        /** A staged file that no live deal refers to. */
        STAGING_ORPHAN,
        /** A file that only a moment's work needed. */
        TEMP_FILE,
        /** What is remembered of a deal's data transfers, the received bytes included. */
        TRANSFER_ROW,
        /** A deal's place in the publish queue. */
        PUBLISH_ENTRY;

        /** The word in rows and RPC answers. */
        public String text() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        static Kind of(String text) {
            return valueOf(text.toUpperCase(Locale.ROOT).replace('-', '_'));
        }
    }

    /**
     * One removal.
     *
     * @param proposalCid whose; null when it belonged to no deal
     * @param subject the file's path, or what else it was
     * @param bytes of the file when the removal was planned; 0 for what is no file
     * @param outcome null until it is done
     */
    public record Line(long id, @Nullable Cid proposalCid, Kind kind, String subject, long bytes, String why,
            Instant plannedAt, @Nullable Instant doneAt, @Nullable String outcome) {}

    public FileAudit(Sql sql, Clock clock) {
        this.sql = sql;
        this.clock = clock;
    }

    /** Writes down that this is about to be removed. Idempotent until it is done. */
    public void plan(@Nullable Cid proposalCid, Kind kind, String subject, long bytes, String why) {
        Map<String, @Nullable Object> row = key(kind, subject);
        row.put("proposal_cid", Rows.text(proposalCid));
        row.put("bytes", bytes);
        row.put("why", why);
        row.put("now", clock.instant());
        sql.write("file_audit/plan", row);
    }

    /** Whether it was planned and is not done. */
    public boolean isOpen(Kind kind, String subject) {
        return sql.one("file_audit/is-open", key(kind, subject), (row, number) -> true).isPresent();
    }

    /** It was removed, or why not. */
    public void done(Kind kind, String subject, String outcome) {
        Map<String, @Nullable Object> row = key(kind, subject);
        row.put("outcome", outcome);
        row.put("now", clock.instant());
        sql.write("file_audit/done", row);
    }

    /** A deal's removals in order. */
    public List<Line> of(Cid proposalCid) {
        return sql.list("file_audit/of-deal", Map.of("proposal_cid", proposalCid.toString()), FileAudit::line);
    }

    /** The newest removals, newest first. */
    public List<Line> newest(int limit) {
        return sql.list("file_audit/newest", Map.of("limit", limit), FileAudit::line);
    }

    /** Removals planned before that moment and not done. */
    public List<Line> openBefore(Instant before, int limit) {
        return sql.list("file_audit/open-before", Map.of("before", before, "limit", limit), FileAudit::line);
    }

    private static Map<String, @Nullable Object> key(Kind kind, String subject) {
        Map<String, @Nullable Object> key = new HashMap<>();
        key.put("kind", kind.text());
        key.put("subject", subject);
        return key;
    }

    private static Line line(ResultSet row, int number) throws SQLException {
        return new Line(row.getLong("id"), Rows.cidOrNull(row, "proposal_cid"), Kind.of(row.getString("kind")),
                row.getString("subject"), row.getLong("bytes"), row.getString("why"), Rows.instant(row, "planned_at"),
                Rows.instantOrNull(row, "done_at"), row.getString("outcome"));
    }
}
