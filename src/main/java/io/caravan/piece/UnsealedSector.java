package io.caravan.piece;

import io.caravan.model.PaddedPieceSize;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * The unsealed bytes of a sector in a file: each piece's payload, Fr32-expanded, at its padded offset, zeros elsewhere.
 *
 * <p>Writing a piece again at the same place does no harm, so a step that died half-way is simply run again. Offsets come
 * from {@link SectorLayout}, which also knows commD. Memory does not grow with the piece.
 */
public final class UnsealedSector {
    private static final int BUFFER = 1 << 16;

    private final FileChannel file;

    /** The channel must allow reading and writing; this class never closes it. */
    public UnsealedSector(FileChannel file) {
        this.file = file;
    }

    /**
     * Writes one piece from its payload and computes its commitment in the same pass.
     *
     * @param offset padded bytes, a multiple of the piece's size
     * @return the commitment of what was written; the caller compares it with the deal's
     * @throws IllegalArgumentException when the offset is not aligned, or the payload is too large for the piece; then
     *     nothing outside the piece's place was touched
     */
    public PieceCommitment write(long offset, PaddedPieceSize size, InputStream payload) throws IOException {
        if (offset < 0 || offset % size.checked().bytes() != 0) {
            throw new IllegalArgumentException(
                    "A piece of " + size.bytes() + " bytes cannot start at padded offset " + offset);
        }
        var at = new long[] {offset};
        CommPStream commP = CommPStream.tee((padded, length) -> {
            if (length > offset + size.bytes() - at[0]) {
                throw tooLarge(size);
            }
            writeFully(ByteBuffer.wrap(padded, 0, length), at[0]);
            at[0] += length;
        });
        byte[] buffer = new byte[BUFFER];
        for (int n = payload.read(buffer); n >= 0; n = payload.read(buffer)) {
            commP.write(buffer, 0, n);
        }
        PieceCommitment made = commP.finish();
        if (made.size().bytes() > size.bytes()) {
            throw tooLarge(size);
        }
        zero(at[0], offset + size.bytes());
        return made.paddedTo(size);
    }

    /** Makes the file exactly {@code sectorSize} bytes long; what no piece covers reads as zeros. */
    public void extendTo(PaddedPieceSize sectorSize) throws IOException {
        if (file.size() > sectorSize.bytes()) {
            throw new IOException("The unsealed file has " + file.size() + " bytes, more than its sector");
        }
        if (file.size() < sectorSize.bytes()) {
            writeFully(ByteBuffer.allocate(1), sectorSize.bytes() - 1);
        }
    }

    /** Copies the first {@code payloadBytes} of the piece at {@code offset} to {@code out}, Fr32 taken out again. */
    public void read(long offset, long payloadBytes, OutputStream out) throws IOException {
        read(offset, 0, payloadBytes, out);
    }

    /**
     * Copies a range of the piece at {@code offset} to {@code out}, Fr32 taken out again.
     *
     * @param from the first byte of the piece that is wanted, unpadded, as {@code bytes}
     */
    public void read(long offset, long from, long bytes, OutputStream out) throws IOException {
        int quads = BUFFER / Fr32.PADDED_QUAD;
        byte[] padded = new byte[quads * Fr32.PADDED_QUAD];
        byte[] payload = new byte[quads * Fr32.UNPADDED_QUAD];
        long at = offset + from / Fr32.UNPADDED_QUAD * Fr32.PADDED_QUAD;
        int skipped = (int) (from % Fr32.UNPADDED_QUAD);
        long left = bytes;
        while (left > 0) {
            int n = (int) Math.min(left, payload.length - skipped);
            int want = (skipped + n + Fr32.UNPADDED_QUAD - 1) / Fr32.UNPADDED_QUAD;
            readFully(ByteBuffer.wrap(padded, 0, want * Fr32.PADDED_QUAD), at);
            Fr32.restore(padded, 0, payload, 0, want);
            out.write(payload, skipped, n);
            at += (long) want * Fr32.PADDED_QUAD;
            left -= n;
            skipped = 0;
        }
    }

    /** Zeros a range only where the file already has bytes: behind its end a hole reads as zeros. */
    private void zero(long from, long to) throws IOException {
        long end = Math.min(to, file.size());
        ByteBuffer zeros = ByteBuffer.allocate(BUFFER);
        for (long at = from; at < end; at += BUFFER) {
            zeros.clear().limit((int) Math.min(BUFFER, end - at));
            writeFully(zeros, at);
        }
    }

    private void writeFully(ByteBuffer from, long at) throws IOException {
        long position = at;
        while (from.hasRemaining()) {
            position += file.write(from, position);
        }
    }

    private void readFully(ByteBuffer into, long at) throws IOException {
        long position = at;
        while (into.hasRemaining()) {
            int n = file.read(into, position);
            if (n < 0) {
                throw new EOFException("The unsealed file ends at " + file.size() + ", inside a piece");
            }
            position += n;
        }
    }

    private static IllegalArgumentException tooLarge(PaddedPieceSize size) {
        return new IllegalArgumentException("The payload does not fit a piece of " + size.bytes() + " padded bytes");
    }
}
