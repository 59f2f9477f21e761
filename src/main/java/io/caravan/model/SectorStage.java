package io.caravan.model;

import java.util.Locale;

/** Where a sector stands inside its state (spec sealing 5.4: {@code sub_state}); for the store and operators only. */
public enum SectorStage {
    /** PreCommitPhase1: open, takes pieces until it is full or its time has come. */
    STAGING,
    /** The step's computation is to be done or runs. */
    COMPUTING,
    /** The step's result is stored, its message is to be sent. */
    SUBMITTING,
    /** The step's message is on its way. */
    LANDING,
    /** Proving: a fault was declared or detected. */
    FAULTY;

    private final String text = name().toLowerCase(Locale.ROOT);

    /** The word in SQL rows and JSON. */
    public String text() {
        return text;
    }

    /** @throws IllegalArgumentException for any other word */
    public static SectorStage of(String text) {
        for (SectorStage stage : values()) {
            if (stage.text.equals(text)) {
                return stage;
            }
        }
        throw new IllegalArgumentException("no sector stage '" + text + "'");
    }
}
