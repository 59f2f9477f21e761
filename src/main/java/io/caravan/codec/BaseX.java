package io.caravan.codec;

import java.util.Arrays;

/** A big-number base with leading-zero marks: base58btc and base36. Quadratic, hence bounded. */
final class BaseX {

    static final BaseX BASE58 = new BaseX("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz");
    static final BaseX BASE36 = new BaseX("0123456789abcdefghijklmnopqrstuvwxyz");

    private static final int MAX_TEXT = 1024;

    private final String alphabet;

    private BaseX(String alphabet) {
        this.alphabet = alphabet;
    }

    String encode(byte[] data) {
        int zeros = 0;
        while (zeros < data.length && data[zeros] == 0) {
            zeros++;
        }
        byte[] number = Arrays.copyOfRange(data, zeros, data.length);
        StringBuilder out = new StringBuilder();
        int start = 0;
        while (start < number.length) {
            int rest = 0;
            for (int i = start; i < number.length; i++) {
                int digit = rest << 8 | number[i] & 0xff;
                number[i] = (byte) (digit / alphabet.length());
                rest = digit % alphabet.length();
            }
            out.append(alphabet.charAt(rest));
            while (start < number.length && number[start] == 0) {
                start++;
            }
        }
        return out.append(String.valueOf(alphabet.charAt(0)).repeat(zeros)).reverse().toString();
    }

    byte[] decode(String text) {
        if (text.length() > MAX_TEXT) {
            throw new CodecException("text of more than " + MAX_TEXT + " characters");
        }
        int zeros = 0;
        while (zeros < text.length() && text.charAt(zeros) == alphabet.charAt(0)) {
            zeros++;
        }
        byte[] number = new byte[text.length()];
        int used = 0;
        for (int c = zeros; c < text.length(); c++) {
            int carry = alphabet.indexOf(text.charAt(c));
            if (carry < 0) {
                throw new CodecException("not a base" + alphabet.length() + " character at position " + c);
            }
            for (int i = 0; i < used || carry != 0; i++) {
                int at = number.length - 1 - i;
                carry += (number[at] & 0xff) * alphabet.length();
                number[at] = (byte) carry;
                carry >>= 8;
                used = Math.max(used, i + 1);
            }
        }
        byte[] out = new byte[zeros + used];
        System.arraycopy(number, number.length - used, out, zeros, used);
        return out;
    }
}
