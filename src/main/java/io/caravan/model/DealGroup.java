package io.caravan.model;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The seven chapters of a deal's life: what lists and pages sort the thirty states of both sides into. */
public enum DealGroup {
    /** Money is set aside, the offer is made and answered. */
    OFFER("Being agreed"),
    /** The data goes from client to provider and is checked. */
    TRANSFER("Data on its way"),
    /** The deal gets on chain. */
    PUBLISH("Being published"),
    /** Its sector is sealed and proven. */
    SEAL("Being sealed"),
    /** The chain holds the provider to it. */
    ACTIVE("Active"),
    /** It came to its agreed end. */
    ENDED("Ended"),
    /** It was refused, given up or slashed. */
    FAILED("Failed");

    private final String label;

    DealGroup(String label) {
        this.label = label;
    }

    /** The word in RPC answers, e.g. {@code publish}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** For pages, e.g. {@code Being published}. */
    public String label() {
        return label;
    }

    /** Where a state of either side belongs. */
    public static DealGroup of(DealState state) {
        return switch (state) {
            case UNKNOWN, RESERVE_CLIENT_FUNDS, CLIENT_FUNDING, FUNDS_RESERVED, VALIDATING, ACCEPT_WAIT -> OFFER;
            case START_DATA_TRANSFER, TRANSFER_QUEUED, TRANSFERRING, CLIENT_TRANSFER_RESTART, WAITING_FOR_DATA,
                    PROVIDER_TRANSFER_AWAIT_RESTART, VERIFY_DATA -> TRANSFER;
            case RESERVE_PROVIDER_FUNDS, PROVIDER_FUNDING, PUBLISH, PUBLISHING, CHECK_FOR_ACCEPTANCE, PROPOSAL_ACCEPTED ->
                    PUBLISH;
            case STAGED, AWAITING_PRE_COMMIT, SEALING, FINALIZING -> SEAL;
            case ACTIVE -> ACTIVE;
            case EXPIRED -> ENDED;
            case REJECTING, FAILING, ERROR, SLASHED, PROPOSAL_REJECTED, PROPOSAL_NOT_FOUND -> FAILED;
        };
    }

    /** The states of one side that belong here, in the order of their codes. */
    public List<DealState> states(Role role) {
        return Arrays.stream(DealState.values()).filter(state -> state.kind(role) != Kind.REPLY && of(state) == this).toList();
    }
}
