package io.caravan.libp2p;

import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The words of multistream-select: {@code uvarint(length) ‖ text ‖ '\n'}, where the length counts the newline and is at
 * most 1024 (spec libp2p 1.2). One reader reads one direction of one negotiation, from whatever pieces arrive.
 */
final class MssTokens {

    static final String HEADER = "/multistream/1.0.0";
    static final String NA = "na";

    private static final int MAX = 1024;

    private final ByteArrayOutputStream text = new ByteArrayOutputStream(64);
    private int length;
    private int prefixBytes;
    private boolean prefixDone;

    static void write(ByteBuf out, String token) {
        byte[] text = token.getBytes(StandardCharsets.UTF_8);
        int length = text.length + 1;
        if (length > MAX) {
            throw new IllegalArgumentException("protocol id of " + text.length + " bytes");
        }
        if (length < 0x80) {
            out.writeByte(length);
        } else {
            out.writeByte(length & 0x7f | 0x80).writeByte(length >> 7);
        }
        out.writeBytes(text).writeByte('\n');
    }

    /** The next word, or null if it is not all there yet. Takes no byte beyond the word's end. */
    @Nullable String next(ByteBuf in) {
        while (in.isReadable()) {
            if (!prefixDone) {
                prefix(in.readUnsignedByte());
                continue;
            }
            int take = Math.min(in.readableBytes(), length - text.size());
            byte[] piece = new byte[take];
            in.readBytes(piece);
            text.writeBytes(piece);
            if (text.size() == length) {
                return word();
            }
        }
        return null;
    }

    private void prefix(int b) {
        length |= (b & 0x7f) << 7 * prefixBytes++;
        if (b >= 0x80) {
            if (prefixBytes == 2) {
                throw new PeerMisbehavedException("a negotiation word longer than " + MAX);
            }
            return;
        }
        if (length < 1 || length > MAX || b == 0) {
            throw new PeerMisbehavedException("a negotiation word of length " + length);
        }
        prefixDone = true;
    }

    private String word() {
        byte[] bytes = text.toByteArray();
        text.reset();
        length = 0;
        prefixBytes = 0;
        prefixDone = false;
        if (bytes[bytes.length - 1] != '\n') {
            throw new PeerMisbehavedException("a negotiation word without a newline at its end");
        }
        return new String(bytes, 0, bytes.length - 1, StandardCharsets.UTF_8);
    }
}
