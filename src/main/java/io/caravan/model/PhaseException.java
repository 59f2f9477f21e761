package io.caravan.model;

import org.jspecify.annotations.Nullable;

/** The three ways in which a phase of a deal or a sector says that it did not do its work. Anything else is a bug. */
public abstract sealed class PhaseException extends RuntimeException
        permits RetryableException, RejectedException, FatalException {

    PhaseException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    PhaseException(String message) {
        super(message);
    }
}
