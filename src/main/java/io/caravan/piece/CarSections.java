package io.caravan.piece;

import io.caravan.codec.Cid;
import io.caravan.codec.CodecException;
import io.caravan.codec.Varint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/** Random access to the sections of a CAR in a file: offset to block, CID to offset. Not thread-safe while growing. */
final class CarSections {
    private static final int HEAD = Varint.MAX_BYTES + Cid.MAX_BYTES + 1;

    private final FileChannel file;
    private final CarLimits limits;
    private final CidOffsets offsets;

    CarSections(FileChannel file, CarLimits limits) {
        this.file = file;
        this.limits = limits;
        this.offsets = new CidOffsets(limits.maxBlocks());
    }

    private record Head(Cid cid, long dataAt, int dataBytes) {
    }

    void add(Cid cid, long offset) {
        offsets.add(cid, offset);
    }

    int size() {
        return offsets.size();
    }

    boolean has(Cid cid) throws IOException {
        return find(cid) >= 0;
    }

    /** The block's bytes as they lie in the file, unchecked; null when it is not here. */
    byte @Nullable [] read(Cid cid) throws IOException {
        long offset = find(cid);
        if (offset < 0) {
            return null;
        }
        Head head = head(offset);
        byte[] data = new byte[head.dataBytes()];
        if (readAt(ByteBuffer.wrap(data), head.dataAt()) < data.length) {
            throw new MalformedCarException("The CAR ends inside block " + cid);
        }
        return data;
    }

    private long find(Cid cid) throws IOException {
        return offsets.find(cid, offset -> head(offset).cid().equals(cid));
    }

    private Head head(long offset) throws IOException {
        ByteBuffer start = ByteBuffer.allocate(HEAD);
        readAt(start, offset);
        start.flip();
        try {
            long length = Varint.read(start);
            int cidAt = start.position();
            Cid cid = Cid.read(start);
            long dataBytes = length - (start.position() - cidAt);
            if (length > limits.maxSectionBytes() || dataBytes < 0) {
                throw new CodecException("section of " + length + " bytes");
            }
            return new Head(cid, offset + start.position(), (int) dataBytes);
        } catch (CodecException e) {
            throw new MalformedCarException("The CAR has no section at " + offset + ": " + e.getMessage(), e);
        }
    }

    private int readAt(ByteBuffer into, long at) throws IOException {
        long position = at;
        while (into.hasRemaining()) {
            int n = file.read(into, position);
            if (n < 0) {
                break;
            }
            position += n;
        }
        return (int) (position - at);
    }
}
