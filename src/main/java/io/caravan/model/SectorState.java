package io.caravan.model;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The steps of sealing a sector, the names that people see (spec sealing 5.4). What goes on inside a step (a sector
 * that still takes pieces, a message that has not landed) is the sector's {@link SectorStage}, not a state of its own.
 */
public enum SectorState {
    UNKNOWN("Unknown", "Unknown", Kind.END),
    PRE_COMMIT_PHASE_1("PreCommitPhase1", "Taking pieces, then sealing: labels", Kind.WORK),
    PRE_COMMIT_PHASE_2("PreCommitPhase2", "Sealing: trees and the pre-commit message", Kind.WORK),
    WAIT_SEED("WaitSeed", "Waiting for the interactive seed", Kind.WAIT),
    COMMIT_PHASE_1("CommitPhase1", "Proving: challenges", Kind.WORK),
    COMMIT_PHASE_2("CommitPhase2", "Proving: the proof and its message", Kind.WORK),
    FINALIZE("Finalize", "Moving the sealed sector to its place", Kind.WORK),
    PROVING("Proving", "Proving", Kind.WAIT);

    private static final Map<String, SectorState> BY_NAME = Arrays.stream(values())
            .collect(Collectors.toUnmodifiableMap(SectorState::wireName, Function.identity()));

    private final String wireName;
    private final String label;
    private final Kind kind;

    SectorState(String wireName, String label, Kind kind) {
        this.wireName = wireName;
        this.label = label;
        this.kind = kind;
    }

    /** The name used by route ids, SQL, JSON and pages. */
    public String wireName() {
        return wireName;
    }

    /** The words for people. */
    public String label() {
        return label;
    }

    /** What the state asks of us. */
    public Kind kind() {
        return kind;
    }

    /** The wire name, which is the word of every log line and page. */
    @Override
    public String toString() {
        return wireName;
    }

    /** @throws IllegalArgumentException naming a name that no state has */
    public static SectorState ofName(String wireName) {
        SectorState found = BY_NAME.get(wireName);
        if (found == null) {
            throw new IllegalArgumentException("no sector state is called '" + wireName + "'");
        }
        return found;
    }
}
