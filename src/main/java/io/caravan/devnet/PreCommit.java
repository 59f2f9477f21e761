package io.caravan.devnet;

import io.caravan.chain.SectorPreCommitInfo;
import io.caravan.codec.CborReader;
import io.caravan.codec.CborWriter;
import io.caravan.model.TokenAmount;

/** A sector that waits for its proof: what was declared, the deposit in attoFIL, the epoch it was declared in. */
record PreCommit(SectorPreCommitInfo info, TokenAmount deposit, long epoch) {

    PreCommit withExpiration(long expiration) {
        return new PreCommit(new SectorPreCommitInfo(info.sealProof(), info.sector(), info.sealed(), info.sealRandEpoch(),
                info.dealIds(), expiration, info.unsealed()), deposit, epoch);
    }

    void writeTo(CborWriter out) {
        out.array(3);
        info.writeTo(out);
        deposit.writeTo(out);
        out.integer(epoch);
    }

    static PreCommit readFrom(CborReader in) {
        in.tuple(3);
        return new PreCommit(SectorPreCommitInfo.readFrom(in), TokenAmount.readFrom(in), in.integer());
    }
}
