package io.caravan.model;

import static io.caravan.model.Kind.END;
import static io.caravan.model.Kind.REPLY;
import static io.caravan.model.Kind.WAIT;
import static io.caravan.model.Kind.WORK;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Every state of a storage deal (spec deal-lifecycle 3). The code travels on the wire and lies in the database, so a
 * constant is never renumbered, renamed or reused. Each constant says what it asks of the client and of the provider.
 */
public enum DealState {
    UNKNOWN(0, "StorageDealUnknown", "Unknown", WORK, WORK),
    PROPOSAL_NOT_FOUND(1, "StorageDealProposalNotFound", "Proposal not found", REPLY, REPLY),
    PROPOSAL_REJECTED(2, "StorageDealProposalRejected", "Proposal rejected", REPLY, REPLY),
    PROPOSAL_ACCEPTED(3, "StorageDealProposalAccepted", "Proposal accepted", WORK, REPLY),
    STAGED(4, "StorageDealStaged", "Staged", REPLY, WORK),
    SEALING(5, "StorageDealSealing", "Sealing", WAIT, WAIT),
    FINALIZING(6, "StorageDealFinalizing", "Finalizing", REPLY, WORK),
    ACTIVE(7, "StorageDealActive", "Active", WAIT, WAIT),
    EXPIRED(8, "StorageDealExpired", "Expired", END, END),
    SLASHED(9, "StorageDealSlashed", "Slashed", END, END),
    REJECTING(10, "StorageDealRejecting", "Rejecting", REPLY, WORK),
    FAILING(11, "StorageDealFailing", "Failing", WORK, WORK),
    FUNDS_RESERVED(12, "StorageDealFundsReserved", "FundsReserved", WORK, REPLY),
    CHECK_FOR_ACCEPTANCE(13, "StorageDealCheckForAcceptance", "Checking for deal acceptance", WAIT, REPLY),
    VALIDATING(14, "StorageDealValidating", "Validating", REPLY, WORK),
    ACCEPT_WAIT(15, "StorageDealAcceptWait", "AcceptWait", REPLY, WORK),
    START_DATA_TRANSFER(16, "StorageDealStartDataTransfer", "Starting data transfer", WORK, REPLY),
    TRANSFERRING(17, "StorageDealTransferring", "Transferring", WAIT, WAIT),
    WAITING_FOR_DATA(18, "StorageDealWaitingForData", "Waiting for data", REPLY, WAIT),
    VERIFY_DATA(19, "StorageDealVerifyData", "Verifying data", REPLY, WORK),
    RESERVE_PROVIDER_FUNDS(20, "StorageDealReserveProviderFunds", "Reserving provider funds", REPLY, WORK),
    RESERVE_CLIENT_FUNDS(21, "StorageDealReserveClientFunds", "Reserving client funds", WORK, REPLY),
    PROVIDER_FUNDING(22, "StorageDealProviderFunding", "Provider funding", REPLY, WAIT),
    CLIENT_FUNDING(23, "StorageDealClientFunding", "Client funding", WAIT, REPLY),
    PUBLISH(24, "StorageDealPublish", "Publish", REPLY, WORK),
    PUBLISHING(25, "StorageDealPublishing", "Publishing", REPLY, WAIT),
    ERROR(26, "StorageDealError", "Error", END, END),
    PROVIDER_TRANSFER_AWAIT_RESTART(27, "StorageDealProviderTransferAwaitRestart", "ProviderTransferAwaitRestart",
            REPLY, WAIT),
    CLIENT_TRANSFER_RESTART(28, "StorageDealClientTransferRestart", "Client transfer restart", WORK, REPLY),
    AWAITING_PRE_COMMIT(29, "StorageDealAwaitingPreCommit", "Awaiting a PreCommit message on chain", WAIT, WAIT),
    TRANSFER_QUEUED(30, "StorageDealTransferQueued", "Transfer queued", WAIT, REPLY);

    private static final Map<Integer, DealState> BY_CODE = index(DealState::code);
    private static final Map<String, DealState> BY_NAME = index(DealState::wireName);

    private final int code;
    private final String wireName;
    private final String label;
    private final Kind client;
    private final Kind provider;

    DealState(int code, String wireName, String label, Kind client, Kind provider) {
        this.code = code;
        this.wireName = wireName;
        this.label = label;
        this.client = client;
        this.provider = provider;
    }

    /** The number on the wire, in JSON and in SQL, 0 to 30. */
    public int code() {
        return code;
    }

    /** The name used by route ids, JSON-RPC, SQL and pages, e.g. {@code StorageDealActive}. */
    public String wireName() {
        return wireName;
    }

    /** For sentences: the name without the word that all of them begin with, e.g. {@code Active}. */
    public String shortName() {
        return wireName.substring("StorageDeal".length());
    }

    /** The words for people. */
    public String label() {
        return label;
    }

    /** What the state asks of the side that is in it. */
    public Kind kind(Role role) {
        return role == Role.CLIENT ? client : provider;
    }

    /** Whether nothing follows: Expired, Slashed or Error, on both sides. */
    public boolean isFinal() {
        return provider == END;
    }

    /** The wire name, which is the word of every log line and page. */
    @Override
    public String toString() {
        return wireName;
    }

    /** @throws IllegalArgumentException naming a code that no state has */
    public static DealState ofCode(long code) {
        DealState found = code < 0 || code > Integer.MAX_VALUE ? null : BY_CODE.get((int) code);
        if (found == null) {
            throw new IllegalArgumentException("no deal state has the code " + code);
        }
        return found;
    }

    /** @throws IllegalArgumentException naming a wire name that no state has */
    public static DealState ofName(String wireName) {
        DealState found = BY_NAME.get(wireName);
        if (found == null) {
            throw new IllegalArgumentException("no deal state is called '" + wireName + "'");
        }
        return found;
    }

    private static <K> Map<K, DealState> index(Function<DealState, K> key) {
        return Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(key, state -> state));
    }
}
