package io.caravan.chain;

import io.caravan.codec.CborReader;
import io.caravan.codec.CborWriter;
import io.caravan.model.TokenAmount;
import java.util.List;

/**
 * What SettleDealPayments answered: {@code 82 [BatchReturn, [82 [payment, completed]…]]}, one settlement for each deal
 * of the batch that succeeded, in order. Its parameters are a bare {@link BitField} of deal ids (chain-and-rpc §4.2).
 */
public record SettleDealPaymentsReturn(BatchReturn results, List<Settlement> settlements) {

    /** What moved from client to provider, attoFIL, and whether the deal is done and gone. */
    public record Settlement(TokenAmount payment, boolean isCompleted) {
    }

    public SettleDealPaymentsReturn {
        settlements = List.copyOf(settlements);
    }

    public void writeTo(CborWriter out) {
        out.array(2);
        results.writeTo(out);
        Tuple.list(out, settlements, one -> out.array(2).bigInt(one.payment().atto()).bool(one.isCompleted()));
    }

    public byte[] toCbor() {
        return Tuple.bytesOf(this::writeTo);
    }

    public static SettleDealPaymentsReturn readFrom(CborReader in) {
        in.tuple(2);
        return new SettleDealPaymentsReturn(BatchReturn.readFrom(in), Tuple.list(in, item -> {
            item.tuple(2);
            return new Settlement(TokenAmount.readFrom(item), item.bool());
        }));
    }

    /** @throws io.caravan.codec.CodecException if the bytes are not exactly one such return */
    public static SettleDealPaymentsReturn ofCbor(byte[] cbor) {
        return Tuple.read(cbor, SettleDealPaymentsReturn::readFrom);
    }
}
