package io.caravan.chain;

import io.caravan.codec.Bytes;
import io.caravan.codec.CborReader;
import io.caravan.codec.CborWriter;

/** Miner method 4: {@code 81 [peer id bytes]}, the libp2p identity clients shall find (chain-and-rpc §4.1). */
public record ChangePeerIdParams(Bytes peerId) {

    private static final int MAX_PEER_ID = 128;

    public void writeTo(CborWriter out) {
        out.array(1).bytes(peerId);
    }

    public byte[] toCbor() {
        return Tuple.bytesOf(this::writeTo);
    }

    public static ChangePeerIdParams readFrom(CborReader in) {
        in.tuple(1);
        return new ChangePeerIdParams(Bytes.wrap(in.bytes(MAX_PEER_ID)));
    }

    /** @throws io.caravan.codec.CodecException if the bytes are not exactly these parameters */
    public static ChangePeerIdParams ofCbor(byte[] cbor) {
        return Tuple.read(cbor, ChangePeerIdParams::readFrom);
    }
}
