package io.caravan.crypto;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.codec.Bytes;
import io.caravan.codec.CodecException;
import io.caravan.codec.LotusJson;
import java.nio.charset.StandardCharsets;

/**
 * A secret as Lotus keeps and exports it: {@code {"Type":"secp256k1","PrivateKey":"<base64>"}}. BLS keys are
 * little-endian. It never prints its secret.
 */
public record KeyInfo(@JsonProperty("Type") KeyType type, @JsonProperty("PrivateKey") Bytes privateKey) {

    private static final ObjectMapper JSON = LotusJson.newMapper();
    private static final int MAX_TEXT = 16384;

    public KeyInfo {
        if (type == null || privateKey == null || privateKey.isEmpty()) {
            throw new CryptoException("a key has a Type and a PrivateKey");
        }
    }

    /** Reads the JSON form, or the hex of it, which is what {@code lotus wallet export} prints. */
    public static KeyInfo parse(String text) {
        String stripped = text.strip();
        if (stripped.length() > MAX_TEXT) {
            throw new CryptoException("key text of more than " + MAX_TEXT + " characters");
        }
        try {
            String json = stripped.startsWith("{") ? stripped
                    : new String(Bytes.ofHex(stripped).toArray(), StandardCharsets.UTF_8);
            KeyInfo info = JSON.readValue(json, KeyInfo.class);
            if (info == null) {
                throw new CryptoException("no key in this text");
            }
            return info;
        } catch (JsonProcessingException | CodecException e) {
            // The parser's own message may quote the secret.
            throw new CryptoException("not a key: neither the JSON {\"Type\",\"PrivateKey\"} nor its hex");
        }
    }

    /** The JSON form; it holds the secret. */
    public String toJson() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a key did not become JSON", e);
        }
    }

    @Override
    public String toString() {
        return "KeyInfo[" + type.wireName() + ", secret]";
    }
}
