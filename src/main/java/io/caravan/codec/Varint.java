package io.caravan.codec;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/** Unsigned LEB128 as multiformats has it: minimal, at most nine bytes, so 0 … 2^63−1 (libp2p.md §1.1). */
public final class Varint {

    public static final int MAX_BYTES = 9;

    private Varint() {
    }

    /** Number of bytes {@link #encode} makes of {@code value}. */
    public static int size(long value) {
        check(value);
        return value == 0 ? 1 : (63 - Long.numberOfLeadingZeros(value)) / 7 + 1;
    }

    public static byte[] encode(long value) {
        byte[] out = new byte[size(value)];
        long rest = value;
        for (int i = 0; i < out.length; i++) {
            out[i] = (byte) (rest & 0x7f | (i < out.length - 1 ? 0x80 : 0));
            rest >>>= 7;
        }
        return out;
    }

    public static void write(long value, OutputStream out) throws IOException {
        out.write(encode(value));
    }

    static void write(long value, ByteArrayOutputStream out) {
        out.writeBytes(encode(value));
    }

    /** Reads one varint at the buffer's position and moves it behind the varint. */
    public static long read(ByteBuffer in) {
        long value = 0;
        for (int i = 0; i < MAX_BYTES; i++) {
            if (!in.hasRemaining()) {
                throw new CodecException("varint ends early");
            }
            int next = in.get() & 0xff;
            value |= (long) (next & 0x7f) << 7 * i;
            if (next < 0x80) {
                return minimal(value, next, i);
            }
        }
        throw new CodecException("varint of more than " + MAX_BYTES + " bytes");
    }

    /** Reads one varint from a stream; -1 when the stream ends before its first byte. */
    public static long readOrEnd(InputStream in) throws IOException {
        long value = 0;
        for (int i = 0; i < MAX_BYTES; i++) {
            int next = in.read();
            if (next < 0) {
                if (i == 0) {
                    return -1;
                }
                throw new CodecException("varint ends early");
            }
            value |= (long) (next & 0x7f) << 7 * i;
            if (next < 0x80) {
                return minimal(value, next, i);
            }
        }
        throw new CodecException("varint of more than " + MAX_BYTES + " bytes");
    }

    /** Reads one varint from a stream that must hold one. */
    public static long read(InputStream in) throws IOException {
        long value = readOrEnd(in);
        if (value < 0) {
            throw new EOFException("stream ends where a varint should start");
        }
        return value;
    }

    private static long minimal(long value, int last, int index) {
        if (last == 0 && index > 0) {
            throw new CodecException("varint is not minimal");
        }
        return value;
    }

    private static void check(long value) {
        if (value < 0) {
            throw new CodecException("a varint cannot hold a negative number");
        }
    }
}
