package io.caravan.market;

import io.caravan.codec.Bytes;
import io.caravan.codec.CborLimits;
import io.caravan.codec.CborReader;
import io.caravan.codec.CborWriter;
import io.caravan.codec.CodecException;

/**
 * One message of {@code /fil/datatransfer/1.2.0}. Map {@code a3}: IsRq, Request, Response, of which exactly the one
 * that IsRq selects is not null (wire-protocols §8.2).
 */
sealed interface TransferMessage permits TransferRequest, TransferResponse {

    /** Larger than any message of a storage deal, which are below one KiB. */
    int MAX_BYTES = 64 << 10;

    CborLimits LIMITS = new CborLimits(8192, MAX_BYTES, 8192, 64);

    TransferType type();

    /** The initiator's number for the channel, unsigned. */
    long transferId();

    boolean isPaused();

    /** Writes the map of this kind of message, without the envelope. */
    void writeFields(CborWriter out);

    default void writeTo(CborWriter out) {
        boolean request = this instanceof TransferRequest;
        out.map(3).text("IsRq").bool(request).text("Request");
        if (request) {
            writeFields(out);
            out.text("Response").nul();
        } else {
            writeFields(out.nul().text("Response"));
        }
    }

    default byte[] toCbor() {
        CborWriter out = new CborWriter();
        writeTo(out);
        return out.toByteArray();
    }

    static TransferMessage ofCbor(byte[] data) {
        CborReader in = new CborReader(data, LIMITS);
        CborFields fields = CborFields.read(in, LIMITS);
        in.end();
        boolean isRequest = fields.bool("IsRq");
        Bytes request = fields.find("Request");
        Bytes response = fields.find("Response");
        if (isRequest ? request == null || response != null : response == null || request != null) {
            throw new CodecException("a data-transfer message holds a request or a response, as IsRq says");
        }
        return isRequest ? TransferRequest.ofCbor(request.toArray()) : TransferResponse.ofCbor(response.toArray());
    }
}
