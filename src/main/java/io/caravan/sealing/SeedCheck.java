package io.caravan.sealing;

import io.caravan.chain.PreCommittedSector;
import io.caravan.model.Sector;
import io.caravan.model.SectorEvent;
import io.caravan.model.SectorStage;
import java.util.Optional;

/** Whether the seed a sector was given is still the one that the chain will check its proof with. */
final class SeedCheck {

    private final SealingTools tools;

    SeedCheck(SealingTools tools) {
        this.tools = tools;
    }

    boolean isCurrent(Sector sector) {
        Optional<PreCommittedSector> there = tools.chain().preCommit(sector.miner(), sector.number());
        return there.isPresent()
                && SealEpochs.seed(tools.chain(), sector.miner(), there.get().preCommitEpoch()).equals(sector.seed());
    }

    /** Back to waiting for the seed. */
    Sector goBack(Sector sector) {
        return tools.sectors().advance(sector.withSeed(null).withProof(null).withProve(Sector.Sent.NOT)
                .withStage(SectorStage.COMPUTING).withMessage("the chain was reorganised, the seed is another one"),
                SectorEvent.SEED_CHANGED);
    }
}
