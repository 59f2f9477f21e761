package io.caravan.deal;

/**
 * A deal that cannot even be proposed; the message is the one sentence that the caller reads, and nothing has changed.
 */
public final class DealRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public DealRefusedException(String sentence) {
        super(sentence);
    }
}
