package io.caravan.chain;

import io.caravan.codec.CborReader;
import io.caravan.codec.CborWriter;
import java.util.List;

/**
 * Miner method 9: {@code 81 [[83 [deadline, partition, sectors bitfield]…]]}; the return is {@code 81 [done]}
 * (chain-and-rpc §4.3).
 */
public record TerminateSectorsParams(List<Termination> terminations) {

    /** Sectors of one partition. */
    public record Termination(long deadline, long partition, BitField sectors) {
    }

    public TerminateSectorsParams {
        terminations = List.copyOf(terminations);
    }

    public void writeTo(CborWriter out) {
        out.array(1);
        Tuple.list(out, terminations, one -> {
            out.array(3).uint(one.deadline()).uint(one.partition());
            one.sectors().writeTo(out);
        });
    }

    public byte[] toCbor() {
        return Tuple.bytesOf(this::writeTo);
    }

    public static TerminateSectorsParams readFrom(CborReader in) {
        in.tuple(1);
        return new TerminateSectorsParams(Tuple.list(in, one -> {
            one.tuple(3);
            return new Termination(one.uint(), one.uint(), BitField.readFrom(one));
        }));
    }

    /** @throws io.caravan.codec.CodecException if the bytes are not exactly these parameters */
    public static TerminateSectorsParams ofCbor(byte[] cbor) {
        return Tuple.read(cbor, TerminateSectorsParams::readFrom);
    }
}
