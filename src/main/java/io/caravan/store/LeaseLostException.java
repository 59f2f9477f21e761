package io.caravan.store;

/** Somebody else moved or took over the deal or sector since we read it. Nothing was written; what we know is old. */
public final class LeaseLostException extends RuntimeException {

    public LeaseLostException(String message) {
        super(message);
    }
}
