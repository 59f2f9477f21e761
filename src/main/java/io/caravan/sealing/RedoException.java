package io.caravan.sealing;

/** The sector's files are lost or wrong: sealing has to begin again from the pieces. The message says which and how. */
public final class RedoException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public RedoException(String message) {
        super(message);
    }
}
