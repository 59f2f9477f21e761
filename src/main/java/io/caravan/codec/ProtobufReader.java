package io.caravan.codec;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads protobuf field by field: {@code while (in.next()) switch (in.field()) …}. A field that is not read is skipped
 * by the following {@link #next}. Groups are refused, lengths never reach beyond the bytes that are there.
 */
public final class ProtobufReader {

    static final int MAX_FIELD = (1 << 29) - 1;

    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int DELIMITED = 2;
    private static final int FIXED32 = 5;

    private final byte[] data;
    private int at;
    private int field;
    private int wireType = -1;

    /** Reads {@code data} without a copy; the caller must not change it while reading. */
    public ProtobufReader(byte[] data) {
        this.data = data;
    }

    /** Moves to the next field; false at the end. */
    public boolean next() {
        if (wireType >= 0) {
            skip();
        }
        if (at == data.length) {
            return false;
        }
        long tag = rawVarint();
        long number = tag >>> 3;
        if (number < 1 || number > MAX_FIELD) {
            throw fail("field number " + number);
        }
        field = (int) number;
        wireType = (int) (tag & 7);
        return true;
    }

    public int field() {
        return field;
    }

    /** The 64 bits of a varint field. */
    public long varint() {
        take(VARINT);
        return rawVarint();
    }

    public boolean bool() {
        return varint() != 0;
    }

    /** A length-delimited field of at most {@code max} bytes. */
    public byte[] bytes(int max) {
        take(DELIMITED);
        int length = length(max);
        at += length;
        return Arrays.copyOfRange(data, at - length, at);
    }

    /** A text field of at most {@code max} bytes, which must be UTF-8. */
    public String text(int max) {
        byte[] raw = bytes(max);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(raw)).toString();
        } catch (CharacterCodingException e) {
            throw fail("text is not UTF-8");
        }
    }

    private void skip() {
        switch (wireType) {
            case VARINT -> rawVarint();
            case FIXED64 -> advance(8);
            case FIXED32 -> advance(4);
            case DELIMITED -> advance(length(Integer.MAX_VALUE));
            default -> throw fail("wire type " + wireType);
        }
        wireType = -1;
    }

    private void take(int wanted) {
        if (wireType != wanted) {
            throw fail("field " + field + " has wire type " + wireType + " where " + wanted + " belongs");
        }
        wireType = -1;
    }

    private int length(int max) {
        long length = rawVarint();
        if (length < 0 || length > max) {
            throw fail("field " + field + " of more than " + max + " bytes");
        }
        if (length > data.length - at) {
            throw fail("field " + field + " ends early");
        }
        return (int) length;
    }

    private void advance(int bytes) {
        if (bytes > data.length - at) {
            throw fail("field " + field + " ends early");
        }
        at += bytes;
    }

    private long rawVarint() {
        long value = 0;
        for (int i = 0; i < 10; i++) {
            if (at == data.length) {
                throw fail("varint ends early");
            }
            int next = data[at++] & 0xff;
            if (i == 9 && next > 1) {
                throw fail("varint of more than 64 bits");
            }
            value |= (long) (next & 0x7f) << 7 * i;
            if (next < 0x80) {
                return value;
            }
        }
        throw fail("varint of more than 10 bytes");
    }

    private CodecException fail(String what) {
        return new CodecException("protobuf at byte " + at + ": " + what);
    }
}
