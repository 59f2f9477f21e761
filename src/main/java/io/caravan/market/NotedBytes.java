package io.caravan.market;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * Streams that tell of every piece of bytes that passes. A message of a transfer may take a slow line longer than a
 * stall: bytes that pass are life, though no block is whole yet.
 */
final class NotedBytes {

    private static final int PIECE = 32 << 10;

    private NotedBytes() {}

    static InputStream in(InputStream source, Runnable note) {
        return new FilterInputStream(source) {
            @Override
            public int read() throws IOException {
                return noted(super.read());
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                return noted(super.read(buffer, offset, length));
            }

            private int noted(int read) {
                if (read >= 0) {
                    note.run();
                }
                return read;
            }
        };
    }

    static OutputStream out(OutputStream target, Runnable note) {
        return new FilterOutputStream(target) {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                for (int at = 0; at < length; at += PIECE) {
                    out.write(bytes, offset + at, Math.min(PIECE, length - at));
                    note.run();
                }
            }
        };
    }
}
