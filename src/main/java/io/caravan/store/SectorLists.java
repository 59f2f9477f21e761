package io.caravan.store;

import io.caravan.model.Sector;
import io.caravan.model.SectorNumber;
import io.caravan.model.SectorState;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Many sectors at a time, page by page in the order of their numbers. */
record SectorLists(Sql sql) {

    private static final long BEFORE_ALL = -1;

    /** No states means all. */
    List<Sector> inStates(Set<SectorState> states, @Nullable SectorNumber after, int limit) {
        return sql.list("sector/list", Map.of("states", states.stream().map(SectorState::wireName).toArray(String[]::new),
                "after", from(after), "limit", limit), SectorRows::sector);
    }

    List<Sector> unlike(Set<SectorNumber> live, Set<SectorNumber> faulty, Instant now, @Nullable SectorNumber after, int limit) {
        return sql.list("sector/list-unlike", Map.of("live", numbers(live), "faulty", numbers(faulty), "now", now,
                "after", from(after), "limit", limit), SectorRows::sector);
    }

    Map<SectorState, Long> count() {
        var counts = new EnumMap<SectorState, Long>(SectorState.class);
        sql.list("sector/count", Map.of(), (row, number) ->
                counts.put(SectorState.ofName(row.getString("state")), row.getLong("many")));
        return counts;
    }

    private static long from(@Nullable SectorNumber after) {
        return after == null ? BEFORE_ALL : after.value();
    }

    private static Long[] numbers(Set<SectorNumber> numbers) {
        return numbers.stream().map(SectorNumber::value).toArray(Long[]::new);
    }
}
