package io.caravan.store;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/** How many sectors were finished when: the throughput of sealing as its history has it. */
public final class SealingHistory {

    private final Sql sql;

    public SealingHistory(Sql sql) {
        this.sql = sql;
    }

    /**
     * Finished sectors in each stretch of time since a moment, by the number of the stretch, the first being 0; stretches without
     * any are left out.
     */
    public Map<Integer, Long> finished(Instant since, Duration stretch) {
        Map<Integer, Long> found = new TreeMap<>();
        sql.list("sector_event/finished", Map.of("since", since, "seconds", stretch.toSeconds()), (row, number) ->
                found.put(row.getInt("stretch"), row.getLong("many")));
        return found;
    }
}
