package io.caravan.store;

import io.caravan.model.Deal;
import io.caravan.model.DealDuties;
import io.caravan.model.DealState;
import io.caravan.model.Role;
import io.caravan.model.WaitsOn;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Live deals by what they wait on, for the people who ask why nothing happens. */
public final class WaitingDeals {

    /** Failed tries in a row after which a deal counts as stuck. */
    private static final int STUCK_TRIES = 3;

    private final Sql sql;
    private final Clock clock;

    public WaitingDeals(Sql sql, Clock clock) {
        this.sql = sql;
        this.clock = clock;
    }

    /** The live deals that wait on that, or on anything when null; those first that wait longest. */
    public List<Deal> on(Role role, @Nullable WaitsOn kind, int limit) {
        var parameters = new LinkedHashMap<String, @Nullable Object>();
        parameters.put("role", role.text());
        parameters.put("live", codes(role, state -> true));
        parameters.put("waits_on", kind == null ? null : kind.text());
        parameters.put("usual", codes(role, state -> DealDuties.of(role, state).orElseThrow().on() == kind));
        parameters.put("limit", limit);
        return sql.list("deal/waiting", parameters, DealRows::deal);
    }

    /** The live deals that somebody should look at: parked, failing again and again, late, or short of money. */
    public List<Deal> stuck(Role role, int limit) {
        var parameters = new LinkedHashMap<String, @Nullable Object>();
        parameters.put("role", role.text());
        parameters.put("live", codes(role, state -> true));
        parameters.put("now", clock.instant());
        parameters.put("tries", STUCK_TRIES);
        parameters.put("limit", limit);
        return sql.list("deal/stuck", parameters, DealRows::deal);
    }

    private static Integer[] codes(Role role, Predicate<DealState> wanted) {
        return DealDuties.of(role).keySet().stream().filter(wanted).map(DealState::code).toArray(Integer[]::new);
    }
}
