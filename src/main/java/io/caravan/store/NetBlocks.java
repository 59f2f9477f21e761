package io.caravan.store;

import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Whom this role's libp2p host keeps away, or whom alone it deals with, as rows; what a value means is the host's to say. */
public final class NetBlocks {

    /** What a line names. */
    public enum Kind {
        PEER, IP, SUBNET;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** One line of the list. */
    public record Line(Kind kind, String value) {}

    private final String table;
    private final Sql sql;
    private final Clock clock;

    /** Those that are kept away. */
    public NetBlocks(Sql sql, Clock clock) {
        this("net_block", sql, clock);
    }

    /** Those that alone are dealt with, once there is any. */
    public static NetBlocks allowed(Sql sql, Clock clock) {
        return new NetBlocks("net_allow", sql, clock);
    }

    private NetBlocks(String table, Sql sql, Clock clock) {
        this.table = table;
        this.sql = sql;
        this.clock = clock;
    }

    /** All lines or none; lines that are there stay. */
    public void add(List<Line> lines) {
        sql.inTransaction(() -> {
            lines.forEach(line -> sql.write(table + "/add", Map.of("kind", line.kind().text(), "value", line.value(),
                    "now", clock.instant())));
            return lines;
        });
    }

    /** All lines or none; lines that are not there are no matter. */
    public void remove(List<Line> lines) {
        sql.inTransaction(() -> {
            lines.forEach(line -> sql.write(table + "/remove", Map.of("kind", line.kind().text(), "value", line.value())));
            return lines;
        });
    }

    public List<Line> list() {
        return sql.list(table + "/list", Map.of(), (row, number) ->
                new Line(Kind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)), row.getString("value")));
    }
}
