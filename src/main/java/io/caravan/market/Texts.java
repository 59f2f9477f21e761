package io.caravan.market;

import java.nio.charset.StandardCharsets;

/** Text that goes to peers. */
final class Texts {

    private Texts() {
    }

    /** The text, cut at a character so that its UTF-8 has at most so many bytes. */
    static String atMost(String text, int maxBytes) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= maxBytes) {
            return text;
        }
        int end = maxBytes;
        while (end > 0 && (bytes[end] & 0xc0) == 0x80) {
            end--;
        }
        return new String(bytes, 0, end, StandardCharsets.UTF_8);
    }
}
