package io.caravan.model;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What can happen to a sector on its way to being proven (spec sealing 5.1 and 5.2, in the eight public states). */
public enum SectorEvent {
    OPEN("Open"),
    PIECE_ADDED("PieceAdded"),
    PACKED("Packed"),
    TICKET_TAKEN("TicketTaken"),
    TICKET_EXPIRED("TicketExpired"),
    PRE_COMMIT_1_DONE("PreCommit1Done"),
    PRE_COMMIT_1_FAILED("PreCommit1Failed"),
    PRE_COMMIT_2_DONE("PreCommit2Done"),
    PRE_COMMIT_2_FAILED("PreCommit2Failed"),
    REDO_PRE_COMMIT_1("RedoPreCommit1"),
    PRE_COMMIT_SENT("PreCommitSent"),
    PRE_COMMIT_FAILED("PreCommitFailed"),
    PRE_COMMIT_LANDED("PreCommitLanded"),
    SEED_READY("SeedReady"),
    SEED_CHANGED("SeedChanged"),
    COMMIT_1_DONE("Commit1Done"),
    COMMIT_1_FAILED("Commit1Failed"),
    COMMIT_2_DONE("Commit2Done"),
    COMMIT_2_FAILED("Commit2Failed"),
    PROVE_SENT("ProveSent"),
    PROVE_FAILED("ProveFailed"),
    PROVE_LANDED("ProveLanded"),
    FINALIZE_FAILED("FinalizeFailed"),
    FINALIZED("Finalized"),
    FAULTED("Faulted"),
    RECOVERED("Recovered"),
    DEALS_EXPIRED("DealsExpired"),
    EXPIRED("Expired"),
    TERMINATED("Terminated"),
    FAILED("Failed"),
    REVERTED("Reverted"),
    RESTART("Restart");

    private static final Map<String, SectorEvent> BY_NAME = Arrays.stream(values())
            .collect(Collectors.toUnmodifiableMap(SectorEvent::wireName, Function.identity()));

    private final String wireName;

    SectorEvent(String wireName) {
        this.wireName = wireName;
    }

    /** The name in routes, rows and timelines. */
    public String wireName() {
        return wireName;
    }

    /** Whether it says that something failed and is done again. */
    public boolean isSetback() {
        return switch (this) {
            case PRE_COMMIT_1_FAILED, PRE_COMMIT_2_FAILED, REDO_PRE_COMMIT_1, PRE_COMMIT_FAILED, COMMIT_1_FAILED, COMMIT_2_FAILED,
                    PROVE_FAILED, FINALIZE_FAILED -> true;
            default -> false;
        };
    }

    /** The wire name. */
    @Override
    public String toString() {
        return wireName;
    }

    /** @throws IllegalArgumentException naming a name that no event has */
    public static SectorEvent ofName(String wireName) {
        SectorEvent found = BY_NAME.get(wireName);
        if (found == null) {
            throw new IllegalArgumentException("no sector event is called '" + wireName + "'");
        }
        return found;
    }
}
