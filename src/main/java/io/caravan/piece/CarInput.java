package io.caravan.piece;

import io.caravan.codec.CodecException;
import io.caravan.codec.Varint;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Counts and limits what a CAR reader takes from its stream; allocates only for bytes that are there. */
final class CarInput extends FilterInputStream {
    private long position;
    private long end = Long.MAX_VALUE;

    CarInput(InputStream in) {
        super(in);
    }

    /** From here on position counts anew and the input ends after {@code length} bytes. */
    void startPayload(long length) {
        position = 0;
        end = length;
    }

    long position() {
        return position;
    }

    @Override
    public int read() throws IOException {
        if (position >= end) {
            return -1;
        }
        int b = in.read();
        position += b < 0 ? 0 : 1;
        return b;
    }

    @Override
    public int read(byte[] b, int off, int len) throws IOException {
        if (position >= end) {
            return -1;
        }
        int n = in.read(b, off, (int) Math.min(len, end - position));
        position += Math.max(0, n);
        return n;
    }

    /** A length, or -1 at a clean end of the input. */
    long length(int max, String what) throws IOException {
        long length;
        try {
            length = Varint.readOrEnd(this);
        } catch (CodecException e) {
            throw new MalformedCarException("The CAR's " + what + " length at " + position + " is broken", e);
        }
        if (length > max) {
            throw new MalformedCarException("A CAR " + what + " of " + length + " bytes, at most " + max);
        }
        return length;
    }

    /** Exactly {@code length} bytes; grows with what arrives. */
    byte[] exactly(int length) throws IOException {
        byte[] bytes = readNBytes(length);
        if (bytes.length < length) {
            throw new MalformedCarException("The CAR ends early: " + bytes.length + " of " + length + " bytes");
        }
        return bytes;
    }

    void skipExactly(long length) throws IOException {
        byte[] buffer = new byte[8192];
        long left = length;
        while (left > 0) {
            int n = read(buffer, 0, (int) Math.min(buffer.length, left));
            if (n < 0) {
                throw new MalformedCarException("The CAR ends early: " + left + " bytes are missing");
            }
            left -= n;
        }
    }
}
