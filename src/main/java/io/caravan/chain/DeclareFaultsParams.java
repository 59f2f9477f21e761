package io.caravan.chain;

import io.caravan.codec.CborReader;
import io.caravan.codec.CborWriter;
import java.util.List;

/**
 * Miner methods 10 (faults) and 11 (recoveries): {@code 81 [[83 [deadline, partition, sectors bitfield]…]]}; the return is
 * empty.
 */
public record DeclareFaultsParams(List<Declaration> declarations) {

    /** Sectors of one partition. */
    public record Declaration(long deadline, long partition, BitField sectors) {
    }

    public DeclareFaultsParams {
        declarations = List.copyOf(declarations);
    }

    public void writeTo(CborWriter out) {
        out.array(1);
        Tuple.list(out, declarations, one -> {
            out.array(3).uint(one.deadline()).uint(one.partition());
            one.sectors().writeTo(out);
        });
    }

    public byte[] toCbor() {
        return Tuple.bytesOf(this::writeTo);
    }

    public static DeclareFaultsParams readFrom(CborReader in) {
        in.tuple(1);
        return new DeclareFaultsParams(Tuple.list(in, one -> {
            one.tuple(3);
            return new Declaration(one.uint(), one.uint(), BitField.readFrom(one));
        }));
    }

    /** @throws io.caravan.codec.CodecException if the bytes are not exactly these parameters */
    public static DeclareFaultsParams ofCbor(byte[] cbor) {
        return Tuple.read(cbor, DeclareFaultsParams::readFrom);
    }
}
