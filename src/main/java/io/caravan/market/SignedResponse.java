package io.caravan.market;

import io.caravan.codec.Bytes;
import io.caravan.codec.CborReader;
import io.caravan.codec.CborWriter;
import io.caravan.model.Signature;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A {@link ProposalResponse} with the signature of the miner's worker. Map {@code a2}: Response, Signature.
 *
 * @param signedBytes the response's bytes as sent or received, which the signature covers (wire-protocols §2.2, §5.6)
 * @param signature null on the wire is possible; such an answer never verifies
 */
public record SignedResponse(ProposalResponse response, Bytes signedBytes, @Nullable Signature signature) {

    static final String RESPONSE = "Response";
    static final String SIGNATURE = "Signature";

    static SignedResponse sign(ProposalResponse response, AnswerSigner signer) {
        Bytes bytes = Bytes.wrap(response.toCbor());
        return new SignedResponse(response, bytes, signer.sign(bytes));
    }

    byte[] toCbor() {
        CborWriter out = new CborWriter().map(2).text(RESPONSE).raw(signedBytes.toArray()).text(SIGNATURE);
        Signature.writeOrNull(signature, out);
        return out.toByteArray();
    }

    /** Byte forms the signature may be over, the likeliest first. */
    List<Bytes> signedForms() {
        return Stream.of(signedBytes, Bytes.wrap(response.toCbor())).distinct().toList();
    }

    static SignedResponse ofCbor(byte[] data) {
        CborFields fields = CborFields.of(data);
        Bytes response = fields.required(RESPONSE, CborReader::raw);
        return new SignedResponse(ProposalResponse.ofCbor(response.toArray()), response,
                fields.optional(SIGNATURE, Signature::readFrom));
    }
}
