package io.caravan.chain;

import io.caravan.codec.CborReader;
import io.caravan.codec.CborWriter;
import io.caravan.model.TokenAmount;

/** A bare amount, attoFIL: what WithdrawBalance answers. */
public record AmountReturn(TokenAmount amount) {

    public void writeTo(CborWriter out) {
        out.bigInt(amount.atto());
    }

    public byte[] toCbor() {
        return Tuple.bytesOf(this::writeTo);
    }

    public static AmountReturn readFrom(CborReader in) {
        return new AmountReturn(TokenAmount.readFrom(in));
    }

    /** @throws io.caravan.codec.CodecException if the bytes are not exactly one amount */
    public static AmountReturn ofCbor(byte[] cbor) {
        return Tuple.read(cbor, AmountReturn::readFrom);
    }
}
