package io.caravan.chain;

import io.caravan.codec.CborReader;
import io.caravan.codec.CborWriter;
import java.util.List;

/** What a batch method answered: {@code 82 [successCount, [82 [index, exitCode]…]]} (chain-and-rpc §4.2). */
public record BatchReturn(long successCount, List<Failure> failures) {

    /** One element that failed: its place in the batch and why. */
    public record Failure(long index, long exitCode) {
    }

    public BatchReturn {
        failures = List.copyOf(failures);
    }

    public void writeTo(CborWriter out) {
        out.array(2).uint(successCount);
        Tuple.list(out, failures, failure -> out.array(2).uint(failure.index()).integer(failure.exitCode()));
    }

    public byte[] toCbor() {
        return Tuple.bytesOf(this::writeTo);
    }

    public static BatchReturn readFrom(CborReader in) {
        in.tuple(2);
        return new BatchReturn(in.uint(), Tuple.list(in, item -> {
            item.tuple(2);
            return new Failure(item.uint(), item.integer());
        }));
    }

    /** @throws io.caravan.codec.CodecException if the bytes are not exactly one batch return */
    public static BatchReturn ofCbor(byte[] cbor) {
        return Tuple.read(cbor, BatchReturn::readFrom);
    }
}
