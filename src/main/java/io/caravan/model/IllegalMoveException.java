package io.caravan.model;

/** An event was fired that the state does not react to. Nothing was written. */
public final class IllegalMoveException extends IllegalStateException {

    public IllegalMoveException(String message) {
        super(message);
    }
}
