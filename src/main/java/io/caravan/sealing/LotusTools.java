package io.caravan.sealing;

import io.caravan.chain.Chain;
import io.caravan.chain.LotusMiner;
import io.caravan.codec.CodecException;
import io.caravan.model.FilAddress;
import io.caravan.model.RetryableException;
import io.caravan.model.WaitsOn;
import io.caravan.store.AdoptedSectors;
import io.caravan.store.DealStore;
import io.caravan.store.LotusPieceStore;
import io.caravan.store.SectorStore;
import java.time.Clock;
import java.util.function.Supplier;

/**
 * What following a Lotus miner works with.
 *
 * @param owner the ID address of the miner actor whose sectors these are
 */
public record LotusTools(FilAddress owner, LotusMiner miner, Chain chain, SectorStore sectors, AdoptedSectors adopted,
        LotusPieceStore pieces, DealStore deals, Supplier<SealingConfig> sealing, Supplier<LotusConfig> asking, Clock clock) {

    /** As it is now; to be asked for at each use. */
    SealingConfig config() {
        return sealing.get();
    }

    /** As it is now; to be asked for at each use. */
    LotusConfig lotus() {
        return asking.get();
    }

    /** @throws RetryableException the miner is away, or is somebody else's */
    void requireOurs() {
        FilAddress told;
        try {
            told = miner.actor();
        } catch (CodecException e) {
            throw new RetryableException(WaitsOn.OPERATOR, "what answers at sealing.lotus.url is no Lotus miner: " + e.getMessage(), e);
        }
        FilAddress id = told.isId() ? told : chain.lookupId(told).orElse(told);
        if (!id.equals(owner)) {
            throw new RetryableException(WaitsOn.OPERATOR, "the Lotus miner at sealing.lotus.url seals for " + id
                    + ", this node is " + owner, null);
        }
    }
}
