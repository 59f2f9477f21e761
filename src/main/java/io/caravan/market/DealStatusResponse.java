package io.caravan.market;

import io.caravan.codec.Bytes;
import io.caravan.codec.CborReader;
import io.caravan.codec.CborWriter;
import io.caravan.model.Signature;
import java.util.List;
import java.util.stream.Stream;

/**
 * A {@link ProviderDealState} with the signature of the miner's worker. Map {@code a2}: DealState, Signature.
 *
 * @param signedBytes the state's bytes as sent or received
 */
record DealStatusResponse(ProviderDealState state, Bytes signedBytes, Signature signature) {

    static DealStatusResponse sign(ProviderDealState state, AnswerSigner signer) {
        Bytes bytes = Bytes.wrap(state.toCbor());
        return new DealStatusResponse(state, bytes, signer.sign(bytes));
    }

    byte[] toCbor() {
        CborWriter out = new CborWriter().map(2).text("DealState").raw(signedBytes.toArray()).text("Signature");
        signature.writeTo(out);
        return out.toByteArray();
    }

    /** Byte forms the signature may be over, the likeliest first (wire-protocols §5.6). */
    List<Bytes> signedForms() {
        return Stream.of(signedBytes, Bytes.wrap(state.toCbor()), Bytes.wrap(state.toCborAsDeclared())).distinct()
                .toList();
    }

    static DealStatusResponse ofCbor(byte[] data) {
        CborFields fields = CborFields.of(data);
        Bytes state = fields.required("DealState", CborReader::raw);
        return new DealStatusResponse(ProviderDealState.ofCbor(state.toArray()), state,
                fields.required("Signature", Signature::readFrom));
    }
}
