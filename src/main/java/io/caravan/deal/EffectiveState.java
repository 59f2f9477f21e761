package io.caravan.deal;

import io.caravan.model.Deal;
import io.caravan.model.DealState;
import io.caravan.model.Role;
import java.util.EnumSet;
import java.util.Set;

/**
 * The state that a client shows for a deal: once the provider has accepted, the provider's last verified word, so that
 * daemon and miner say the same; before that, after a failure, and where the chain itself has spoken, its own
 * (deal-lifecycle §11.5).
 *
 * @param shown what callers see
 * @param isStale whether the provider could not be asked since, so that {@code shown} may be behind
 */
public record EffectiveState(DealState shown, boolean isStale) {

    private static final Set<DealState> OURS = EnumSet.of(DealState.UNKNOWN, DealState.RESERVE_CLIENT_FUNDS,
            DealState.CLIENT_FUNDING, DealState.FUNDS_RESERVED, DealState.FAILING);
    /** What a provider may still be when the chain has shown us that the deal is active. */
    private static final Set<DealState> NEARLY_ACTIVE =
            EnumSet.of(DealState.STAGED, DealState.AWAITING_PRE_COMMIT, DealState.SEALING, DealState.FINALIZING);

    /** The state to show for a deal of either side; a provider's own state is what it is. */
    public static EffectiveState of(Deal deal) {
        DealState local = deal.state();
        DealState remote = deal.remote().state();
        if (deal.role() == Role.PROVIDER || remote == null || local.isFinal() || OURS.contains(local)) {
            return new EffectiveState(local, false);
        }
        boolean isStale = deal.remote().pollErrors() > 0;
        if (local == DealState.ACTIVE && (isStale || !NEARLY_ACTIVE.contains(remote))) {
            return new EffectiveState(local, isStale);
        }
        // a provider that is ahead of the chain, as we see it, is believed once the chain agrees
        return new EffectiveState(remote == DealState.EXPIRED || remote == DealState.SLASHED ? local : remote, isStale);
    }
}
