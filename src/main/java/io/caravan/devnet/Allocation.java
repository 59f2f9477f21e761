package io.caravan.devnet;

import io.caravan.codec.CborReader;
import io.caravan.codec.CborWriter;
import io.caravan.codec.Cid;

/** Datacap set aside for one piece with one provider; sizes in padded bytes, terms in epochs. */
record Allocation(long client, long provider, Cid data, long size, long termMin, long termMax, long expiration) {

    void writeTo(CborWriter out) {
        out.array(7).uint(client).uint(provider).cid(data).uint(size).integer(termMin).integer(termMax)
                .integer(expiration);
    }

    static Allocation readFrom(CborReader in) {
        in.tuple(7);
        return new Allocation(in.uint(), in.uint(), in.cid(), in.uint(), in.integer(), in.integer(), in.integer());
    }
}
