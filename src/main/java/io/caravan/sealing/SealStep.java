package io.caravan.sealing;

import io.caravan.model.SectorState;
import java.util.Optional;

/** The steps of sealing that compute, in the order in which a sector comes to them. */
public enum SealStep {
    ADD_PIECES("writing pieces"),
    PRE_COMMIT_1("PreCommitPhase1"),
    PRE_COMMIT_2("PreCommitPhase2"),
    COMMIT_1("CommitPhase1"),
    COMMIT_2("CommitPhase2");

    private final String words;

    SealStep(String words) {
        this.words = words;
    }

    /** What the state computes; empty where it only waits or moves files. */
    public static Optional<SealStep> of(SectorState state) {
        return switch (state) {
            case PRE_COMMIT_PHASE_1 -> Optional.of(PRE_COMMIT_1);
            case PRE_COMMIT_PHASE_2 -> Optional.of(PRE_COMMIT_2);
            case COMMIT_PHASE_1 -> Optional.of(COMMIT_1);
            case COMMIT_PHASE_2 -> Optional.of(COMMIT_2);
            default -> Optional.empty();
        };
    }

    /** For people. */
    @Override
    public String toString() {
        return words;
    }
}
