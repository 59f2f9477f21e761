package io.caravan.sealing;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.BooleanSupplier;

/** A range of a piece's unpadded bytes: its payload, and zeros up to the piece's size. */
final class PieceStream extends InputStream {

    private final FileChannel file;
    private final long payload;
    private final long total;
    private final long end;
    private final BooleanSupplier mayEnd;
    private long position;

    /** Of a piece of {@code total} unpadded bytes {@code count} ones, from {@code first} on. */
    record Range(long total, long first, long count) {

        Range {
            if (first < 0 || count < 0 || first > total - count) {
                throw new IllegalArgumentException("no " + count + " bytes from " + first + " in " + total);
            }
        }
    }

    /**
     * @param payload bytes in the file
     * @param mayEnd asked before the piece's very last byte is given out; false withholds it
     */
    PieceStream(Path file, long payload, Range range, BooleanSupplier mayEnd) throws IOException {
        this.file = FileChannel.open(file, StandardOpenOption.READ);
        this.payload = payload;
        this.total = range.total();
        this.position = range.first();
        this.end = range.first() + range.count();
        this.mayEnd = mayEnd;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (position == end) {
            return -1;
        }
        int wanted = (int) Math.min(length, end - position);
        int count = position < payload ? payload(into, offset, (int) Math.min(wanted, payload - position))
                : zeros(into, offset, wanted);
        if (position + count == total && !mayEnd.getAsBoolean()) {
            throw new IOException("the piece was fetched whole before, or is not to be had any more");
        }
        position += count;
        return count;
    }

    private int payload(byte[] into, int offset, int length) throws IOException {
        int count = file.read(ByteBuffer.wrap(into, offset, length), position);
        if (count <= 0) {
            throw new EOFException("the staged file became shorter");
        }
        return count;
    }

    private static int zeros(byte[] into, int offset, int length) {
        java.util.Arrays.fill(into, offset, offset + length, (byte) 0);
        return length;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
