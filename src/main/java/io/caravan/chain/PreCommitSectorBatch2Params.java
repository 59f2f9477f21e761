package io.caravan.chain;

import io.caravan.codec.CborReader;
import io.caravan.codec.CborWriter;
import java.util.List;

/** Miner method 28: {@code 81 [[SectorPreCommitInfo…]]}; the return is empty (chain-and-rpc §4.3). */
public record PreCommitSectorBatch2Params(List<SectorPreCommitInfo> sectors) {

    public PreCommitSectorBatch2Params {
        sectors = List.copyOf(sectors);
    }

    public void writeTo(CborWriter out) {
        out.array(1);
        Tuple.list(out, sectors, sector -> sector.writeTo(out));
    }

    public byte[] toCbor() {
        return Tuple.bytesOf(this::writeTo);
    }

    public static PreCommitSectorBatch2Params readFrom(CborReader in) {
        in.tuple(1);
        return new PreCommitSectorBatch2Params(Tuple.list(in, SectorPreCommitInfo::readFrom));
    }

    /** @throws io.caravan.codec.CodecException if the bytes are not exactly these parameters */
    public static PreCommitSectorBatch2Params ofCbor(byte[] cbor) {
        return Tuple.read(cbor, PreCommitSectorBatch2Params::readFrom);
    }
}
