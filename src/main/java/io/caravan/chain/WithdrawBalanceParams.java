package io.caravan.chain;

import io.caravan.codec.CborReader;
import io.caravan.codec.CborWriter;
import io.caravan.model.FilAddress;
import io.caravan.model.TokenAmount;

/**
 * Market method 3: {@code 82 [address, attoFIL]}; the return is {@link AmountReturn}, what was really paid out
 * (chain-and-rpc §4.2).
 */
public record WithdrawBalanceParams(FilAddress address, TokenAmount amount) {

    public void writeTo(CborWriter out) {
        out.array(2);
        address.writeTo(out);
        out.bigInt(amount.atto());
    }

    public byte[] toCbor() {
        return Tuple.bytesOf(this::writeTo);
    }

    public static WithdrawBalanceParams readFrom(CborReader in) {
        in.tuple(2);
        return new WithdrawBalanceParams(FilAddress.readFrom(in), TokenAmount.readFrom(in));
    }

    /** @throws io.caravan.codec.CodecException if the bytes are not exactly these parameters */
    public static WithdrawBalanceParams ofCbor(byte[] cbor) {
        return Tuple.read(cbor, WithdrawBalanceParams::readFrom);
    }
}
