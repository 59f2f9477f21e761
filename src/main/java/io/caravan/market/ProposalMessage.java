package io.caravan.market;

import io.caravan.codec.CborWriter;
import io.caravan.codec.Cid;
import io.caravan.model.DataRef;
import io.caravan.model.SignedProposal;

/**
 * What a client sends on {@code /fil/storage/mk/1.1.1} and 1.1.0: where the data comes from, the signed proposal, and
 * whether to keep an unsealed copy. Map {@code a3}: Piece, DealProposal, FastRetrieval (wire-protocols §5.2).
 */
public record ProposalMessage(DataRef piece, SignedProposal proposal, boolean fastRetrieval) {

    /** The key of the deal on both sides: sha2-256 over the signed proposal. */
    public Cid proposalCid() {
        return proposal.proposalCid();
    }

    byte[] toCbor() {
        CborWriter out = new CborWriter().map(3).text("Piece");
        piece.writeTo(out);
        proposal.writeTo(out.text("DealProposal"));
        return out.text("FastRetrieval").bool(fastRetrieval).toByteArray();
    }

    /** A proposal without its data reference or without the deal itself is refused. */
    static ProposalMessage ofCbor(byte[] data) {
        CborFields fields = CborFields.of(data);
        return new ProposalMessage(fields.required("Piece", DataRef::readFrom),
                fields.required("DealProposal", SignedProposal::readFrom), fields.bool("FastRetrieval"));
    }
}
