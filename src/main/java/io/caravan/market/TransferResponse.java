package io.caravan.market;

import io.caravan.codec.Bytes;
import io.caravan.codec.CborReader;
import io.caravan.codec.CborWriter;
import org.jspecify.annotations.Nullable;

/**
 * What the responder of a channel says. Map {@code a6}: Acpt, Paus, Type, VRes, VTyp, XferID (wire-protocols §8.2).
 *
 * @param voucherResult raw CBOR; null without one
 * @param transferId unsigned
 */
record TransferResponse(TransferType type, boolean isAccepted, boolean isPaused, @Nullable Bytes voucherResult,
                        String voucherType, long transferId) implements TransferMessage {

    static TransferResponse of(TransferType type, boolean accepted, long transferId) {
        return new TransferResponse(type, accepted, false, null, "", transferId);
    }

    static TransferResponse update(long transferId, boolean paused) {
        return new TransferResponse(TransferType.UPDATE, false, paused, null, "", transferId);
    }

    @Override
    public void writeFields(CborWriter out) {
        out.map(6).text("Acpt").bool(isAccepted).text("Paus").bool(isPaused).text("Type").uint(type.code());
        TransferRequest.raw(out.text("VRes"), voucherResult);
        out.text("VTyp").text(voucherType).text("XferID").unsigned(transferId);
    }

    static TransferResponse ofCbor(byte[] data) {
        CborFields fields = CborFields.of(data);
        return new TransferResponse(TransferType.ofCode(fields.uint("Type")), fields.bool("Acpt"), fields.bool("Paus"),
                fields.find("VRes"), fields.text("VTyp", 256), fields.orElse("XferID", 0L, CborReader::unsigned));
    }
}
