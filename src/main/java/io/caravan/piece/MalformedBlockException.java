package io.caravan.piece;

/** A block that is not what its CID or its codec says. */
public final class MalformedBlockException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public MalformedBlockException(String message) {
        super(message);
    }

    public MalformedBlockException(String message, Throwable cause) {
        super(message, cause);
    }
}
