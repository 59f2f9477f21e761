package io.caravan.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Chain time: the number of 30-second rounds since genesis. −1 is the chain's "never" (chain-and-rpc §3.2). */
public record Epoch(@JsonValue long value) implements Comparable<Epoch> {

    /** What chain state holds for an epoch that was never set. */
    public static final Epoch UNDEFINED = new Epoch(-1);

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static Epoch of(long value) {
        return new Epoch(value);
    }

    /** @throws ArithmeticException when the sum does not fit 64 bits */
    public Epoch plus(long epochs) {
        return new Epoch(Math.addExact(value, epochs));
    }

    /** @throws ArithmeticException when the difference does not fit 64 bits */
    public Epoch minus(long epochs) {
        return new Epoch(Math.subtractExact(value, epochs));
    }

    /** Epochs from {@code earlier} to this one; negative when this one is the earlier. */
    public long since(Epoch earlier) {
        return Math.subtractExact(value, earlier.value);
    }

    public boolean isBefore(Epoch other) {
        return value < other.value;
    }

    public boolean isAfter(Epoch other) {
        return value > other.value;
    }

    @Override
    public int compareTo(Epoch other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
