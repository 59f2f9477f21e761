package io.caravan.store;

import java.util.Map;

/**
 * How far the outbox may be read without passing a line that is not there yet. Lines are numbered when they are written
 * and seen when they are committed: line 8 may be seen while the transaction of line 7 still runs. Every move writes its
 * deal's or sector's row before its line takes a number, so the transaction of each numbered line has a number of its own
 * by then; when none below the next such number runs any more, all lines up to the newest one of that moment are there,
 * or never will be.
 */
final class Horizon {

    private final Sql sql;
    // Guarded by this object.
    private long safe;
    private long marked;
    private long above;

    Horizon(Sql sql) {
        this.sql = sql;
    }

    /**
     * @param line no line after it has still to come among those up to it
     * @param isBehind newer lines are there already, and safe as soon as the transactions that run now have ended
     */
    record Sight(long line, boolean isBehind) {}

    /** Looks again; one trip to the server while nothing is new. */
    synchronized Sight look() {
        if (marked > safe) {
            settle();
        }
        if (marked <= safe) {
            if (sql.one("outbox/last", Map.of(), (row, number) -> row.getLong("last")).orElseThrow() <= safe) {
                return new Sight(safe, false);
            }
            mark();
            settle();
        }
        return new Sight(safe, marked > safe);
    }

    private void mark() {
        long[] found = sql.one("outbox/mark", Map.of(), (row, number) ->
                new long[] {row.getLong("last"), row.getLong("above")}).orElseThrow();
        marked = found[0];
        above = found[1];
    }

    private void settle() {
        if (sql.one("outbox/running", Map.of(), (row, number) -> row.getLong("lowest")).orElseThrow() >= above) {
            safe = marked;
        }
    }
}
