package io.caravan.store;

import static io.caravan.model.DealState.AWAITING_PRE_COMMIT;
import static io.caravan.model.DealState.FINALIZING;
import static io.caravan.model.DealState.PROVIDER_FUNDING;
import static io.caravan.model.DealState.PROVIDER_TRANSFER_AWAIT_RESTART;
import static io.caravan.model.DealState.PUBLISH;
import static io.caravan.model.DealState.PUBLISHING;
import static io.caravan.model.DealState.RESERVE_PROVIDER_FUNDS;
import static io.caravan.model.DealState.SEALING;
import static io.caravan.model.DealState.STAGED;
import static io.caravan.model.DealState.TRANSFERRING;
import static io.caravan.model.DealState.VERIFY_DATA;
import static io.caravan.model.DealState.WAITING_FOR_DATA;

import io.caravan.model.DataRef;
import io.caravan.model.Deal;
import io.caravan.model.DealState;
import io.caravan.model.Role;
import java.math.BigInteger;
import java.util.EnumSet;
import java.util.Set;

/**
 * A kind of thing that the miner promises to a deal when it accepts it (spec deal-lifecycle 7.6): how much, and in which
 * states the promise is needed. A tag is a row from the transaction that enters those states to the one that leaves them.
 */
public enum DealTag {
    /** attoFIL of collateral, until a fund hold stands for it. */
    FUNDS(WAITING_FOR_DATA, TRANSFERRING, PROVIDER_TRANSFER_AWAIT_RESTART, VERIFY_DATA, RESERVE_PROVIDER_FUNDS),
    /** One of the deals that the miner works on at a time, until its sector is proven. */
    SLOT(WAITING_FOR_DATA, TRANSFERRING, PROVIDER_TRANSFER_AWAIT_RESTART, VERIFY_DATA, RESERVE_PROVIDER_FUNDS,
            PROVIDER_FUNDING, PUBLISH, PUBLISHING, STAGED, AWAITING_PRE_COMMIT, SEALING, FINALIZING),
    /** Padded bytes that are to come over the network and still need room on the disk. */
    ARRIVING(WAITING_FOR_DATA, TRANSFERRING, PROVIDER_TRANSFER_AWAIT_RESTART),
    /** Padded bytes of the staging folder, until the deal's files are deleted or about to be. */
    STAGING(WAITING_FOR_DATA, TRANSFERRING, PROVIDER_TRANSFER_AWAIT_RESTART, VERIFY_DATA, RESERVE_PROVIDER_FUNDS,
            PROVIDER_FUNDING, PUBLISH, PUBLISHING, STAGED, AWAITING_PRE_COMMIT, SEALING, FINALIZING);

    private final Set<DealState> states;

    DealTag(DealState first, DealState... rest) {
        this.states = EnumSet.of(first, rest);
    }

    /** Whether the deal needs this now. Data that is brought by hand takes no room before it is brought. */
    public boolean isNeededBy(Deal deal) {
        boolean isToBeBrought = deal.state() == WAITING_FOR_DATA && DataRef.MANUAL.equals(deal.dataRef().transferType());
        return deal.role() == Role.PROVIDER && states.contains(deal.state())
                && !(isToBeBrought && (this == ARRIVING || this == STAGING));
    }

    /** How much of it: attoFIL, deals or padded bytes. */
    BigInteger amountOf(Deal deal) {
        return switch (this) {
            case FUNDS -> deal.proposal().proposal().providerBalanceRequirement().atto();
            case SLOT -> BigInteger.ONE;
            case ARRIVING, STAGING -> BigInteger.valueOf(deal.proposal().proposal().pieceSize().bytes());
        };
    }
}
