package io.caravan.market;

import io.caravan.codec.CborReader;
import io.caravan.codec.CborWriter;
import io.caravan.codec.Cid;

/**
 * What a provider sends a connected client when a deal has moved: tuple {@code [ProposalCid, seq]}, unsigned and without a
 * state, so that a forged one does nothing but have the client ask (deal-lifecycle §11.5).
 *
 * @param seq the number of the provider's newest event of the deal
 */
public record StatusPoke(Cid proposalCid, long seq) {

    /** More than any poke takes. */
    static final int MAX = 256;

    byte[] toCbor() {
        return new CborWriter().array(2).cid(proposalCid).uint(seq).toByteArray();
    }

    /** @throws io.caravan.codec.CodecException if these bytes are no poke */
    static StatusPoke ofCbor(byte[] data) {
        CborReader in = new CborReader(data);
        in.tuple(2);
        StatusPoke poke = new StatusPoke(in.cid(), in.uint());
        in.end();
        return poke;
    }
}
