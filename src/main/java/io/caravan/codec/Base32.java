package io.caravan.codec;

import java.io.ByteArrayOutputStream;

/** RFC 4648 base32, lower case, without padding; decoding accepts only what encoding would have made. */
public final class Base32 {

    private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";

    private Base32() {
    }

    public static String encode(byte[] data) {
        StringBuilder out = new StringBuilder(data.length * 8 / 5 + 1);
        int buffer = 0;
        int bits = 0;
        for (byte b : data) {
            buffer = buffer << 8 | b & 0xff;
            bits += 8;
            while (bits >= 5) {
                bits -= 5;
                out.append(ALPHABET.charAt(buffer >> bits & 31));
            }
            buffer &= (1 << bits) - 1;
        }
        if (bits > 0) {
            out.append(ALPHABET.charAt(buffer << 5 - bits & 31));
        }
        return out.toString();
    }

    /** Refuses upper case, padding, foreign characters, an impossible length and non-zero left-over bits. */
    public static byte[] decode(String text) {
        var out = new ByteArrayOutputStream(text.length() * 5 / 8 + 1);
        int buffer = 0;
        int bits = 0;
        for (int i = 0; i < text.length(); i++) {
            int value = ALPHABET.indexOf(text.charAt(i));
            if (value < 0) {
                throw new CodecException("not a base32 character at position " + i);
            }
            buffer = buffer << 5 | value;
            bits += 5;
            if (bits >= 8) {
                bits -= 8;
                out.write(buffer >> bits);
                buffer &= (1 << bits) - 1;
            }
        }
        if (bits >= 5 || buffer != 0) {
            throw new CodecException("base32 text is not canonical");
        }
        return out.toByteArray();
    }
}
