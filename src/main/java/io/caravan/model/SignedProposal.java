package io.caravan.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.caravan.codec.CborReader;
import io.caravan.codec.CborWriter;
import io.caravan.codec.Cid;

/** A proposal with its client's signature: {@code ClientDealProposal} on the wire, a tuple (wire-protocols §3). */
public record SignedProposal(
        @JsonProperty("Proposal") DealProposal proposal, @JsonProperty("ClientSignature") Signature signature) {

    public SignedProposal {
        Required.all(proposal, "Proposal", signature, "ClientSignature");
    }

    /** The proposal CID, our key of a deal: sha2-256 over the signed proposal (wire-protocols §2.1). */
    public Cid proposalCid() {
        return Cid.dagCborSha256(toCbor());
    }

    public void writeTo(CborWriter out) {
        out.array(2);
        proposal.writeTo(out);
        signature.writeTo(out);
    }

    public byte[] toCbor() {
        CborWriter out = new CborWriter();
        writeTo(out);
        return out.toByteArray();
    }

    public static SignedProposal readFrom(CborReader in) {
        in.tuple(2);
        return new SignedProposal(DealProposal.readFrom(in), Signature.readFrom(in));
    }

    public static SignedProposal ofCbor(byte[] cbor) {
        CborReader in = new CborReader(cbor);
        SignedProposal proposal = readFrom(in);
        in.end();
        return proposal;
    }
}
