package io.caravan.model;

import org.jspecify.annotations.Nullable;

/** Trying again cannot help: the deal or sector goes to its failing state, where what it holds is released. */
public final class FatalException extends PhaseException {

    private final @Nullable DealEvent event;

    public FatalException(String message) {
        super(message);
        this.event = null;
    }

    public FatalException(String message, @Nullable Throwable cause) {
        super(message, cause);
        this.event = null;
    }

    /** @param event says more than the state's own way to give up, and is fired in its place where the state knows it */
    public FatalException(DealEvent event, String message) {
        super(message);
        this.event = event;
    }

    /** The event that says how it ended; null for the state's own failure. */
    public @Nullable DealEvent event() {
        return event;
    }
}
