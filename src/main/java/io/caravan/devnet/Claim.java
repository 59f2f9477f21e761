package io.caravan.devnet;

import io.caravan.codec.CborReader;
import io.caravan.codec.CborWriter;

/** An allocation whose piece is in a proven sector since {@code termStart}. */
record Claim(Allocation allocation, long termStart, long sector) {

    void writeTo(CborWriter out) {
        out.array(3);
        allocation.writeTo(out);
        out.integer(termStart).uint(sector);
    }

    static Claim readFrom(CborReader in) {
        in.tuple(3);
        return new Claim(Allocation.readFrom(in), in.integer(), in.uint());
    }
}
