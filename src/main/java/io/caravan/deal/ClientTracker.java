package io.caravan.deal;

import io.caravan.chain.Chain;
import io.caravan.chain.MarketDeal;
import io.caravan.model.Deal;
import io.caravan.model.DealState;
import io.caravan.model.Waiting;
import io.caravan.model.WaitsOn;
import io.caravan.store.ActiveDeals;
import java.time.Clock;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Follows a published deal to its end. States 29, 5 and 7 of the client. The chain decides; the provider's word tells
 * what the chain does not show, a pre-commit, and keeps the mirror of its state fresh.
 */
public final class ClientTracker {

    private static final Set<DealState> PRE_COMMITTED =
            EnumSet.of(DealState.SEALING, DealState.FINALIZING, DealState.ACTIVE);

    private final Activation activation;
    private final Ending ending;
    private final RemoteStates remote;
    private final Clock clock;

    /** @param confidence epochs on top of an activation or an end before it counts */
    public ClientTracker(Chain chain, RemoteStates remote, ActiveDeals active, LookPace pace, LongSupplier confidence,
            Clock clock) {
        this.activation = new Activation(chain, confidence);
        this.ending = new Ending(chain, active, pace, confidence, clock);
        this.remote = remote;
        this.clock = clock;
    }

    /**
     * Waits for nothing once the deal is active, then with its sector, or pre-committed by the provider's word, then
     * without.
     */
    public Deal lookPreCommit(Deal deal) {
        Deal asked = remote.poll(deal);
        Optional<MarketDeal> active = activation.look(asked);
        if (active.isPresent()) {
            return asked.withSector(active.get().sector()).withWaiting(Waiting.NOTHING);
        }
        DealState state = asked.remote().state();
        return state != null && PRE_COMMITTED.contains(state) ? asked.withWaiting(Waiting.NOTHING)
                : asked.waitingFor(WaitsOn.PEER, "the provider to pre-commit the deal's sector", clock.instant());
    }

    /** Waits for nothing once the deal is active at depth. */
    public Deal lookActive(Deal deal) {
        Deal asked = remote.poll(deal);
        return activation.look(asked)
                .map(active -> asked.withSector(active.sector()).withWaiting(Waiting.NOTHING))
                .orElseGet(() -> asked.waitingFor(WaitsOn.CHAIN, "the proof of the deal's sector", clock.instant()));
    }

    /**
     * Waits for nothing once the deal is over; a slash epoch says that it ended early, a lost sector that it is not active
     * any more. Until the provider says Active too it is asked as before, then both leave each other alone.
     */
    public Deal lookEnd(Deal deal) {
        Deal asked = remote.poll(deal);
        Deal looked = ending.look(asked);
        boolean isAgreed = asked.remote().state() == DealState.ACTIVE;
        return isAgreed || looked.waiting().what() == null ? looked : looked.withRunAfter(clock.instant());
    }
}
