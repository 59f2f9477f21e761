package io.caravan.model;

import org.jspecify.annotations.Nullable;

/** Trying again cannot help: the deal or sector goes to its failing state, where what it holds is released. */
public final class FatalException extends PhaseException {

    public FatalException(String message) {
        super(message);
    }

    public FatalException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
