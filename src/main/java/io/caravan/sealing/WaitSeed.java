package io.caravan.sealing;

import io.caravan.chain.PreCommittedSector;
import io.caravan.model.Epoch;
import io.caravan.model.Sector;
import io.caravan.model.Sector.Sent;
import io.caravan.model.SectorEvent;
import io.caravan.model.SectorStage;
import io.caravan.model.Waiting;
import io.caravan.model.WaitsOn;
import java.time.Instant;
import java.util.Optional;

/** Third step: randomness that nobody could know when the sector was promised. Only waits. */
public final class WaitSeed {

    private final SealingTools tools;

    public WaitSeed(SealingTools tools) {
        this.tools = tools;
    }

    /** Draws the seed once its epoch is deep enough; until then the sector has none. Calling it again does no harm. */
    public Sector look(Sector sector) {
        Optional<PreCommittedSector> there = tools.chain().preCommit(sector.miner(), sector.number());
        if (there.isEmpty()) {
            return lost(sector);
        }
        Instant now = tools.clock().instant();
        Epoch committed = there.get().preCommitEpoch();
        Epoch drawn = SealEpochs.seedEpoch(tools.chain(), committed);
        Epoch deep = drawn.plus(tools.config().seedConfidence());
        Epoch head = tools.chain().head().epoch();
        if (head.isBefore(deep)) {
            return sector.waitingFor(WaitsOn.TIME, "the seed of epoch " + drawn + ", to be drawn at epoch " + deep + " (head "
                    + head + ")", now);
        }
        Sent sent = sector.preCommit();
        return sector.withPreCommit(new Sent(sent.intent(), sent.cid(), committed))
                .withSeed(SealEpochs.seed(tools.chain(), sector.miner(), committed))
                .withStage(SectorStage.COMPUTING).withWaiting(Waiting.NOTHING);
    }

    /** A reorganisation took the pre-commit away: it lands again, or another one has to be sent. */
    private Sector lost(Sector sector) {
        Sent sent = sector.preCommit();
        if (sent.intent() != null) {
            tools.messages().unlanded(sent.intent());
        }
        return tools.sectors().advance(sector.withSeed(null).withPreCommit(new Sent(sent.intent(), sent.cid(), null))
                .withStage(sent.cid() == null ? SectorStage.SUBMITTING : SectorStage.LANDING)
                .withMessage("the pre-commit left the chain"), SectorEvent.PRE_COMMIT_FAILED);
    }
}
