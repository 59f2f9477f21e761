package io.caravan.codec;

import java.util.Base64;
import java.util.HexFormat;

/** A base and its one-letter prefix; decoding takes the canonical text of each base only. */
public enum Multibase {
    BASE16('f'),
    BASE32('b'),
    BASE36('k'),
    BASE58_BTC('z'),
    BASE64('m'),
    BASE64_URL('u');

    private static final int MAX_TEXT = 1 << 20;

    private final char prefix;

    Multibase(char prefix) {
        this.prefix = prefix;
    }

    public char prefix() {
        return prefix;
    }

    /** The text with its prefix. */
    public String encode(byte[] data) {
        return prefix + switch (this) {
            case BASE16 -> HexFormat.of().formatHex(data);
            case BASE32 -> Base32.encode(data);
            case BASE36 -> BaseX.BASE36.encode(data);
            case BASE58_BTC -> BaseX.BASE58.encode(data);
            case BASE64 -> Base64.getEncoder().withoutPadding().encodeToString(data);
            case BASE64_URL -> Base64.getUrlEncoder().withoutPadding().encodeToString(data);
        };
    }

    /** The bytes of any text with one of the prefixes of this enum. */
    public static byte[] decode(String text) {
        if (text.isEmpty() || text.length() > MAX_TEXT) {
            throw new CodecException("multibase text of " + text.length() + " characters");
        }
        for (Multibase base : values()) {
            if (base.prefix == text.charAt(0)) {
                byte[] data = base.decodeBody(text.substring(1));
                if (!base.encode(data).equals(text)) {
                    throw new CodecException("multibase text is not canonical");
                }
                return data;
            }
        }
        throw new CodecException("unknown multibase prefix");
    }

    private byte[] decodeBody(String body) {
        try {
            return switch (this) {
                case BASE16 -> HexFormat.of().parseHex(body);
                case BASE32 -> Base32.decode(body);
                case BASE36 -> BaseX.BASE36.decode(body);
                case BASE58_BTC -> BaseX.BASE58.decode(body);
                case BASE64 -> Base64.getDecoder().decode(body);
                case BASE64_URL -> Base64.getUrlDecoder().decode(body);
            };
        } catch (CodecException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new CodecException("not " + this + " text", e);
        }
    }
}
