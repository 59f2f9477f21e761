package io.caravan.chain;

import io.caravan.codec.CborReader;
import io.caravan.codec.CborWriter;
import io.caravan.model.FilAddress;

/** Market method 2: the bare address whose escrow gets the message's value (chain-and-rpc §4.2). */
public record AddBalanceParams(FilAddress address) {

    public void writeTo(CborWriter out) {
        address.writeTo(out);
    }

    public byte[] toCbor() {
        return Tuple.bytesOf(this::writeTo);
    }

    public static AddBalanceParams readFrom(CborReader in) {
        return new AddBalanceParams(FilAddress.readFrom(in));
    }

    /** @throws io.caravan.codec.CodecException if the bytes are not exactly one address */
    public static AddBalanceParams ofCbor(byte[] cbor) {
        return Tuple.read(cbor, AddBalanceParams::readFrom);
    }
}
