package io.caravan.piece;

import io.caravan.codec.Cid;
import io.caravan.codec.CodecException;
import io.caravan.codec.ProtobufReader;
import io.caravan.codec.ProtobufWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A dag-pb node: links in their order and opaque data. Encoded with the links (field 2) before the data (field 1), each
 * link as hash, name (also when empty) and cumulative size.
 */
public record DagPb(List<Link> links, byte @Nullable [] data) {
    /** Bounds the memory of one decoded node; directories elsewhere are sharded far below this. */
    static final int MAX_LINKS = 1 << 17;
    private static final int MAX_NAME = 4096;

    /** A link; {@code size} is the encoded size of everything below it, as its writer claims. */
    public record Link(Cid cid, String name, long size) {
    }

    public DagPb {
        links = List.copyOf(links);
    }

    public byte[] encode() {
        var out = new ProtobufWriter();
        for (Link link : links) {
            out.bytes(2, new ProtobufWriter().bytes(1, link.cid().toBytes()).text(2, link.name())
                    .varint(3, link.size()).toByteArray());
        }
        if (data != null) {
            out.bytes(1, data);
        }
        return out.toByteArray();
    }

    /** Reads a node, its data before or behind its links; {@link MalformedBlockException} when it is not one. */
    public static DagPb decode(byte[] block) {
        try {
            return read(new ProtobufReader(block));
        } catch (CodecException e) {
            throw new MalformedBlockException("Not a dag-pb node: " + e.getMessage(), e);
        }
    }

    private static DagPb read(ProtobufReader in) {
        var links = new ArrayList<Link>();
        byte[] data = null;
        while (in.next()) {
            switch (in.field()) {
                case 1 -> {
                    if (data != null) {
                        throw new CodecException("data twice");
                    }
                    data = in.bytes(Block.MAX_BYTES);
                }
                case 2 -> {
                    if (links.size() == MAX_LINKS) {
                        throw new CodecException("more than " + MAX_LINKS + " links");
                    }
                    links.add(link(in.bytes(Cid.MAX_BYTES + MAX_NAME + 32)));
                }
                default -> throw new CodecException("field " + in.field());
            }
        }
        return new DagPb(links, data);
    }

    private static Link link(byte[] encoded) {
        var in = new ProtobufReader(encoded);
        Cid cid = null;
        String name = "";
        long size = 0;
        while (in.next()) {
            switch (in.field()) {
                case 1 -> cid = Cid.ofBytes(in.bytes(Cid.MAX_BYTES));
                case 2 -> name = in.text(MAX_NAME);
                case 3 -> size = in.varint();
                default -> throw new CodecException("link with field " + in.field());
            }
        }
        if (cid == null) {
            throw new CodecException("link without a hash");
        }
        return new Link(cid, name, size);
    }
}
