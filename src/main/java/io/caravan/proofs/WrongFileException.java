package io.caravan.proofs;

/** A file of a sector is missing, cut short or not what was written; the message says which and how that shows. */
public class WrongFileException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public WrongFileException(String message) {
        super(message);
    }
}
