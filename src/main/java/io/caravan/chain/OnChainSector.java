package io.caravan.chain;

import io.caravan.codec.Cid;
import io.caravan.model.Epoch;
import io.caravan.model.SectorNumber;
import io.caravan.model.TokenAmount;

/** A proven sector (StateSectorGetInfo). */
public record OnChainSector(SectorNumber sector, long sealProof, Cid sealed, Epoch activation, Epoch expiration,
        TokenAmount initialPledge) {
}
