package io.caravan.codec;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/**
 * Cuts exactly one CBOR item out of a stream, not a byte more, as the market protocols need it: a message there has no
 * length in front and no end of stream behind (wire-protocols §1.2, §4).
 */
public final class CborItem {

    private static final int CHUNK = 8192;

    private final InputStream in;
    private final int maxBytes;
    private final CborLimits limits;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private CborItem(InputStream in, int maxBytes, CborLimits limits) {
        this.in = in;
        this.maxBytes = maxBytes;
        this.limits = limits;
    }

    /**
     * The bytes of one item of at most {@code maxBytes} bytes.
     *
     * @throws EOFException when the stream ends before the item does
     */
    public static byte[] read(InputStream in, int maxBytes) throws IOException {
        return read(in, maxBytes, CborLimits.CBOR_GEN);
    }

    /** As {@link #read(InputStream, int)}, with other limits. */
    public static byte[] read(InputStream in, int maxBytes, CborLimits limits) throws IOException {
        CborItem item = new CborItem(in, maxBytes, limits);
        item.item(limits.maxDepth());
        return item.out.toByteArray();
    }

    private void item(int depthLeft) throws IOException {
        if (depthLeft <= 0) {
            throw new CodecException("CBOR nested too deep");
        }
        int first = next();
        int major = first >> 5;
        long value = value(first & 31);
        switch (major) {
            case CborReader.BYTES -> copy(value, limits.maxBytes());
            case CborReader.TEXT -> copy(value, limits.maxText());
            case CborReader.ARRAY -> items(value, 1, depthLeft);
            case CborReader.MAP -> items(value, 2, depthLeft);
            case CborReader.TAG -> item(depthLeft - 1);
            default -> { }
        }
    }

    private void items(long entries, int each, int depthLeft) throws IOException {
        if (entries < 0 || entries > limits.maxEntries()) {
            throw new CodecException("CBOR array or map of more than " + limits.maxEntries() + " entries");
        }
        for (long i = 0; i < entries * each; i++) {
            item(depthLeft - 1);
        }
    }

    private long value(int low) throws IOException {
        if (low < 24) {
            return low;
        }
        if (low > 27) {
            throw new CodecException("CBOR header with indefinite or reserved length");
        }
        long value = 0;
        for (int i = 0; i < 1 << low - 24; i++) {
            value = value << 8 | next();
        }
        return value;
    }

    private void copy(long length, int max) throws IOException {
        if (length < 0 || length > max || length > maxBytes - out.size()) {
            throw new CodecException("CBOR string of more than " + Math.min(max, maxBytes) + " bytes");
        }
        long left = length;
        while (left > 0) {
            byte[] chunk = in.readNBytes((int) Math.min(left, CHUNK));
            if (chunk.length == 0) {
                throw new EOFException("stream ends inside a CBOR string");
            }
            out.writeBytes(chunk);
            left -= chunk.length;
        }
    }

    private int next() throws IOException {
        if (out.size() >= maxBytes) {
            throw new CodecException("CBOR item of more than " + maxBytes + " bytes");
        }
        int next = in.read();
        if (next < 0) {
            throw new EOFException("stream ends " + (out.size() == 0 ? "before" : "inside") + " a CBOR item");
        }
        out.write(next);
        return next;
    }
}
