package io.caravan.piece;

/** Bytes that are not a CAR we read: wrong form, or past a limit; the message says which. */
public final class MalformedCarException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public MalformedCarException(String message) {
        super(message);
    }

    public MalformedCarException(String message, Throwable cause) {
        super(message, cause);
    }
}
