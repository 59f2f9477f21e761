package io.caravan.chain;

import io.caravan.codec.Bytes;
import io.caravan.codec.CborReader;
import io.caravan.codec.CborWriter;
import io.caravan.model.FilAddress;
import java.util.List;

/** Power method 2: {@code 85 [owner, worker, window proof type, peer id, [multiaddr…]]} (chain-and-rpc §4.1). */
public record CreateMinerParams(FilAddress owner, FilAddress worker, long windowPostProof, Bytes peerId,
        List<Bytes> multiaddrs) {

    private static final int MAX_IDENTITY = 1024;

    public CreateMinerParams {
        multiaddrs = List.copyOf(multiaddrs);
    }

    public void writeTo(CborWriter out) {
        out.array(5);
        owner.writeTo(out);
        worker.writeTo(out);
        out.integer(windowPostProof).bytes(peerId);
        Tuple.list(out, multiaddrs, out::bytes);
    }

    public byte[] toCbor() {
        return Tuple.bytesOf(this::writeTo);
    }

    public static CreateMinerParams readFrom(CborReader in) {
        in.tuple(5);
        return new CreateMinerParams(FilAddress.readFrom(in), FilAddress.readFrom(in), in.integer(),
                Bytes.wrap(in.bytes(MAX_IDENTITY)), Tuple.list(in, one -> Bytes.wrap(one.bytes(MAX_IDENTITY))));
    }

    /** @throws io.caravan.codec.CodecException if the bytes are not exactly these parameters */
    public static CreateMinerParams ofCbor(byte[] cbor) {
        return Tuple.read(cbor, CreateMinerParams::readFrom);
    }
}
