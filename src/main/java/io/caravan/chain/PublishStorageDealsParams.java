package io.caravan.chain;

import io.caravan.codec.CborReader;
import io.caravan.codec.CborWriter;
import io.caravan.model.SignedProposal;
import java.util.List;

/** Market method 4: {@code 81 [[ClientDealProposal…]]}, every proposal as its client signed it (chain-and-rpc §4.2). */
public record PublishStorageDealsParams(List<SignedProposal> deals) {

    public PublishStorageDealsParams {
        deals = List.copyOf(deals);
    }

    public void writeTo(CborWriter out) {
        out.array(1);
        Tuple.list(out, deals, deal -> deal.writeTo(out));
    }

    public byte[] toCbor() {
        return Tuple.bytesOf(this::writeTo);
    }

    public static PublishStorageDealsParams readFrom(CborReader in) {
        in.tuple(1);
        return new PublishStorageDealsParams(Tuple.list(in, SignedProposal::readFrom));
    }

    /** @throws io.caravan.codec.CodecException if the bytes are not exactly these parameters */
    public static PublishStorageDealsParams ofCbor(byte[] cbor) {
        return Tuple.read(cbor, PublishStorageDealsParams::readFrom);
    }
}
