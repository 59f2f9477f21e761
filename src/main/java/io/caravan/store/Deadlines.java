package io.caravan.store;

import io.caravan.model.DataRef;
import io.caravan.model.Deal;
import io.caravan.model.DealDuties;
import io.caravan.model.DealState;
import io.caravan.model.Duty;
import io.caravan.model.Epoch;
import io.caravan.model.EpochBound;
import io.caravan.model.Role;
import io.caravan.model.SectorState;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * By when each state gives up, on this node: the idle times and last epochs of {@link DealDuties}, with the numbers of the
 * node's settings. A phase may still set another deadline for the deal in its hands.
 */
public final class Deadlines {

    /** Epochs before a deal's start that publishing and the hand-off want, unless the settings say otherwise. */
    private static final long USUAL_START_BUFFER = 480;
    /** Epochs until nobody doubts a state of the chain: deeper than any confidence a node waits for by default. */
    private static final long USUAL_SETTLING = 30;

    private static final Map<SectorState, Duration> SECTORS = Map.of(
            SectorState.PRE_COMMIT_PHASE_1, Duration.ofDays(7),
            SectorState.PRE_COMMIT_PHASE_2, Duration.ofDays(7),
            SectorState.WAIT_SEED, Duration.ofDays(7),
            SectorState.COMMIT_PHASE_1, Duration.ofDays(7),
            SectorState.COMMIT_PHASE_2, Duration.ofDays(7),
            SectorState.FINALIZE, Duration.ofDays(7),
            SectorState.PROVING, Duration.ofDays(1400)); // longer than any sector lives

    private final Map<Role, Map<DealState, Duration>> others;
    private final long startBuffer;
    private final long settling;
    private final Duration coolDown;

    private Deadlines(Map<Role, Map<DealState, Duration>> others, long startBuffer, long settling, Duration coolDown) {
        this.others = others;
        this.startBuffer = startBuffer;
        this.settling = settling;
        this.coolDown = coolDown;
    }

    /** The times of the tables. */
    public static Deadlines usual() {
        return new Deadlines(Map.of(), USUAL_START_BUFFER, USUAL_SETTLING, Duration.ZERO);
    }

    /** The same with another idle time for one state of a deal. */
    public Deadlines with(Role role, DealState state, Duration idle) {
        var copy = new EnumMap<Role, Map<DealState, Duration>>(Role.class);
        copy.putAll(others);
        var side = new HashMap<>(copy.getOrDefault(role, Map.of()));
        side.put(state, idle);
        copy.put(role, side);
        return new Deadlines(copy, startBuffer, settling, coolDown);
    }

    /**
     * The same with other epochs.
     *
     * @param buffer how many epochs before a deal's start it must be in sealing's hands
     * @param settled how many epochs after its start or end nobody doubts any more what the chain made of it
     */
    public Deadlines withEpochs(long buffer, long settled) {
        return new Deadlines(others, buffer, settled, coolDown);
    }

    /** The same, and a sector whose step was set back waits so long before it is tried again (spec sealing 5.2). */
    public Deadlines withCoolDown(Duration time) {
        return new Deadlines(others, startBuffer, settling, time);
    }

    /** How long a sector waits after a setback. */
    Duration coolDown() {
        return coolDown;
    }

    /** The longest the deal may be in that state without progress; null for a final state. */
    @Nullable Duration idle(Deal deal, DealState state) {
        Duty duty = DealDuties.of(deal.role(), state).orElse(null);
        if (duty == null) {
            return null;
        }
        Duration other = others.getOrDefault(deal.role(), Map.of()).get(state);
        boolean offline = state == DealState.WAITING_FOR_DATA && DataRef.MANUAL.equals(deal.dataRef().transferType());
        return offline ? DealDuties.OFFLINE_DATA : other != null ? other : duty.idle();
    }

    /** The last epoch in which that state of the deal makes sense; null where wall time alone decides. */
    @Nullable Epoch epoch(Deal deal, DealState state) {
        EpochBound bound = DealDuties.of(deal.role(), state).map(Duty::bound).orElse(EpochBound.NONE);
        Epoch start = deal.proposal().proposal().startEpoch();
        Epoch end = deal.proposal().proposal().endEpoch();
        return switch (bound) {
            case NONE -> null;
            case BEFORE_START -> shifted(start, -startBuffer);
            case START -> start;
            case START_SETTLED -> shifted(start, settling);
            case END_SETTLED -> shifted(end, settling);
        };
    }

    /** Proposals come from outside: a start or end at the edge of the numbers must not overflow. */
    private static Epoch shifted(Epoch epoch, long by) {
        long sum = epoch.value() + by;
        boolean overflow = by > 0 && sum < epoch.value();
        return Epoch.of(overflow ? Long.MAX_VALUE : sum);
    }

    /** How long the state of a sector may last; null for Unknown. */
    @Nullable Duration of(SectorState state) {
        return SECTORS.get(state);
    }
}
