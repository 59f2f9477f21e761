package io.caravan.store;

import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Whom this role's libp2p host keeps away, as rows; what a value means is the host's to say. */
public final class NetBlocks {

    /** What is blocked. */
    public enum Kind {
        PEER, IP, SUBNET;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** One line of the list. */
    public record Line(Kind kind, String value) {}

    private final Sql sql;
    private final Clock clock;

    public NetBlocks(Sql sql, Clock clock) {
        this.sql = sql;
        this.clock = clock;
    }

    /** All lines or none; lines that are there stay. */
    public void add(List<Line> lines) {
        sql.inTransaction(() -> {
            lines.forEach(line -> sql.write("net_block/add", Map.of("kind", line.kind().text(), "value", line.value(),
                    "now", clock.instant())));
            return lines;
        });
    }

    /** All lines or none; lines that are not there are no matter. */
    public void remove(List<Line> lines) {
        sql.inTransaction(() -> {
            lines.forEach(line -> sql.write("net_block/remove", Map.of("kind", line.kind().text(), "value", line.value())));
            return lines;
        });
    }

    public List<Line> list() {
        return sql.list("net_block/list", Map.of(), (row, number) ->
                new Line(Kind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)), row.getString("value")));
    }
}
