package io.caravan.sealing;

/** A message that was wanted and never signed is not wanted any more as it is; the step sends another one. */
final class StaleMessageException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    StaleMessageException(String message) {
        super(message);
    }
}
