package io.caravan.codec;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/** An immutable run of bytes, compared by content and ordered as unsigned bytes; prints as (shortened) hex. */
public final class Bytes implements Comparable<Bytes> {

    public static final Bytes EMPTY = new Bytes(new byte[0]);

    private static final int SHOWN = 64;

    private final byte[] value;

    private Bytes(byte[] value) {
        this.value = value;
    }

    /** Copies {@code value}; later changes to the array are not seen. */
    public static Bytes of(byte[] value) {
        return value.length == 0 ? EMPTY : new Bytes(value.clone());
    }

    /** Copies the range {@code [from, to)}. */
    public static Bytes of(byte[] value, int from, int to) {
        return new Bytes(Arrays.copyOfRange(value, from, to));
    }

    /** Takes ownership: the caller must not touch the array again. */
    public static Bytes wrap(byte[] value) {
        return new Bytes(value);
    }

    /** Bytes of a hex string, either case, no prefix. */
    public static Bytes ofHex(String hex) {
        try {
            return new Bytes(HexFormat.of().parseHex(hex));
        } catch (IllegalArgumentException e) {
            throw new CodecException("not a hex string", e);
        }
    }

    /** Bytes of standard base64 text, padded or not. */
    public static Bytes ofBase64(String base64) {
        try {
            return new Bytes(Base64.getDecoder().decode(base64));
        } catch (IllegalArgumentException e) {
            throw new CodecException("not base64 text", e);
        }
    }

    public static Bytes utf8(String text) {
        return new Bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    public static Bytes concat(Bytes... parts) {
        int size = 0;
        for (Bytes part : parts) {
            size += part.size();
        }
        ByteBuffer out = ByteBuffer.allocate(size);
        for (Bytes part : parts) {
            out.put(part.value);
        }
        return new Bytes(out.array());
    }

    public int size() {
        return value.length;
    }

    public boolean isEmpty() {
        return value.length == 0;
    }

    public byte at(int index) {
        return value[index];
    }

    public byte[] toArray() {
        return value.clone();
    }

    /** A read-only view without a copy. */
    public ByteBuffer asBuffer() {
        return ByteBuffer.wrap(value).asReadOnlyBuffer();
    }

    /** The range {@code [from, to)} as its own value. */
    public Bytes slice(int from, int to) {
        if (from < 0 || to < from || to > value.length) {
            throw new IndexOutOfBoundsException("slice " + from + ".." + to + " of " + value.length + " bytes");
        }
        return new Bytes(Arrays.copyOfRange(value, from, to));
    }

    public boolean startsWith(Bytes prefix) {
        return prefix.size() <= size() && Arrays.equals(value, 0, prefix.size(), prefix.value, 0, prefix.size());
    }

    public String hex() {
        return HexFormat.of().formatHex(value);
    }

    /** Standard base64 with padding, as Lotus prints byte slices. */
    public String base64() {
        return Base64.getEncoder().encodeToString(value);
    }

    /** Without a copy; for this package's own readers only. */
    byte[] array() {
        return value;
    }

    @Override
    public int compareTo(Bytes other) {
        return Arrays.compareUnsigned(value, other.value);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes that && Arrays.equals(value, that.value);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(value);
    }

    @Override
    public String toString() {
        return value.length <= SHOWN ? hex()
                : HexFormat.of().formatHex(value, 0, SHOWN) + "… (" + value.length + " bytes)";
    }
}
