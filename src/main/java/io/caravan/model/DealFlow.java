package io.caravan.model;

import static io.caravan.model.DealEvent.*;
import static io.caravan.model.DealState.*;

import io.caravan.model.Flow.Builder;
import java.util.Set;

/**
 * The life of a deal on each side of the market, declared once (spec deal-lifecycle 4.1 and 5.1). Routes, the store,
 * the pages and docs/states.md read these tables; nothing else knows which state follows which.
 *
 * <p>Where Caravan leaves the reference's tables it follows spec 6, 10, 13 and 14: every failure passes Failing, which
 * releases what the deal holds, before it is an Error (only Active ends without: nothing is held there any more); a
 * restart resumes instead of giving up; a transfer that stalls is written down, and its monitor decides.
 */
public final class DealFlow {

    private static final Set<DealState> ENDS = Set.of(EXPIRED, SLASHED, ERROR);

    /** The daemon's side. */
    public static final Flow<DealState, DealEvent> CLIENT = client();

    /** The miner's side. */
    public static final Flow<DealState, DealEvent> PROVIDER = provider();

    private DealFlow() {}

    /** The table of one side. */
    public static Flow<DealState, DealEvent> of(Role role) {
        return role == Role.CLIENT ? CLIENT : PROVIDER;
    }

    private static Flow<DealState, DealEvent> client() {
        return new Builder<DealState, DealEvent>("client", ENDS)
                .in(UNKNOWN).failsBy(STREAM_CLOSE_ERROR)
                .on(OPEN, RESERVE_CLIENT_FUNDS)

                .in(RESERVE_CLIENT_FUNDS).failsBy(RESERVE_FUNDS_FAILED)
                .record(DealEvent.FUNDS_RESERVED)
                .on(FUNDING_COMPLETE, DealState.FUNDS_RESERVED)
                .on(FUNDING_INITIATED, CLIENT_FUNDING)
                .on(RESERVE_FUNDS_FAILED, FAILING)

                .in(CLIENT_FUNDING).failsBy(RESERVE_FUNDS_FAILED)
                .on(FUNDING_COMPLETE, DealState.FUNDS_RESERVED)
                .on(RESERVE_FUNDS_FAILED, FAILING)

                .in(DealState.FUNDS_RESERVED).failsBy(WRITE_PROPOSAL_FAILED)
                .on(INITIATE_DATA_TRANSFER, START_DATA_TRANSFER)
                .on(DATA_TRANSFER_COMPLETE, CHECK_FOR_ACCEPTANCE) // a resend was answered: the data is already there
                .on(WRITE_PROPOSAL_FAILED, FAILING)
                .on(READ_RESPONSE_FAILED, FAILING)
                .on(RESPONSE_VERIFICATION_FAILED, FAILING)
                .on(UNEXPECTED_DEAL_STATE, FAILING)

                .in(START_DATA_TRANSFER).failsBy(DATA_TRANSFER_FAILED)
                .on(DATA_TRANSFER_QUEUED, TRANSFER_QUEUED)
                .on(DATA_TRANSFER_RESTARTED, TRANSFERRING)
                .on(DATA_TRANSFER_COMPLETE, CHECK_FOR_ACCEPTANCE)
                .on(DATA_TRANSFER_FAILED, FAILING)
                .on(DATA_TRANSFER_CANCELLED, FAILING)

                .in(TRANSFER_QUEUED).failsBy(DATA_TRANSFER_FAILED)
                .on(DATA_TRANSFER_INITIATED, TRANSFERRING)
                .on(DATA_TRANSFER_RESTARTED, TRANSFERRING)
                .on(DATA_TRANSFER_COMPLETE, CHECK_FOR_ACCEPTANCE)
                .on(DATA_TRANSFER_FAILED, FAILING)
                .record(DATA_TRANSFER_STALLED)
                .on(DATA_TRANSFER_CANCELLED, FAILING)
                .on(RESTART, CLIENT_TRANSFER_RESTART)

                .in(TRANSFERRING).failsBy(DATA_TRANSFER_FAILED)
                .on(DATA_TRANSFER_COMPLETE, CHECK_FOR_ACCEPTANCE)
                .record(DATA_TRANSFER_RESTARTED)
                .on(DATA_TRANSFER_FAILED, FAILING)
                .record(DATA_TRANSFER_STALLED)
                .on(DATA_TRANSFER_CANCELLED, FAILING)
                .on(RESTART, CLIENT_TRANSFER_RESTART)

                .in(CLIENT_TRANSFER_RESTART).failsBy(DATA_TRANSFER_RESTART_FAILED)
                .on(DATA_TRANSFER_RESTARTED, TRANSFERRING)
                .on(DATA_TRANSFER_COMPLETE, CHECK_FOR_ACCEPTANCE) // it had completed while we were down
                .on(DATA_TRANSFER_RESTART_FAILED, FAILING)
                .on(DATA_TRANSFER_FAILED, FAILING)
                .on(DATA_TRANSFER_CANCELLED, FAILING)

                .in(CHECK_FOR_ACCEPTANCE).failsBy(DEAL_REJECTED)
                .rerun(WAIT_FOR_DEAL_STATE)
                .on(DEAL_REJECTED, FAILING)
                .on(DEAL_ACCEPTED, PROPOSAL_ACCEPTED)
                .on(RESPONSE_DEAL_DID_NOT_MATCH, FAILING)

                .in(PROPOSAL_ACCEPTED).failsBy(DEAL_PUBLISH_FAILED)
                .on(DEAL_PUBLISHED, AWAITING_PRE_COMMIT)
                .record(FUNDS_RELEASED)
                .on(DEAL_PUBLISH_FAILED, FAILING)

                .in(AWAITING_PRE_COMMIT).failsBy(DEAL_PRECOMMIT_FAILED)
                .record(PUBLISH_REVERTED)
                .on(DEAL_PRECOMMITTED, SEALING)
                .on(DEAL_ACTIVATED, ACTIVE)
                .on(DEAL_PRECOMMIT_FAILED, FAILING)

                .in(SEALING).failsBy(DEAL_ACTIVATION_FAILED)
                .record(PUBLISH_REVERTED)
                .on(DEAL_ACTIVATED, ACTIVE)
                .on(DEAL_ACTIVATION_FAILED, FAILING)

                .in(ACTIVE).failsBy(DEAL_COMPLETION_FAILED)
                .on(DEAL_EXPIRED, EXPIRED)
                .on(DEAL_SLASHED, SLASHED)
                .on(REVERTED, SEALING) // a reorganisation took the activation back
                .on(DEAL_COMPLETION_FAILED, ERROR)
                .record(RESTART) // the next look is a row's, and what was missed meanwhile wakes it

                .in(FAILING).failsBy(FAILED)
                .on(FAILED, ERROR)
                .record(FUNDS_RELEASED)

                .anywhere(STREAM_CLOSE_ERROR, FAILING)
                .rerunAnywhere(RESTART)
                .build();
    }

    private static Flow<DealState, DealEvent> provider() {
        return new Builder<DealState, DealEvent>("provider", ENDS)
                .in(UNKNOWN).failsBy(NODE_ERRORED)
                .on(OPEN, VALIDATING)

                .in(VALIDATING).failsBy(DEAL_REJECTED)
                .on(DEAL_DECIDING, ACCEPT_WAIT)
                .on(DEAL_REJECTED, REJECTING)

                .in(ACCEPT_WAIT).failsBy(DEAL_REJECTED)
                .on(DATA_REQUESTED, WAITING_FOR_DATA)
                .on(DEAL_REJECTED, REJECTING)
                .on(SEND_RESPONSE_FAILED, FAILING)

                .in(WAITING_FOR_DATA).failsBy(DATA_TRANSFER_FAILED)
                .on(DATA_TRANSFER_INITIATED, TRANSFERRING)
                .on(DATA_TRANSFER_RESTARTED, TRANSFERRING)
                .on(DATA_TRANSFER_CANCELLED, FAILING)
                .on(DATA_TRANSFER_FAILED, FAILING) // nobody sent the data in time
                .on(VERIFIED_DATA, RESERVE_PROVIDER_FUNDS)
                .on(SEND_RESPONSE_FAILED, FAILING) // 18 is stored before the answer is written

                .in(TRANSFERRING).failsBy(DATA_TRANSFER_FAILED)
                .on(DATA_TRANSFER_COMPLETED, VERIFY_DATA)
                .on(DATA_TRANSFER_FAILED, FAILING)
                .on(DATA_TRANSFER_CANCELLED, FAILING)
                .record(DATA_TRANSFER_INITIATED) // the client opened a second channel: the newer id counts
                .record(DATA_TRANSFER_RESTARTED)
                .record(DATA_TRANSFER_STALLED)
                .on(RESTART, PROVIDER_TRANSFER_AWAIT_RESTART)

                .in(PROVIDER_TRANSFER_AWAIT_RESTART).failsBy(AWAIT_TRANSFER_RESTART_TIMEOUT)
                .on(DATA_TRANSFER_INITIATED, TRANSFERRING)
                .on(DATA_TRANSFER_RESTARTED, TRANSFERRING)
                .on(DATA_TRANSFER_COMPLETED, VERIFY_DATA)
                .on(DATA_TRANSFER_FAILED, FAILING)
                .on(DATA_TRANSFER_CANCELLED, FAILING)
                .record(DATA_TRANSFER_STALLED)
                .on(AWAIT_TRANSFER_RESTART_TIMEOUT, FAILING)

                .in(VERIFY_DATA).failsBy(DATA_VERIFICATION_FAILED)
                .on(VERIFIED_DATA, RESERVE_PROVIDER_FUNDS)
                .on(DATA_VERIFICATION_FAILED, FAILING)
                .on(DEAL_REJECTED, REJECTING)

                .in(RESERVE_PROVIDER_FUNDS).failsBy(NODE_ERRORED)
                .record(DealEvent.FUNDS_RESERVED)
                .on(FUNDING_INITIATED, PROVIDER_FUNDING)
                .on(FUNDED, PUBLISH)
                .on(TRACK_FUNDS_FAILED, FAILING)

                .in(PROVIDER_FUNDING).failsBy(NODE_ERRORED)
                .on(FUNDED, PUBLISH)

                .in(PUBLISH).failsBy(NODE_ERRORED)
                .on(DEAL_PUBLISH_INITIATED, PUBLISHING)

                .in(PUBLISHING).failsBy(DEAL_PUBLISH_ERROR)
                .on(DEAL_PUBLISHED, STAGED)
                .on(DEAL_PUBLISH_ERROR, FAILING)
                .record(FUNDS_RELEASED)

                .in(STAGED).failsBy(DEAL_HANDOFF_FAILED)
                .record(PUBLISH_REVERTED)
                .on(DEAL_HANDED_OFF, AWAITING_PRE_COMMIT)
                .on(DEAL_HANDOFF_FAILED, FAILING)
                .on(FILE_STORE_ERRORED, FAILING)
                .on(MULTISTORE_ERRORED, FAILING)
                .record(PIECE_STORE_ERRORED)

                .in(AWAITING_PRE_COMMIT).failsBy(DEAL_PRECOMMIT_FAILED)
                .record(PUBLISH_REVERTED)
                .on(DEAL_PRECOMMITTED, SEALING)
                .on(DEAL_ACTIVATED, FINALIZING)
                .on(DEAL_PRECOMMIT_FAILED, FAILING)
                .on(FILE_STORE_ERRORED, FAILING)

                .in(SEALING).failsBy(DEAL_ACTIVATION_FAILED)
                .record(PUBLISH_REVERTED)
                .on(DEAL_ACTIVATED, FINALIZING)
                .on(DEAL_ACTIVATION_FAILED, FAILING)
                .on(FILE_STORE_ERRORED, FAILING)

                .in(FINALIZING).failsBy(FINALIZED) // a cleanup that fails never fails a deal that is proven
                .on(FINALIZED, ACTIVE)

                .in(ACTIVE).failsBy(DEAL_COMPLETION_FAILED)
                .on(DEAL_EXPIRED, EXPIRED)
                .on(DEAL_SLASHED, SLASHED)
                .on(REVERTED, SEALING) // a reorganisation took the activation back
                .on(DEAL_COMPLETION_FAILED, ERROR)
                .record(RESTART) // the next look is a row's, and what was missed meanwhile wakes it
                .on(FILE_STORE_ERRORED, FAILING)

                .in(REJECTING).failsBy(SEND_RESPONSE_FAILED)
                .on(REJECTION_SENT, FAILING)
                .on(SEND_RESPONSE_FAILED, FAILING)
                .on(RESTART, FAILING) // the stream to answer on is gone; the client learns by resend or status

                .in(FAILING).failsBy(FAILED)
                .on(FAILED, ERROR)
                .record(FUNDS_RELEASED)

                .anywhere(NODE_ERRORED, FAILING)
                .recordAnywhere(AWAIT_TRANSFER_RESTART_TIMEOUT)
                .rerunAnywhere(RESTART)
                .build();
    }
}
