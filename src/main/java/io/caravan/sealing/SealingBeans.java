package io.caravan.sealing;

import io.caravan.model.FilAddress;
import java.util.Map;

/** The steps of sealing under the names by which routes call them. */
public final class SealingBeans {

    private SealingBeans() {}

    /**
     * @param miner the ID address of the miner whose sectors these are
     * @param prover proves what is sealed already
     */
    public static Map<String, Object> of(FilAddress miner, SealingTools tools, WindowProver prover) {
        return Map.ofEntries(
                Map.entry("sectorPacker", new SectorPacker(miner, tools)),
                Map.entry("pieceWriter", new PieceWriter(tools)),
                Map.entry("sectorWarden", new SectorWarden(tools)),
                Map.entry("provenWatch", new ProvenWatch(miner, tools)),
                Map.entry("windowPost", new WindowPost(miner, tools, prover)),
                Map.entry("preCommitPhase1", new PreCommitPhase1(tools)),
                Map.entry("preCommitPhase2", new PreCommitPhase2(tools)),
                Map.entry("waitSeed", new WaitSeed(tools)),
                Map.entry("commitPhase1", new CommitPhase1(tools)),
                Map.entry("commitPhase2", new CommitPhase2(tools)),
                Map.entry("finalize", new Finalize(tools)),
                Map.entry("proving", new Proving(tools)));
    }
}
