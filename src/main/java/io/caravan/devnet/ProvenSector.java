package io.caravan.devnet;

import io.caravan.codec.CborReader;
import io.caravan.codec.CborWriter;
import io.caravan.codec.Cid;
import io.caravan.model.TokenAmount;
import java.math.BigInteger;

/**
 * A proven sector.
 *
 * @param pledge attoFIL
 * @param dealWeight padded bytes times epochs of unverified pieces
 * @param verifiedWeight the same of verified ones
 * @param faultySince epoch, −1 while it is healthy
 */
record ProvenSector(long sealProof, Cid sealed, long activation, long expiration, TokenAmount pledge,
        BigInteger dealWeight,
        BigInteger verifiedWeight, long faultySince) {

    boolean isFaulty() {
        return faultySince >= 0;
    }

    ProvenSector withFaultySince(long epoch) {
        return new ProvenSector(sealProof, sealed, activation, expiration, pledge, dealWeight, verifiedWeight, epoch);
    }

    void writeTo(CborWriter out) {
        out.array(8).integer(sealProof).cid(sealed).integer(activation).integer(expiration);
        pledge.writeTo(out);
        out.bigInt(dealWeight).bigInt(verifiedWeight).integer(faultySince);
    }

    static ProvenSector readFrom(CborReader in) {
        in.tuple(8);
        return new ProvenSector(in.integer(), in.cid(), in.integer(), in.integer(), TokenAmount.readFrom(in),
                in.bigInt(),
                in.bigInt(), in.integer());
    }
}
