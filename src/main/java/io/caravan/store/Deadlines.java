package io.caravan.store;

import static io.caravan.model.DealState.*;

import io.caravan.model.DealState;
import io.caravan.model.Role;
import io.caravan.model.SectorState;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How long a state may last before it gives up, unless its phase sets another deadline. These are the outermost
 * bounds, in wall time: what the chain's epochs demand (a start epoch, an end epoch) the phases set themselves.
 */
public final class Deadlines {

    private static final Duration LONG = Duration.ofDays(1400); // longer than the longest deal the chain allows

    private final Map<Role, Map<DealState, Duration>> deals = new EnumMap<>(Role.class);
    private final Map<SectorState, Duration> sectors = new EnumMap<>(SectorState.class);

    private Deadlines() {}

    /** The limits of spec deal-lifecycle 6.1, 6.3 and 13, and where it names none, ones that only a mishap reaches. */
    public static Deadlines usual() {
        var usual = new Deadlines();
        usual.deals.put(Role.CLIENT, new EnumMap<>(Map.ofEntries(
                Map.entry(UNKNOWN, Duration.ofHours(1)),
                Map.entry(RESERVE_CLIENT_FUNDS, Duration.ofHours(24)),
                Map.entry(CLIENT_FUNDING, Duration.ofHours(24)),
                Map.entry(FUNDS_RESERVED, Duration.ofHours(1)),
                Map.entry(START_DATA_TRANSFER, Duration.ofHours(1)),
                Map.entry(TRANSFER_QUEUED, Duration.ofHours(24)),
                Map.entry(TRANSFERRING, Duration.ofDays(7)),
                Map.entry(CLIENT_TRANSFER_RESTART, Duration.ofHours(24)),
                Map.entry(CHECK_FOR_ACCEPTANCE, Duration.ofDays(30)),
                Map.entry(PROPOSAL_ACCEPTED, Duration.ofDays(30)),
                Map.entry(AWAITING_PRE_COMMIT, Duration.ofDays(60)),
                Map.entry(SEALING, Duration.ofDays(60)),
                Map.entry(ACTIVE, LONG),
                Map.entry(FAILING, Duration.ofHours(24)))));
        usual.deals.put(Role.PROVIDER, new EnumMap<>(Map.ofEntries(
                Map.entry(UNKNOWN, Duration.ofHours(1)),
                Map.entry(VALIDATING, Duration.ofMinutes(10)),
                Map.entry(ACCEPT_WAIT, Duration.ofMinutes(10)),
                Map.entry(WAITING_FOR_DATA, Duration.ofHours(1)),
                Map.entry(TRANSFERRING, Duration.ofHours(24)),
                Map.entry(PROVIDER_TRANSFER_AWAIT_RESTART, Duration.ofHours(1)),
                Map.entry(VERIFY_DATA, Duration.ofHours(24)),
                Map.entry(RESERVE_PROVIDER_FUNDS, Duration.ofHours(24)),
                Map.entry(PROVIDER_FUNDING, Duration.ofHours(24)),
                Map.entry(PUBLISH, Duration.ofDays(30)),
                Map.entry(PUBLISHING, Duration.ofDays(30)),
                Map.entry(STAGED, Duration.ofDays(30)),
                Map.entry(AWAITING_PRE_COMMIT, Duration.ofDays(60)),
                Map.entry(SEALING, Duration.ofDays(60)),
                Map.entry(FINALIZING, Duration.ofHours(24)),
                Map.entry(ACTIVE, LONG),
                Map.entry(REJECTING, Duration.ofMinutes(10)),
                Map.entry(FAILING, Duration.ofHours(24)))));
        usual.sectors.putAll(Map.of(
                SectorState.PRE_COMMIT_PHASE_1, Duration.ofDays(7),
                SectorState.PRE_COMMIT_PHASE_2, Duration.ofDays(7),
                SectorState.WAIT_SEED, Duration.ofDays(7),
                SectorState.COMMIT_PHASE_1, Duration.ofDays(7),
                SectorState.COMMIT_PHASE_2, Duration.ofDays(7),
                SectorState.FINALIZE, Duration.ofDays(7),
                SectorState.PROVING, LONG));
        return usual;
    }

    /** The same with another limit for one state of a deal. */
    public Deadlines with(Role role, DealState state, Duration limit) {
        Deadlines copy = copy();
        var one = new HashMap<>(copy.deals.get(role));
        one.put(state, limit);
        copy.deals.put(role, one);
        return copy;
    }

    /** The same with another limit for one state of a sector. */
    public Deadlines with(SectorState state, Duration limit) {
        Deadlines copy = copy();
        copy.sectors.put(state, limit);
        return copy;
    }

    /** How long the state may last; null for a final state. */
    @Nullable Duration of(Role role, DealState state) {
        return deals.getOrDefault(role, Map.of()).get(state);
    }

    /** How long the state may last; null for Unknown. */
    @Nullable Duration of(SectorState state) {
        return sectors.get(state);
    }

    private Deadlines copy() {
        var copy = new Deadlines();
        copy.deals.putAll(deals);
        copy.sectors.putAll(sectors);
        return copy;
    }
}
