package io.caravan.piece;

import io.caravan.codec.Cid;
import io.caravan.codec.Varint;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** Writes a CARv1 to a stream, header first, blocks in the order given; keeps nothing, closes nothing. */
public final class CarWriter {
    private final OutputStream out;
    private long bytes;

    public CarWriter(OutputStream out, List<Cid> roots) throws IOException {
        this.out = out;
        byte[] header = CarHeader.encode(roots);
        out.write(header);
        bytes = header.length;
    }

    /** Appends one section: {@code uvarint (CID + data length) ‖ CID ‖ data}. Who writes a block twice has it twice. */
    public void write(Block block) throws IOException {
        byte[] head = sectionHead(block.cid(), block.data().length);
        out.write(head);
        out.write(block.data());
        bytes += head.length + block.data().length;
    }

    /** Bytes written so far, the header included. */
    public long bytes() {
        return bytes;
    }

    static byte[] sectionHead(Cid cid, int dataBytes) {
        byte[] name = cid.toBytes();
        byte[] length = Varint.encode((long) name.length + dataBytes);
        byte[] head = java.util.Arrays.copyOf(length, length.length + name.length);
        System.arraycopy(name, 0, head, length.length, name.length);
        return head;
    }
}
