package io.caravan.deal;

/**
 * What a caller asks for a deal cannot be done, such as proposing it; the message is the one sentence that the caller reads,
 * and nothing has changed.
 */
public final class DealRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public DealRefusedException(String sentence) {
        super(sentence);
    }
}
