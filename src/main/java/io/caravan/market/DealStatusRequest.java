package io.caravan.market;

import io.caravan.codec.Bytes;
import io.caravan.codec.CborReader;
import io.caravan.codec.CborWriter;
import io.caravan.codec.Cid;
import io.caravan.model.Signature;

/**
 * "How is my deal?" Map {@code a2}: Proposal, Signature (wire-protocols §5.2).
 *
 * @param signature by the proposal's client over {@link #signedBytes()}
 */
public record DealStatusRequest(Cid proposalCid, Signature signature) {

    /** What the client signs: the CBOR of the CID alone, tag and all (wire-protocols §2.2). */
    public static Bytes signedBytes(Cid proposalCid) {
        return new CborWriter().cid(proposalCid).toBytes();
    }

    byte[] toCbor() {
        CborWriter out = new CborWriter().map(2).text("Proposal").cid(proposalCid).text("Signature");
        signature.writeTo(out);
        return out.toByteArray();
    }

    static DealStatusRequest ofCbor(byte[] data) {
        CborFields fields = CborFields.of(data);
        return new DealStatusRequest(fields.required("Proposal", CborReader::cid),
                fields.required("Signature", Signature::readFrom));
    }
}
