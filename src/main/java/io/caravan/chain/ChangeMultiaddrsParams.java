package io.caravan.chain;

import io.caravan.codec.Bytes;
import io.caravan.codec.CborReader;
import io.caravan.codec.CborWriter;
import java.util.List;

/** Miner method 18: {@code 81 [[binary multiaddr…]]}, where the miner's libp2p host is (chain-and-rpc §4.1). */
public record ChangeMultiaddrsParams(List<Bytes> multiaddrs) {

    private static final int MAX_MULTIADDR = 1024;

    public ChangeMultiaddrsParams {
        multiaddrs = List.copyOf(multiaddrs);
    }

    public void writeTo(CborWriter out) {
        out.array(1);
        Tuple.list(out, multiaddrs, out::bytes);
    }

    public byte[] toCbor() {
        return Tuple.bytesOf(this::writeTo);
    }

    public static ChangeMultiaddrsParams readFrom(CborReader in) {
        in.tuple(1);
        return new ChangeMultiaddrsParams(Tuple.list(in, one -> Bytes.wrap(one.bytes(MAX_MULTIADDR))));
    }

    /** @throws io.caravan.codec.CodecException if the bytes are not exactly these parameters */
    public static ChangeMultiaddrsParams ofCbor(byte[] cbor) {
        return Tuple.read(cbor, ChangeMultiaddrsParams::readFrom);
    }
}
