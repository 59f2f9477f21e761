package io.caravan.store;

import io.caravan.model.DealGroup;
import io.caravan.model.DealState;
import io.caravan.model.Role;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * How many deals are in each state, for pages that ask again and again. What is on its way is counted each time from its
 * index. Active and ended deals may be a million: they are counted again only after a hundred times as long as counting them
 * took, so that all who ask together cost at most a hundredth of one core.
 */
public final class DealCounts {

    private static final Set<DealGroup> SETTLED = Set.of(DealGroup.ACTIVE, DealGroup.ENDED, DealGroup.FAILED);
    private static final int SHARE = 100;

    private final Sql sql;
    private final Role role;
    private final Clock clock;
    private @Nullable Settled settled;

    /** @param notBefore when they are counted again */
    private record Settled(Map<DealState, Long> counts, Instant at, Instant notBefore) {}

    /**
     * What was counted; states without any deal are left out.
     *
     * @param settledAt when active and ended ones were counted
     */
    public record Counts(Map<DealState, Long> states, Instant settledAt) {}

    public DealCounts(Sql sql, Role role, Clock clock) {
        this.sql = sql;
        this.role = role;
        this.clock = clock;
    }

    /** All states of this side. */
    public Counts count() {
        Settled old = settled();
        Map<DealState, Long> all = new EnumMap<>(DealState.class);
        all.putAll(old.counts());
        all.putAll(count(state -> !SETTLED.contains(DealGroup.of(state))));
        return new Counts(all, old.at());
    }

    private synchronized Settled settled() {
        Instant now = clock.instant();
        if (settled == null || !now.isBefore(settled.notBefore())) {
            long begun = System.nanoTime();
            Map<DealState, Long> counts = count(state -> SETTLED.contains(DealGroup.of(state)));
            settled = new Settled(counts, now, now.plus(Duration.ofNanos((System.nanoTime() - begun) * SHARE)));
        }
        return settled;
    }

    private Map<DealState, Long> count(Predicate<DealState> wanted) {
        var counts = new EnumMap<DealState, Long>(DealState.class);
        Integer[] codes = Arrays.stream(DealState.values()).filter(wanted).map(DealState::code).toArray(Integer[]::new);
        sql.list("deal/count-some", Map.of("role", role.text(), "states", codes), (row, number) ->
                counts.put(DealState.ofCode(row.getInt("state")), row.getLong("many")));
        return counts;
    }
}
