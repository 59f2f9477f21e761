package io.caravan.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.caravan.codec.CodecException;

/** A sector's number at its miner, 0 … 2^63−1. */
public record SectorNumber(@JsonValue long value) implements Comparable<SectorNumber> {

    public SectorNumber {
        if (value < 0) {
            throw new CodecException("a sector number cannot be " + value);
        }
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static SectorNumber of(long value) {
        return new SectorNumber(value);
    }

    @Override
    public int compareTo(SectorNumber other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
