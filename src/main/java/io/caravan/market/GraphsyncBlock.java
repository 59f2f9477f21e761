package io.caravan.market;

import io.caravan.codec.Bytes;
import io.caravan.codec.CborReader;
import io.caravan.codec.CborWriter;
import io.caravan.codec.Cid;
import io.caravan.codec.CodecException;
import io.caravan.codec.Hashes;
import io.caravan.codec.Multihash;
import io.caravan.codec.Varint;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/**
 * A block in a graphsync message: {@code [prefix, data]}, the prefix being the CID without its digest
 * ({@code version ‖ codec ‖ hash code ‖ digest length}), so that the receiver has to hash (wire-protocols §9.1).
 *
 * @param data not copied; must not be changed
 */
record GraphsyncBlock(Bytes prefix, byte[] data) {

    private static final int MAX_PREFIX = 4 * Varint.MAX_BYTES;
    private static final int MAX_DATA = 2 << 20;

    static GraphsyncBlock of(Cid cid, byte[] data) {
        ByteArrayOutputStream prefix = new ByteArrayOutputStream(8);
        prefix.writeBytes(Varint.encode(cid.version()));
        prefix.writeBytes(Varint.encode(cid.codec()));
        prefix.writeBytes(Varint.encode(cid.hash().code()));
        prefix.writeBytes(Varint.encode(cid.hash().digest().size()));
        return new GraphsyncBlock(Bytes.wrap(prefix.toByteArray()), data);
    }

    /**
     * The CID that the data has, by hashing it.
     *
     * @throws CodecException if the prefix names a hash that we do not compute, or makes no CID
     */
    Cid cid() {
        ByteBuffer in = prefix.asBuffer();
        long version = Varint.read(in);
        long codec = Varint.read(in);
        long code = Varint.read(in);
        long length = Varint.read(in);
        if (in.hasRemaining() || version > 1) {
            throw new CodecException("a block prefix that is none: " + prefix);
        }
        byte[] digest;
        if (code == Multihash.SHA2_256 && length == 32) {
            digest = Hashes.sha256(data);
        } else if (code == Multihash.BLAKE2B_256 && length == 32) {
            digest = Hashes.blake2b256(data);
        } else if (code == Multihash.IDENTITY && length == data.length) {
            digest = data;
        } else {
            throw new CodecException("a block by a hash that is not known here: " + prefix);
        }
        return new Cid((int) version, codec, new Multihash(code, Bytes.wrap(digest)));
    }

    void writeTo(CborWriter out) {
        out.array(2).bytes(prefix).bytes(data);
    }

    static GraphsyncBlock readFrom(CborReader in) {
        in.tuple(2);
        return new GraphsyncBlock(Bytes.wrap(in.bytes(MAX_PREFIX)), in.bytes(MAX_DATA));
    }
}
