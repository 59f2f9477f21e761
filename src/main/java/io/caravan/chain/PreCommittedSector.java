package io.caravan.chain;

import io.caravan.codec.Cid;
import io.caravan.model.Epoch;
import io.caravan.model.SectorNumber;
import io.caravan.model.TokenAmount;
import org.jspecify.annotations.Nullable;

/** A sector whose pre-commit is on chain (StateSectorPreCommitInfo); {@code unsealed} is null for a sector of zeros. */
public record PreCommittedSector(SectorNumber sector, long sealProof, Cid sealed, @Nullable Cid unsealed,
        Epoch sealRandEpoch,
        Epoch expiration, TokenAmount deposit, Epoch preCommitEpoch) {
}
