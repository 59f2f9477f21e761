package io.caravan.sealing;

import io.caravan.model.SectorStage;
import io.caravan.model.SectorState;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Where a sector of a Lotus miner stands in our words (spec sealing 5.4). Lotus has one state for both halves of
 * committing, and finalizes some sectors before they are on chain: these are CommitPhase1 and CommitPhase2 here. A state
 * that is not listed asks for a person: nothing follows from it.
 */
record LotusStep(SectorState state, SectorStage stage) {

    private static final String REMOVED = "Removed";
    private static final String ADDING = "AddPiece";
    private static final Map<String, LotusStep> KNOWN = new HashMap<>();

    static {
        all(SectorState.PRE_COMMIT_PHASE_1, SectorStage.STAGING, "Empty WaitDeals AddPiece AddPieceFailed Packing "
                + "PackingFailed SnapDealsWaitDeals SnapDealsAddPiece SnapDealsAddPieceFailed SnapDealsPacking");
        all(SectorState.PRE_COMMIT_PHASE_1, SectorStage.COMPUTING, "GetTicket PreCommit1 SealPreCommit1Failed");
        all(SectorState.PRE_COMMIT_PHASE_2, SectorStage.COMPUTING, "PreCommit2 SealPreCommit2Failed UpdateReplica "
                + "ReplicaUpdateFailed");
        all(SectorState.PRE_COMMIT_PHASE_2, SectorStage.SUBMITTING, "PreCommitting SubmitPreCommitBatch PreCommitFailed");
        all(SectorState.PRE_COMMIT_PHASE_2, SectorStage.LANDING, "PreCommitWait PreCommitBatchWait");
        all(SectorState.WAIT_SEED, SectorStage.COMPUTING, "WaitSeed");
        all(SectorState.COMMIT_PHASE_1, SectorStage.COMPUTING, "Committing ProveReplicaUpdate");
        all(SectorState.COMMIT_PHASE_2, SectorStage.COMPUTING, "ComputeProofFailed RemoteCommitFailed CommitFinalize "
                + "CommitFinalizeFailed FinalizeReplicaUpdate FinalizeReplicaUpdateFailed");
        all(SectorState.COMMIT_PHASE_2, SectorStage.SUBMITTING, "SubmitCommit SubmitCommitAggregate CommitFailed "
                + "SubmitReplicaUpdate WaitMutable");
        all(SectorState.COMMIT_PHASE_2, SectorStage.LANDING, "CommitWait CommitAggregateWait ReplicaUpdateWait "
                + "UpdateActivating");
        all(SectorState.FINALIZE, SectorStage.COMPUTING, "FinalizeSector FinalizeFailed ReleaseSectorKey "
                + "ReleaseSectorKeyFailed");
        all(SectorState.PROVING, SectorStage.COMPUTING, "Proving Available");
        all(SectorState.PROVING, SectorStage.FAULTY, "Faulty FaultReported FaultedFinal");
    }

    private static void all(SectorState state, SectorStage stage, String names) {
        for (String name : names.split(" ")) {
            KNOWN.put(name, new LotusStep(state, stage));
        }
    }

    /** Empty for a state from which nothing follows here. */
    static Optional<LotusStep> of(String lotusState) {
        return Optional.ofNullable(KNOWN.get(lotusState));
    }

    /** Whether the sector, and all that was in it, is no more. */
    static boolean isRemoved(String lotusState) {
        return lotusState.equals(REMOVED);
    }

    /** Whether the sector may have pieces that it does not tell of yet. */
    static boolean isAdding(String lotusState) {
        return lotusState.endsWith(ADDING) || lotusState.isEmpty() || lotusState.equals("UndefinedSectorState");
    }
}
