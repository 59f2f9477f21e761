package io.caravan.chain;

import io.caravan.codec.CodecException;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * RLE+ (chain-and-rpc §3.2): a stream of bits, the lowest of each byte first. {@code 00} is the version, one bit says
 * what the first run is, then runs alternate: {@code 1} is a run of one, {@code 01} and four bits a run of 2 to 15,
 * {@code 00} and a LEB128 number a longer one. Run lists here always start with a run of absent numbers, of length zero
 * if need be.
 */
final class RlePlus {

    private static final int SHORT_LIMIT = 16;
    private static final int SHORT_BITS = 4;
    private static final int BYTE_BITS = 8;
    private static final int MAX_VARINT_BYTES = 9;

    private RlePlus() {
    }

    static byte[] encode(List<Long> runs) {
        if (runs.isEmpty()) {
            return new byte[0];
        }
        BitSink sink = new BitSink();
        boolean startsPresent = runs.get(0) == 0;
        sink.put(0, 2);
        sink.put(startsPresent ? 1 : 0, 1);
        for (long run : startsPresent ? runs.subList(1, runs.size()) : runs) {
            if (run == 1) {
                sink.put(1, 1);
            } else if (run < SHORT_LIMIT) {
                sink.put(2, 2);
                sink.put((int) run, SHORT_BITS);
            } else {
                sink.put(0, 2);
                for (long rest = run; ; rest >>>= 7) {
                    boolean isLast = rest < 0x80;
                    sink.put((int) (rest & 0x7f) | (isLast ? 0 : 0x80), BYTE_BITS);
                    if (isLast) {
                        break;
                    }
                }
            }
        }
        return sink.toByteArray();
    }

    /** @throws CodecException if the bytes are not what {@link #encode} would write */
    static List<Long> decode(byte[] bytes) {
        if (bytes.length == 0) {
            return List.of();
        }
        if (bytes[bytes.length - 1] == 0) {
            throw new CodecException("RLE+ ends with a zero byte");
        }
        BitSource source = new BitSource(bytes);
        if (source.take(2) != 0) {
            throw new CodecException("RLE+ of an unknown version");
        }
        List<Long> runs = new ArrayList<>();
        if (source.take(1) == 1) {
            runs.add(0L);
        }
        long total = 0;
        while (source.hasBits()) {
            long run = readRun(source);
            if (run <= 0 || Long.MAX_VALUE - total < run) {
                throw new CodecException("RLE+ with a run of " + run);
            }
            total += run;
            runs.add(run);
        }
        if (runs.size() % 2 != 0) {
            throw new CodecException("RLE+ ends with a run of absent numbers");
        }
        return runs;
    }

    /** Drops a trailing run of absent numbers and joins neighbours around runs of zero. */
    static List<Long> merge(List<Long> runs) {
        List<Long> merged = new ArrayList<>();
        for (int i = 0; i < runs.size(); i++) {
            boolean isPresent = i % 2 == 1;
            long run = runs.get(i);
            if (run == 0 && !merged.isEmpty()) {
                continue;
            }
            boolean lastIsPresent = merged.size() % 2 == 0;
            if (!merged.isEmpty() && lastIsPresent == isPresent) {
                merged.set(merged.size() - 1, merged.get(merged.size() - 1) + run);
            } else {
                merged.add(run);
            }
        }
        if (merged.size() % 2 != 0) {
            merged.remove(merged.size() - 1);
        }
        return merged;
    }

    private static long readRun(BitSource source) {
        if (source.take(1) == 1) {
            return 1;
        }
        if (source.take(1) == 1) {
            return source.take(SHORT_BITS);
        }
        long value = 0;
        for (int i = 0; i < MAX_VARINT_BYTES; i++) {
            int next = source.take(BYTE_BITS);
            value |= (long) (next & 0x7f) << (7 * i);
            if (next < 0x80) {
                if (next == 0 && i > 0) {
                    throw new CodecException("RLE+ with a run length that is not minimal");
                }
                return value;
            }
        }
        throw new CodecException("RLE+ with a run length that does not end");
    }

    private static final class BitSink {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private int current;
        private int used;

        void put(int value, int bits) {
            for (int i = 0; i < bits; i++) {
                current |= (value >> i & 1) << used;
                if (++used == BYTE_BITS) {
                    out.write(current);
                    current = 0;
                    used = 0;
                }
            }
        }

        byte[] toByteArray() {
            if (current != 0) { // a last byte of zeros carries nothing
                out.write(current);
            }
            byte[] bytes = out.toByteArray();
            int end = bytes.length;
            while (end > 0 && bytes[end - 1] == 0) {
                end--;
            }
            return java.util.Arrays.copyOf(bytes, end);
        }
    }

    private static final class BitSource {
        private final byte[] bytes;
        private final int end; // one behind the last bit that is set
        private int at;

        BitSource(byte[] bytes) {
            this.bytes = bytes;
            int last = bytes[bytes.length - 1] & 0xff;
            this.end = (bytes.length - 1) * BYTE_BITS + BYTE_BITS - (Integer.numberOfLeadingZeros(last) - 24);
        }

        boolean hasBits() {
            return at < end;
        }

        /** Bits behind the end read as zeros, because trailing zeros were cut. */
        int take(int bits) {
            int value = 0;
            for (int i = 0; i < bits; i++, at++) {
                int bit = at < bytes.length * BYTE_BITS ? bytes[at / BYTE_BITS] >> at % BYTE_BITS & 1 : 0;
                value |= bit << i;
            }
            return value;
        }
    }
}
