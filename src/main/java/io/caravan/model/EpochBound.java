package io.caravan.model;

/** Up to which epoch of a deal's life a state makes sense, whatever the clock on the wall says. */
public enum EpochBound {
    /** Bounded by wall time only. */
    NONE("none"),
    /** So long before the start that publishing and the hand-off to sealing still pay. */
    BEFORE_START("StartEpoch − start buffer"),
    /** The deal's start: what is not published by then the chain refuses. */
    START("StartEpoch"),
    /** The deal's start, and the epochs after which nobody doubts any more what the chain made of it. */
    START_SETTLED("StartEpoch + settling"),
    /** The deal's end, and the same epochs. */
    END_SETTLED("EndEpoch + settling");

    private final String label;

    EpochBound(String label) {
        this.label = label;
    }

    /** For the pages. */
    public String label() {
        return label;
    }
}
