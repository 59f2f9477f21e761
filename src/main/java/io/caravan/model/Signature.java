package io.caravan.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.caravan.codec.Bytes;
import io.caravan.codec.CborReader;
import io.caravan.codec.CborWriter;
import io.caravan.codec.CodecException;
import org.jspecify.annotations.Nullable;

/** A signature as it travels: {@code type byte ‖ data} in one byte string of up to 200 bytes (wire-protocols §1.3). */
public record Signature(@JsonProperty("Type") SignatureType type, @JsonProperty("Data") Bytes data) {

    private static final int MAX_BYTES = 200;

    public Signature {
        Required.all(type, "Type", data, "Data");
        if (data.size() >= MAX_BYTES) {
            throw new CodecException("signature of " + data.size() + " bytes");
        }
    }

    public static Signature ofBytes(byte[] bytes) {
        if (bytes.length == 0) {
            throw new CodecException("empty signature");
        }
        return new Signature(SignatureType.ofCode(bytes[0]), Bytes.of(bytes, 1, bytes.length));
    }

    public byte[] toBytes() {
        return Bytes.concat(Bytes.wrap(new byte[] {(byte) type.code()}), data).toArray();
    }

    public void writeTo(CborWriter out) {
        out.bytes(toBytes());
    }

    /** A signature, or null where the peer may leave it out. */
    public static void writeOrNull(@Nullable Signature signature, CborWriter out) {
        if (signature == null) {
            out.nul();
        } else {
            signature.writeTo(out);
        }
    }

    public static Signature readFrom(CborReader in) {
        return ofBytes(in.bytes(MAX_BYTES));
    }
}
