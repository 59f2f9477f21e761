package io.caravan.codec;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads CBOR as the cbor-gen decoder does: definite lengths and shortest headers only, everything bounded by
 * {@link CborLimits} (wire-protocols §1.2). Nothing is allocated from a declared length: a length beyond the bytes that
 * are there is refused first.
 */
public final class CborReader {

    static final int UINT = 0;
    static final int NEGATIVE = 1;
    static final int BYTES = 2;
    static final int TEXT = 3;
    static final int ARRAY = 4;
    static final int MAP = 5;
    static final int TAG = 6;
    static final int SIMPLE = 7;

    private static final int MAX_BIG_INT = 128;
    private static final String[] KINDS = {
        "unsigned number", "negative number", "byte string", "text", "array", "map", "tag", "simple value"};

    private final byte[] data;
    private final CborLimits limits;
    private int at;

    public CborReader(byte[] data) {
        this(data, CborLimits.CBOR_GEN);
    }

    /** Reads {@code data} without a copy; the caller must not change it while reading. */
    public CborReader(byte[] data, CborLimits limits) {
        this.data = data;
        this.limits = limits;
    }

    /** Bytes read so far. */
    public int position() {
        return at;
    }

    /** The raw bytes {@code [from, position())}: what a signature over a part of a message covers. */
    public Bytes since(int from) {
        return Bytes.of(data, from, at);
    }

    /** Number of entries of the array that starts here. */
    public int array() {
        return entries(ARRAY);
    }

    /** A tuple: an array of exactly {@code fields} entries. */
    public void tuple(int fields) {
        int entries = array();
        if (entries != fields) {
            throw fail("array of " + entries + " entries where " + fields + " belong");
        }
    }

    /** Number of key and value pairs of the map that starts here. */
    public int map() {
        return entries(MAP);
    }

    /** 0 … 2^63−1; a larger number is refused. */
    public long uint() {
        long value = unsigned();
        if (value < 0) {
            throw fail("number of more than 63 bits");
        }
        return value;
    }

    /** The 64 bits of an unsigned number. */
    public long unsigned() {
        return header(UINT);
    }

    /** A signed 64-bit number. */
    public long integer() {
        long value;
        if (major() == NEGATIVE) {
            value = -1 - header(NEGATIVE);
            if (value >= 0) {
                throw fail("number below −2^63");
            }
            return value;
        }
        return uint();
    }

    /** A byte string of at most {@code max} bytes. */
    public byte[] bytes(int max) {
        return string(BYTES, Math.min(max, limits.maxBytes()));
    }

    /** A byte string of exactly {@code length} bytes. */
    public byte[] bytesExactly(int length) {
        byte[] value = bytes(length);
        if (value.length != length) {
            throw fail("byte string of " + value.length + " bytes where " + length + " belong");
        }
        return value;
    }

    /** Text of at most {@code max} bytes, which must be UTF-8. */
    public String text(int max) {
        byte[] raw = textBytes(max);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(raw)).toString();
        } catch (CharacterCodingException e) {
            throw fail("text is not UTF-8");
        }
    }

    /** Text for people: what is not UTF-8 in it shows as a replacement character. */
    public String textLossy(int max) {
        return new String(textBytes(max), StandardCharsets.UTF_8);
    }

    /** The raw bytes of a text, which peers also use for binary (peer ids, old labels). */
    public byte[] textBytes(int max) {
        return string(TEXT, Math.min(max, limits.maxText()));
    }

    public boolean bool() {
        int next = peek();
        if (next != 0xf4 && next != 0xf5) {
            throw fail("not true or false");
        }
        at++;
        return next == 0xf5;
    }

    /** Whether a null starts here; reads nothing. */
    public boolean isNull() {
        return peek() == 0xf6;
    }

    public void nul() {
        if (!isNull()) {
            throw fail("not null");
        }
        at++;
    }

    public Cid cid() {
        if (header(TAG) != 42) {
            throw fail("a tag that is not 42");
        }
        byte[] raw = string(BYTES, Cid.MAX_BYTES + 1);
        if (raw.length < 2 || raw[0] != 0) {
            throw fail("a CID starts with 00");
        }
        return Cid.ofBytes(Arrays.copyOfRange(raw, 1, raw.length));
    }

    public @Nullable Cid cidOrNull() {
        if (isNull()) {
            nul();
            return null;
        }
        return cid();
    }

    /** Filecoin's big integer, at most 128 bytes with its sign byte. */
    public BigInteger bigInt() {
        byte[] raw = string(BYTES, MAX_BIG_INT);
        if (raw.length == 0) {
            return BigInteger.ZERO;
        }
        if (raw[0] != 0 && raw[0] != 1) {
            throw fail("big integer with sign byte " + raw[0]);
        }
        return new BigInteger(raw[0] == 0 ? 1 : -1, raw, 1, raw.length - 1);
    }

    /** Skips one item of any kind, checking its form and depth. */
    public void skip() {
        CborSkip.one(this, limits.maxDepth());
    }

    /** The raw bytes of the item that starts here, unread otherwise. */
    public Bytes raw() {
        int from = at;
        skip();
        return since(from);
    }

    /** Refuses bytes behind the last item. */
    public void end() {
        if (at != data.length) {
            throw fail((data.length - at) + " bytes after the end");
        }
    }

    /** Whether a text (and not bytes) starts here. */
    public boolean isText() {
        return major() == TEXT;
    }

    int major() {
        return peek() >> 5;
    }

    CborLimits limits() {
        return limits;
    }

    int entries(int major) {
        long entries = header(major);
        if (entries < 0 || entries > limits.maxEntries()) {
            throw fail(KINDS[major] + " of more than " + limits.maxEntries() + " entries");
        }
        if (entries * (major == MAP ? 2 : 1) > data.length - at) {
            throw fail(KINDS[major] + " declares more entries than bytes are left");
        }
        return (int) entries;
    }

    byte[] string(int major, int max) {
        int length = length(major, max);
        at += length;
        return Arrays.copyOfRange(data, at - length, at);
    }

    void skipString(int major) {
        int length = length(major, major == TEXT ? limits.maxText() : limits.maxBytes());
        at += length;
    }

    private int length(int major, int max) {
        long length = header(major);
        if (length < 0 || length > max) {
            throw fail(KINDS[major] + " of more than " + max + " bytes");
        }
        if (length > data.length - at) {
            throw fail(KINDS[major] + " ends early");
        }
        return (int) length;
    }

    /** Reads a header that must be of {@code major}, and returns its value's 64 bits. */
    long header(int major) {
        int first = peek();
        if (first >> 5 != major) {
            throw fail(KINDS[first >> 5] + " where " + KINDS[major] + " belongs");
        }
        int low = first & 31;
        if (low < 24) {
            at++;
            return low;
        }
        if (low > 27) {
            throw fail(low == 31 ? "indefinite length" : "reserved header");
        }
        int width = 1 << low - 24;
        if (data.length - at - 1 < width) {
            throw fail("header ends early");
        }
        long value = fixed(at + 1, width);
        long least = width == 1 ? 24 : 1L << 4 * width;
        if (Long.compareUnsigned(value, least) < 0) {
            throw fail("header is not minimal");
        }
        at += 1 + width;
        return value;
    }

    /** A 64-bit float; only user blocks hold them, and NaN and infinities never are legal. */
    double float64() {
        if (peek() != 0xfb || data.length - at < 9) {
            throw fail("not a simple value we know");
        }
        double value = Double.longBitsToDouble(fixed(at + 1, 8));
        if (!Double.isFinite(value)) {
            throw fail("a float that is not finite");
        }
        at += 9;
        return value;
    }

    int peek() {
        if (at >= data.length) {
            throw fail("data ends early");
        }
        return data[at] & 0xff;
    }

    CodecException fail(String what) {
        return new CodecException("CBOR at byte " + at + ": " + what);
    }

    private long fixed(int from, int width) {
        long value = 0;
        for (int i = 0; i < width; i++) {
            value = value << 8 | data[from + i] & 0xff;
        }
        return value;
    }
}
