package io.caravan.piece;

import io.caravan.codec.Cid;
import io.caravan.codec.CodecException;
import io.caravan.codec.ProtobufReader;
import java.io.IOException;
import java.io.OutputStream;

/** Reads a file back out of its UnixFS blocks, streaming; memory is one block and the links that wait. */
public final class UnixFsFile {
    /** Data type of a file node. */
    static final int FILE = 2;
    private static final int RAW = 0;

    private UnixFsFile() {
    }

    /**
     * Writes the file under {@code root}, which is a raw leaf or a file node (no directory).
     *
     * @param maxBytes refuses more: a small graph that repeats links can be a huge file
     * @return bytes written
     * @throws BlockNotFoundException when a block is missing
     * @throws MalformedBlockException when it is no UnixFS file, or larger than {@code maxBytes}
     */
    public static long write(Cid root, BlockSource source, OutputStream out, long maxBytes) throws IOException {
        var traversal = new DagTraversal(root);
        long written = 0;
        for (Cid cid = traversal.next(); cid != null; cid = traversal.next()) {
            byte[] block = source.get(cid);
            byte[] content = content(cid, block);
            if (content.length > maxBytes - written) {
                throw new MalformedBlockException("The file under " + root + " has more than " + maxBytes + " bytes");
            }
            out.write(content);
            written += content.length;
            traversal.loaded(block);
        }
        return written;
    }

    private static byte[] content(Cid cid, byte[] block) {
        if (cid.codec() == Cid.RAW) {
            return block;
        }
        if (cid.codec() != Cid.DAG_PB) {
            throw new MalformedBlockException("Block " + cid + " is no part of a UnixFS file");
        }
        byte[] data = DagPb.decode(block).data();
        if (data == null) {
            throw new MalformedBlockException("Block " + cid + " has no UnixFS data");
        }
        try {
            return fileData(new ProtobufReader(data));
        } catch (CodecException e) {
            throw new MalformedBlockException("Block " + cid + " is no UnixFS file node: " + e.getMessage(), e);
        }
    }

    private static byte[] fileData(ProtobufReader in) {
        long type = -1;
        byte[] data = new byte[0];
        while (in.next()) {
            if (in.field() == 1) {
                type = in.varint();
            } else if (in.field() == 2) {
                data = in.bytes(Block.MAX_BYTES);
            }
        }
        if (type != FILE && type != RAW) {
            throw new CodecException("type " + type);
        }
        return data;
    }
}
