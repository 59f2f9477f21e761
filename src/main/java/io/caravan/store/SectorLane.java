package io.caravan.store;

import io.caravan.model.Sector;
import io.caravan.model.SectorStage;
import io.caravan.model.SectorState;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whose turn it is among the sectors, and who holds them; as {@link SectorStore} says. */
record SectorLane(Sql sql, Clock clock, Leases leases) {

    List<Sector> claim(SectorState state, @Nullable SectorStage stage, int limit, Duration lease) {
        Instant now = clock.instant();
        var columns = new HashMap<String, @Nullable Object>();
        columns.put("state", state.wireName());
        columns.put("sub_state", stage == null ? null : stage.text());
        columns.put("limit", limit);
        columns.put("owner", leases.owner());
        columns.put("token", leases.next());
        columns.put("now", now);
        columns.put("until", now.plus(lease));
        return sql.list("sector/claim", columns, SectorRows::sector);
    }

    int keepOut(SectorState state, String waitsFor) {
        return sql.one("sector/keep-out", Map.of("state", state.wireName(), "what", waitsFor, "now", clock.instant()),
                (row, number) -> row.getInt("many")).orElseThrow();
    }

    Set<SectorState> due() {
        var due = EnumSet.noneOf(SectorState.class);
        sql.list("sector/due", Map.of("now", clock.instant()), (row, number) ->
                due.add(SectorState.ofName(row.getString("state"))));
        return due;
    }

    boolean renew(Sector sector, Duration lease) {
        var renewed = leased(sector);
        renewed.put("until", clock.instant().plus(lease));
        return sql.write("sector/renew", renewed) == 1;
    }

    void release(Sector sector) {
        if (sector.turn().lease() != null) {
            sql.write("sector/release", leased(sector));
        }
    }

    int reclaim() {
        return sql.write("sector/reclaim", Map.of("owner", leases.owner()));
    }

    private static Map<String, @Nullable Object> leased(Sector sector) {
        var key = new HashMap<String, @Nullable Object>();
        key.put("number", sector.number().value());
        key.put("token", sector.turn().lease());
        return key;
    }
}
