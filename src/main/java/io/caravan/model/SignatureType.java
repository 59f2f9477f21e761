package io.caravan.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.caravan.codec.CodecException;

/** Which scheme made a signature, with its code on the wire (wire-protocols §1.3). */
public enum SignatureType {
    SECP256K1(1),
    BLS(2),
    DELEGATED(3);

    private final int code;

    SignatureType(int code) {
        this.code = code;
    }

    @JsonValue
    public int code() {
        return code;
    }

    @JsonCreator
    public static SignatureType ofCode(int code) {
        for (SignatureType type : values()) {
            if (type.code == code) {
                return type;
            }
        }
        throw new CodecException("signature type " + code);
    }
}
