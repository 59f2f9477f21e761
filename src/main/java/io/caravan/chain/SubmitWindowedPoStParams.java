package io.caravan.chain;

import io.caravan.codec.Bytes;
import io.caravan.codec.CborReader;
import io.caravan.codec.CborWriter;
import java.util.List;

/**
 * Miner method 5: {@code 85 [deadline, [82 [partition, skipped bitfield]…], [82 [proof type, proof]…], chain commit epoch,
 * chain commit randomness]}; the return is empty (sealing §3.5).
 */
public record SubmitWindowedPoStParams(long deadline, List<Partition> partitions, List<Proof> proofs,
        long chainCommitEpoch, Bytes chainCommitRandomness) {

    private static final int MAX_PROOF = 1 << 20;
    private static final int RANDOMNESS = 32;

    /** One partition, and those of its sectors that this proof leaves out: they become faulty. */
    public record Partition(long index, BitField skipped) {
    }

    /** Proof bytes of a registered window PoSt type. */
    public record Proof(long type, Bytes bytes) {
    }

    public SubmitWindowedPoStParams {
        partitions = List.copyOf(partitions);
        proofs = List.copyOf(proofs);
    }

    public void writeTo(CborWriter out) {
        out.array(5).uint(deadline);
        Tuple.list(out, partitions, one -> {
            out.array(2).uint(one.index());
            one.skipped().writeTo(out);
        });
        Tuple.list(out, proofs, one -> out.array(2).integer(one.type()).bytes(one.bytes()));
        out.integer(chainCommitEpoch).bytes(chainCommitRandomness);
    }

    public byte[] toCbor() {
        return Tuple.bytesOf(this::writeTo);
    }

    public static SubmitWindowedPoStParams readFrom(CborReader in) {
        in.tuple(5);
        return new SubmitWindowedPoStParams(in.uint(), Tuple.list(in, one -> {
            one.tuple(2);
            return new Partition(one.uint(), BitField.readFrom(one));
        }), Tuple.list(in, one -> {
            one.tuple(2);
            return new Proof(one.integer(), Bytes.wrap(one.bytes(MAX_PROOF)));
        }), in.integer(), Bytes.wrap(in.bytes(RANDOMNESS)));
    }

    /** @throws io.caravan.codec.CodecException if the bytes are not exactly these parameters */
    public static SubmitWindowedPoStParams ofCbor(byte[] cbor) {
        return Tuple.read(cbor, SubmitWindowedPoStParams::readFrom);
    }
}
