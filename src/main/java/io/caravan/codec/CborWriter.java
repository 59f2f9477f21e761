package io.caravan.codec;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Writes CBOR as cbor-gen does: definite lengths, shortest headers, in call order (wire-protocols §1.1). The caller
 * counts array and map entries; {@link DagCbor} sorts map keys, this class does not.
 */
public final class CborWriter {

    private static final int MAX_BIG_INT = 128;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream(128);

    public CborWriter array(int entries) {
        return header(4, entries);
    }

    public CborWriter map(int entries) {
        return header(5, entries);
    }

    /** 0 … 2^63−1. */
    public CborWriter uint(long value) {
        if (value < 0) {
            throw new CodecException("an unsigned number cannot be " + value);
        }
        return header(0, value);
    }

    /** The 64 bits of {@code value} as an unsigned number. */
    public CborWriter unsigned(long value) {
        return header(0, value);
    }

    /** A signed 64-bit number, as epochs are. */
    public CborWriter integer(long value) {
        return value >= 0 ? header(0, value) : header(1, -1 - value);
    }

    public CborWriter bytes(byte[] value) {
        header(2, value.length);
        out.writeBytes(value);
        return this;
    }

    public CborWriter bytes(Bytes value) {
        return bytes(value.array());
    }

    public CborWriter text(String value) {
        return textBytes(value.getBytes(StandardCharsets.UTF_8));
    }

    /** Text as raw bytes: peer ids go out as text that is not UTF-8. */
    public CborWriter textBytes(byte[] value) {
        header(3, value.length);
        out.writeBytes(value);
        return this;
    }

    public CborWriter bool(boolean value) {
        out.write(value ? 0xf5 : 0xf4);
        return this;
    }

    public CborWriter nul() {
        out.write(0xf6);
        return this;
    }

    public CborWriter cid(Cid value) {
        byte[] binary = value.toBytes();
        if (binary.length > Cid.MAX_BYTES) {
            throw new CodecException("CID of " + binary.length + " bytes");
        }
        header(6, 42);
        header(2, binary.length + 1L);
        out.write(0);
        out.writeBytes(binary);
        return this;
    }

    public CborWriter cidOrNull(@Nullable Cid value) {
        return value == null ? nul() : cid(value);
    }

    /** Filecoin's big integer: empty for 0, else a sign byte and the minimal magnitude. */
    public CborWriter bigInt(BigInteger value) {
        if (value.signum() == 0) {
            return header(2, 0);
        }
        byte[] magnitude = value.abs().toByteArray();
        int skip = magnitude[0] == 0 ? 1 : 0;
        int length = magnitude.length - skip + 1;
        if (length > MAX_BIG_INT) {
            throw new CodecException("big integer of more than " + MAX_BIG_INT + " bytes");
        }
        header(2, length);
        out.write(value.signum() < 0 ? 1 : 0);
        out.write(magnitude, skip, magnitude.length - skip);
        return this;
    }

    /** One item that is encoded already. */
    public CborWriter raw(byte[] item) {
        out.writeBytes(item);
        return this;
    }

    /** A 64-bit float; only user blocks hold them. */
    CborWriter float64(double value) {
        out.write(0xfb);
        return number(Double.doubleToRawLongBits(value), 8);
    }

    CborWriter header(int major, long value) {
        int top = major << 5;
        if (value >= 0 && value < 24) {
            out.write(top | (int) value);
            return this;
        }
        int width = value < 0 || value > 0xffffffffL ? 8 : value > 0xffff ? 4 : value > 0xff ? 2 : 1;
        out.write(top | switch (width) {
            case 1 -> 24;
            case 2 -> 25;
            case 4 -> 26;
            default -> 27;
        });
        return number(value, width);
    }

    private CborWriter number(long value, int width) {
        for (int i = width - 1; i >= 0; i--) {
            out.write((int) (value >>> 8 * i));
        }
        return this;
    }

    public byte[] toByteArray() {
        return out.toByteArray();
    }

    public Bytes toBytes() {
        return Bytes.wrap(out.toByteArray());
    }
}
