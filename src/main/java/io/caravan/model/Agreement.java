package io.caravan.model;

import static io.caravan.model.DealState.*;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * Which states the two sides of one deal may be in at the same time, when the client has asked since the provider last moved
 * (deal-lifecycle §11.5). A provider that failed goes with every live client until the client has noticed.
 */
public final class Agreement {

    private static final Set<DealState> FAILED = EnumSet.of(FAILING, ERROR);
    private static final Set<DealState> WITH_DATA = EnumSet.of(TRANSFERRING, PROVIDER_TRANSFER_AWAIT_RESTART, VERIFY_DATA,
            RESERVE_PROVIDER_FUNDS, PROVIDER_FUNDING, PUBLISH, PUBLISHING, STAGED);
    private static final Set<DealState> PUBLISHED = EnumSet.of(STAGED, AWAITING_PRE_COMMIT, DealState.SEALING, FINALIZING, ACTIVE);
    private static final Map<DealState, Set<DealState>> TABLE = new EnumMap<>(Map.ofEntries(
            Map.entry(FUNDS_RESERVED, EnumSet.of(UNKNOWN, VALIDATING, ACCEPT_WAIT, WAITING_FOR_DATA, REJECTING)),
            Map.entry(START_DATA_TRANSFER, EnumSet.of(WAITING_FOR_DATA, TRANSFERRING, PROVIDER_TRANSFER_AWAIT_RESTART)),
            Map.entry(TRANSFER_QUEUED, EnumSet.of(WAITING_FOR_DATA, TRANSFERRING, PROVIDER_TRANSFER_AWAIT_RESTART)),
            Map.entry(TRANSFERRING, WITH_DATA),
            Map.entry(CLIENT_TRANSFER_RESTART, WITH_DATA),
            Map.entry(CHECK_FOR_ACCEPTANCE, with(WITH_DATA, WAITING_FOR_DATA, AWAITING_PRE_COMMIT, DealState.SEALING, FINALIZING, ACTIVE)),
            Map.entry(PROPOSAL_ACCEPTED, PUBLISHED),
            Map.entry(AWAITING_PRE_COMMIT, PUBLISHED),
            Map.entry(DealState.SEALING, EnumSet.of(AWAITING_PRE_COMMIT, DealState.SEALING, FINALIZING, ACTIVE)),
            Map.entry(ACTIVE, EnumSet.of(DealState.SEALING, FINALIZING, ACTIVE, EXPIRED, SLASHED))));

    private Agreement() {}

    /**
     * Whether a client's deal may be in the one state while its provider's is in the other. A client that has not proposed
     * yet, or has ended, goes with anything.
     */
    public static boolean mayBe(DealState client, DealState provider) {
        Set<DealState> allowed = TABLE.get(client);
        return allowed == null || FAILED.contains(provider) || allowed.contains(provider);
    }

    private static Set<DealState> with(Set<DealState> some, DealState... more) {
        Set<DealState> all = EnumSet.copyOf(some);
        all.addAll(Set.of(more));
        return all;
    }
}
