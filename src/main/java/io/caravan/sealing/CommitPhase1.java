package io.caravan.sealing;

import io.caravan.model.RetryableException;
import io.caravan.model.Sector;
import io.caravan.model.SectorEvent;
import io.caravan.model.SectorStage;
import io.caravan.model.Waiting;

/** Fourth step: the answers to the seed's challenges. */
public final class CommitPhase1 {

    private final SealingTools tools;
    private final Setbacks setbacks;
    private final SeedCheck seeds;

    public CommitPhase1(SealingTools tools) {
        this.tools = tools;
        this.setbacks = new Setbacks(tools);
        this.seeds = new SeedCheck(tools);
    }

    /** Answers and checks; calling it again does no harm. A sector that has to go back has no seed afterwards. */
    public Sector run(Sector sector) {
        if (!seeds.isCurrent(sector)) {
            return seeds.goBack(sector);
        }
        try {
            tools.engine().commit1(Known.inputs(sector));
            return sector.withProof(null).withStage(SectorStage.COMPUTING).withWaiting(Waiting.NOTHING);
        } catch (RedoException e) {
            return setbacks.redo(sector, e).withSeed(null);
        } catch (RetryableException e) {
            return setbacks.isFailed(e) && setbacks.isTooOften(sector, SectorEvent.COMMIT_1_FAILED)
                    ? setbacks.redo(sector, RedoException.ofFiles(String.valueOf(e.getMessage()))).withSeed(null)
                    : setbacks.again(sector, SectorEvent.COMMIT_1_FAILED, e);
        }
    }
}
