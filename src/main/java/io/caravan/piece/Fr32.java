package io.caravan.piece;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Fr32: 127 payload bytes, read as a little-endian bit stream, become four field elements of 254 bits in 32 bytes each.
 *
 * <p>The two top bits of bytes 31, 63, 95 and 127 of each 128 are zero. Both directions work on whole quads (127 or 128 bytes).
 */
public final class Fr32 {
    /** Payload bytes of one quad. */
    public static final int UNPADDED_QUAD = 127;
    /** Padded bytes of one quad: four 32-byte elements. */
    public static final int PADDED_QUAD = 128;

    private static final VarHandle LE = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long LOW_62 = 0x3fff_ffff_ffff_ffffL;

    private Fr32() {
    }

    /** Expands {@code quads} times 127 bytes at {@code in[inAt]} to {@code quads} times 128 bytes at {@code out[outAt]}. */
    public static void expand(byte[] in, int inAt, byte[] out, int outAt, int quads) {
        for (int q = 0; q < quads; q++) {
            expandQuad(in, inAt + q * UNPADDED_QUAD, out, outAt + q * PADDED_QUAD);
        }
    }

    /** Takes the padding out again: {@code quads} times 128 bytes to {@code quads} times 127; the top bits are ignored. */
    public static void restore(byte[] in, int inAt, byte[] out, int outAt, int quads) {
        for (int q = 0; q < quads; q++) {
            restoreQuad(in, inAt + q * PADDED_QUAD, out, outAt + q * UNPADDED_QUAD);
        }
    }

    /** One quad as 16 little-endian words; the last input word starts at byte 119 because 127 is not a multiple of 8. */
    private static void expandQuad(byte[] in, int i, byte[] out, int o) {
        long p3 = word(in, i + 24);
        LE.set(out, o, word(in, i));
        LE.set(out, o + 8, word(in, i + 8));
        LE.set(out, o + 16, word(in, i + 16));
        LE.set(out, o + 24, p3 & LOW_62);
        long p7 = element(in, i + 32, p3, out, o + 32, 2);
        long p11 = element(in, i + 64, p7, out, o + 64, 4);
        long p12 = word(in, i + 96);
        long p13 = word(in, i + 104);
        long p14 = word(in, i + 112);
        long p15 = word(in, i + 119) >>> 8;
        LE.set(out, o + 96, p11 >>> 58 | p12 << 6);
        LE.set(out, o + 104, p12 >>> 58 | p13 << 6);
        LE.set(out, o + 112, p13 >>> 58 | p14 << 6);
        LE.set(out, o + 120, p14 >>> 58 | p15 << 6);
    }

    /** Writes one element whose bits start {@code shift} bits before the word at {@code i}; returns the last word read. */
    private static long element(byte[] in, int i, long before, byte[] out, int o, int shift) {
        int back = 64 - shift;
        long a = word(in, i);
        long b = word(in, i + 8);
        long c = word(in, i + 16);
        long d = word(in, i + 24);
        LE.set(out, o, before >>> back | a << shift);
        LE.set(out, o + 8, a >>> back | b << shift);
        LE.set(out, o + 16, b >>> back | c << shift);
        LE.set(out, o + 24, (c >>> back | d << shift) & LOW_62);
        return d;
    }

    private static void restoreQuad(byte[] in, int i, byte[] out, int o) {
        for (int w = 0; w < 16; w++) {
            int element = w >>> 2;
            int drop = 2 * element;
            long low = word(in, i + 8 * w);
            long high = w < 15 ? word(in, i + 8 * (w + 1)) : 0;
            if ((w & 3) == 3) {
                // Only 62 bits of this word belong to the stream; the next element continues where they end.
                long joined = (low & LOW_62) >>> drop | high << (62 - drop);
                put(out, o, w, joined);
            } else {
                put(out, o, w, drop == 0 ? low : low >>> drop | high << (64 - drop));
            }
        }
    }

    private static void put(byte[] out, int o, int w, long value) {
        if (w < 15) {
            LE.set(out, o + 8 * w, value);
        } else {
            for (int b = 0; b < 7; b++) {
                out[o + 120 + b] = (byte) (value >>> (8 * b));
            }
        }
    }

    private static long word(byte[] in, int at) {
        return (long) LE.get(in, at);
    }
}
