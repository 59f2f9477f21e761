package io.caravan.market;

/** A transfer cannot go on, today or later; the message is the reason that its row gets. */
final class BrokenTransferException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    BrokenTransferException(String message) {
        super(message);
    }
}
