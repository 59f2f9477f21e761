package io.caravan.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.caravan.codec.Bytes;
import io.caravan.codec.CborReader;
import io.caravan.codec.CborWriter;
import io.caravan.codec.Cid;
import io.caravan.codec.CodecException;
import io.caravan.codec.Multibase;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The client's free label on a proposal: text or bytes (wire-protocols §3). Text of old deals may not be UTF-8; its raw
 * bytes are kept, so that such a proposal encodes to what was signed.
 */
public record DealLabel(boolean isText, Bytes raw) {

    public static final DealLabel EMPTY = new DealLabel(true, Bytes.EMPTY);

    /** Longest label a deal may have, in bytes. */
    public static final int MAX_BYTES = 256;

    private static final int MAX_CBOR = 2 << 20;

    public DealLabel {
        if (raw.size() > MAX_CBOR) {
            throw new CodecException("label of " + raw.size() + " bytes");
        }
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static DealLabel ofText(String text) {
        return new DealLabel(true, Bytes.utf8(text));
    }

    public static DealLabel ofBytes(Bytes bytes) {
        return new DealLabel(false, bytes);
    }

    /** The label a graphsync client gives its deal: {@code Qm…} for CIDv0, base64 {@code m…} for CIDv1. */
    public static DealLabel ofPayloadCid(Cid payload) {
        return ofText(payload.toString(Multibase.BASE64));
    }

    /** The CID this label spells in any base, if it does. */
    public Optional<Cid> payloadCid() {
        try {
            return isLegal() && isText ? Optional.of(Cid.parse(text())) : Optional.empty();
        } catch (CodecException e) {
            return Optional.empty();
        }
    }

    /** Whether a deal may carry it: at most 256 bytes, and UTF-8 when it is text. */
    public boolean isLegal() {
        return raw.size() <= MAX_BYTES && (!isText || isUtf8());
    }

    /** The label as JSON shows it; a bytes label shows as the empty string. */
    @JsonValue
    public String text() {
        return isText ? new String(raw.toArray(), StandardCharsets.UTF_8) : "";
    }

    private boolean isUtf8() {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(raw.asBuffer());
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    public void writeTo(CborWriter out) {
        if (isText) {
            out.textBytes(raw.toArray());
        } else {
            out.bytes(raw);
        }
    }

    public static DealLabel readFrom(CborReader in) {
        return in.isText() ? new DealLabel(true, Bytes.wrap(in.textBytes(MAX_CBOR)))
                : new DealLabel(false, Bytes.wrap(in.bytes(MAX_CBOR)));
    }
}
