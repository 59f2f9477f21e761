package io.caravan.model;

import static io.caravan.model.DealState.*;

import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * To which earlier states an operator may take a deal back, declared once beside {@link DealFlow}. No row repeats an act
 * that cannot be undone: nothing goes back before a message that was sent, and after publication only states that look at
 * the chain or delete what is deleted already are entered again.
 */
public final class Rewinds {

    private static final Map<DealState, Set<DealState>> CLIENT = client();
    private static final Map<DealState, Set<DealState>> PROVIDER = provider();

    private Rewinds() {}

    /** The states to go back to; empty where there is none. */
    public static Set<DealState> from(Role role, DealState state) {
        return (role == Role.CLIENT ? CLIENT : PROVIDER).getOrDefault(state, Set.of());
    }

    private static Map<DealState, Set<DealState>> client() {
        var table = new EnumMap<DealState, Set<DealState>>(DealState.class);
        back(table, DealState.FUNDS_RESERVED, RESERVE_CLIENT_FUNDS); // the hold is the deal's own: it is found, not doubled
        back(table, START_DATA_TRANSFER, DealState.FUNDS_RESERVED); // a proposal sent again is answered by the deal's state
        back(table, TRANSFER_QUEUED, CLIENT_TRANSFER_RESTART, DealState.FUNDS_RESERVED);
        back(table, TRANSFERRING, CLIENT_TRANSFER_RESTART, DealState.FUNDS_RESERVED);
        back(table, CLIENT_TRANSFER_RESTART, DealState.FUNDS_RESERVED);
        back(table, AWAITING_PRE_COMMIT, PROPOSAL_ACCEPTED); // from here on every state only looks at the chain
        back(table, SEALING, AWAITING_PRE_COMMIT, PROPOSAL_ACCEPTED);
        back(table, ACTIVE, SEALING, AWAITING_PRE_COMMIT);
        return table;
    }

    private static Map<DealState, Set<DealState>> provider() {
        var table = new EnumMap<DealState, Set<DealState>>(DealState.class);
        back(table, ACCEPT_WAIT, VALIDATING);
        back(table, RESERVE_PROVIDER_FUNDS, VERIFY_DATA);
        back(table, PUBLISH, RESERVE_PROVIDER_FUNDS, VERIFY_DATA); // refused once it is in a message
        back(table, SEALING, AWAITING_PRE_COMMIT);
        back(table, FINALIZING, SEALING, AWAITING_PRE_COMMIT);
        back(table, ACTIVE, FINALIZING, SEALING);
        return table;
    }

    private static void back(Map<DealState, Set<DealState>> table, DealState from, DealState... targets) {
        table.put(from, new LinkedHashSet<>(List.of(targets)));
    }
}
