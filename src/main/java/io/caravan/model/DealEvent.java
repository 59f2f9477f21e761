package io.caravan.model;

import java.util.Arrays;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What can happen to a deal (spec deal-lifecycle 3). The numbers are those that subscribers of the reference
 * implementation see; an event has one number per side, −1 where the side does not know it. Events never travel to a
 * peer.
 */
public enum DealEvent {
    OPEN("Open", 0, 0),
    RESERVE_FUNDS_FAILED("ReserveFundsFailed", 1, -1),
    NODE_ERRORED("NodeErrored", -1, 1),
    FUNDING_INITIATED("FundingInitiated", 2, 9),
    FUNDS_RESERVED("FundsReserved", 3, 7),
    FUNDS_RELEASED("FundsReleased", 4, 8),
    FUNDING_COMPLETE("FundingComplete", 5, -1),
    FUNDED("Funded", -1, 10),
    WRITE_PROPOSAL_FAILED("WriteProposalFailed", 6, -1),
    READ_RESPONSE_FAILED("ReadResponseFailed", 14, -1),
    RESPONSE_VERIFICATION_FAILED("ResponseVerificationFailed", 15, -1),
    RESPONSE_DEAL_DID_NOT_MATCH("ResponseDealDidNotMatch", 16, -1),
    UNEXPECTED_DEAL_STATE("UnexpectedDealState", 17, -1),
    STREAM_CLOSE_ERROR("StreamCloseError", 18, -1),
    DEAL_DECIDING("DealDeciding", -1, 2),
    DEAL_REJECTED("DealRejected", 19, 3),
    REJECTION_SENT("RejectionSent", -1, 4),
    DEAL_ACCEPTED("DealAccepted", 20, 5),
    INSUFFICIENT_FUNDS("InsufficientFunds", -1, 6),
    DATA_REQUESTED("DataRequested", -1, 12),
    SEND_RESPONSE_FAILED("SendResponseFailed", -1, 19),
    INITIATE_DATA_TRANSFER("InitiateDataTransfer", 7, -1),
    DATA_TRANSFER_QUEUED("DataTransferQueued", 34, -1),
    DATA_TRANSFER_INITIATED("DataTransferInitiated", 8, 13),
    DATA_TRANSFER_RESTARTED("DataTransferRestarted", 9, 14),
    DATA_TRANSFER_RESTART_FAILED("DataTransferRestartFailed", 13, 39),
    DATA_TRANSFER_STALLED("DataTransferStalled", 32, 40),
    DATA_TRANSFER_CANCELLED("DataTransferCancelled", 33, 41),
    DATA_TRANSFER_FAILED("DataTransferFailed", 12, 11),
    DATA_TRANSFER_COMPLETE("DataTransferComplete", 10, -1),
    DATA_TRANSFER_COMPLETED("DataTransferCompleted", -1, 15),
    AWAIT_TRANSFER_RESTART_TIMEOUT("AwaitTransferRestartTimeout", -1, 42),
    MANUAL_DATA_RECEIVED("ManualDataReceived", -1, 16),
    DATA_VERIFICATION_FAILED("DataVerificationFailed", -1, 17),
    VERIFIED_DATA("VerifiedData", -1, 18),
    TRACK_FUNDS_FAILED("TrackFundsFailed", -1, 37),
    WAIT_FOR_DEAL_STATE("WaitForDealState", 11, -1),
    DEAL_PUBLISH_INITIATED("DealPublishInitiated", -1, 20),
    DEAL_PUBLISHED("DealPublished", 22, 21),
    /** A reorganisation deeper than our confidence took the publish message back or gave the deal another number. */
    PUBLISH_REVERTED("PublishReverted", -1, -1),
    DEAL_PUBLISH_ERROR("DealPublishError", -1, 22),
    DEAL_PUBLISH_FAILED("DealPublishFailed", 21, -1),
    FILE_STORE_ERRORED("FileStoreErrored", -1, 23),
    PIECE_STORE_ERRORED("PieceStoreErrored", -1, 30),
    MULTISTORE_ERRORED("MultistoreErrored", -1, 33),
    DEAL_HANDOFF_FAILED("DealHandoffFailed", -1, 24),
    DEAL_HANDED_OFF("DealHandedOff", -1, 25),
    DEAL_PRECOMMIT_FAILED("DealPrecommitFailed", 23, 26),
    DEAL_PRECOMMITTED("DealPrecommitted", 24, 27),
    DEAL_ACTIVATION_FAILED("DealActivationFailed", 25, 28),
    DEAL_ACTIVATED("DealActivated", 26, 29),
    FINALIZED("Finalized", -1, 31),
    DEAL_COMPLETION_FAILED("DealCompletionFailed", 27, 32),
    DEAL_EXPIRED("DealExpired", 28, 34),
    DEAL_SLASHED("DealSlashed", 29, 35),
    REVERTED("Reverted", -1, -1),
    FAILED("Failed", 30, 36),
    RESTART("Restart", 31, 38),
    /** An operator took the deal back; by {@link Rewinds}, not by the flow, so no subscriber has a number for it. */
    OPERATOR_REWOUND("OperatorRewound", -1, -1);

    private static final Map<String, DealEvent> BY_NAME =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(DealEvent::wireName, Function.identity()));

    private final String wireName;
    private final int clientCode;
    private final int providerCode;

    DealEvent(String wireName, int clientCode, int providerCode) {
        this.wireName = wireName;
        this.clientCode = clientCode;
        this.providerCode = providerCode;
    }

    /** The name in routes, rows and timelines, e.g. {@code DealPublished}. */
    public String wireName() {
        return wireName;
    }

    /** The event's number on that side; empty when that side does not know the event. */
    public OptionalInt code(Role role) {
        int code = role == Role.CLIENT ? clientCode : providerCode;
        return code < 0 ? OptionalInt.empty() : OptionalInt.of(code);
    }

    /** The wire name, which is the word of every log line and page. */
    @Override
    public String toString() {
        return wireName;
    }

    /** @throws IllegalArgumentException naming a wire name that no event has */
    public static DealEvent ofName(String wireName) {
        DealEvent found = BY_NAME.get(wireName);
        if (found == null) {
            throw new IllegalArgumentException("no deal event is called '" + wireName + "'");
        }
        return found;
    }
}
