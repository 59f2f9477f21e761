package io.caravan.node;

/** A role cannot start. The message says what is missing and what to do. */
public final class StartException extends RuntimeException {

    public StartException(String message) {
        super(message);
    }

    public StartException(String message, Throwable cause) {
        super(message, cause);
    }
}
