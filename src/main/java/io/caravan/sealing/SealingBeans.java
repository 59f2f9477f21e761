package io.caravan.sealing;

import io.caravan.model.FilAddress;
import java.util.Map;

/** The steps of sealing under the names by which routes call them. */
public final class SealingBeans {

    private SealingBeans() {}

    /** @param miner the ID address of the miner whose sectors these are */
    public static Map<String, Object> of(FilAddress miner, SealingTools tools) {
        return Map.of(
                "sectorPacker", new SectorPacker(miner, tools),
                "pieceWriter", new PieceWriter(tools),
                "preCommitPhase1", new PreCommitPhase1(tools),
                "preCommitPhase2", new PreCommitPhase2(tools),
                "waitSeed", new WaitSeed(tools),
                "commitPhase1", new CommitPhase1(tools),
                "commitPhase2", new CommitPhase2(tools),
                "finalize", new Finalize(tools),
                "proving", new Proving(tools));
    }
}
