package io.caravan.piece;

import io.caravan.codec.Cid;
import io.caravan.codec.CodecException;
import io.caravan.codec.DagCbor;
import java.util.List;

/** The links of a block in the order of its data model: what "explore all, recursively" follows (wire-protocols §10). */
public final class Links {
    private Links() {
    }

    /**
     * Links of a raw (none), dag-pb or dag-cbor block, repeated ones repeated.
     *
     * @throws MalformedBlockException when the bytes are not of the CID's codec, or the codec is another
     */
    public static List<Cid> of(Cid cid, byte[] block) {
        if (cid.codec() == Cid.RAW) {
            return List.of();
        }
        if (cid.codec() == Cid.DAG_PB) {
            return DagPb.decode(block).links().stream().map(DagPb.Link::cid).toList();
        }
        if (cid.codec() == Cid.DAG_CBOR) {
            try {
                return DagCbor.links(block);
            } catch (CodecException e) {
                throw new MalformedBlockException("Block " + cid + " is not dag-cbor: " + e.getMessage(), e);
            }
        }
        throw new MalformedBlockException("Block " + cid + " uses codec 0x" + Long.toHexString(cid.codec())
                + "; raw, dag-pb and dag-cbor are known");
    }
}
