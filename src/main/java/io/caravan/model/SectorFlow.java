package io.caravan.model;

import static io.caravan.model.SectorEvent.*;
import static io.caravan.model.SectorState.*;

import io.caravan.model.Flow.Builder;
import java.util.Set;

/**
 * The life of a sector, declared once (spec sealing 5.1, 5.2, 5.4). A sector is born as Unknown and opened in the same
 * transaction; a sector that ended (expired, terminated, given up) is Unknown again and says why in its last event.
 */
public final class SectorFlow {

    /** The table. */
    public static final Flow<SectorState, SectorEvent> SECTOR = sector();

    private SectorFlow() {}

    private static Flow<SectorState, SectorEvent> sector() {
        return new Builder<SectorState, SectorEvent>("sector", Set.of())
                .in(UNKNOWN).failsBy(FAILED)
                .on(OPEN, PRE_COMMIT_PHASE_1)
                .record(FAILED)

                .in(PRE_COMMIT_PHASE_1).failsBy(FAILED)
                .record(PIECE_ADDED)
                .rerun(PACKED)
                .record(TICKET_TAKEN)
                .rerun(TICKET_EXPIRED)
                .on(PRE_COMMIT_1_DONE, PRE_COMMIT_PHASE_2)
                .rerun(PRE_COMMIT_1_FAILED)
                .on(DEALS_EXPIRED, UNKNOWN)
                .on(FAILED, UNKNOWN)

                .in(PRE_COMMIT_PHASE_2).failsBy(FAILED)
                .record(PRE_COMMIT_2_DONE)
                .rerun(PRE_COMMIT_2_FAILED)
                .on(REDO_PRE_COMMIT_1, PRE_COMMIT_PHASE_1)
                .on(TICKET_EXPIRED, PRE_COMMIT_PHASE_1)
                .record(PRE_COMMIT_SENT)
                .rerun(PRE_COMMIT_FAILED)
                .on(PRE_COMMIT_LANDED, WAIT_SEED)
                .on(DEALS_EXPIRED, UNKNOWN)
                .on(FAILED, UNKNOWN)

                .in(WAIT_SEED).failsBy(FAILED)
                .on(SEED_READY, COMMIT_PHASE_1)
                .on(PRE_COMMIT_FAILED, PRE_COMMIT_PHASE_2) // a reorg took the pre-commit away
                .on(DEALS_EXPIRED, UNKNOWN)
                .on(FAILED, UNKNOWN)

                .in(COMMIT_PHASE_1).failsBy(FAILED)
                .on(COMMIT_1_DONE, COMMIT_PHASE_2)
                .rerun(COMMIT_1_FAILED)
                .on(SEED_CHANGED, WAIT_SEED)
                .on(REDO_PRE_COMMIT_1, PRE_COMMIT_PHASE_1)
                .on(DEALS_EXPIRED, UNKNOWN)
                .on(FAILED, UNKNOWN)

                .in(COMMIT_PHASE_2).failsBy(FAILED)
                .record(COMMIT_2_DONE)
                .on(COMMIT_2_FAILED, COMMIT_PHASE_1)
                .on(SEED_CHANGED, WAIT_SEED)
                .on(REDO_PRE_COMMIT_1, PRE_COMMIT_PHASE_1)
                .record(PROVE_SENT)
                .rerun(PROVE_FAILED)
                .on(PROVE_LANDED, FINALIZE)
                .on(DEALS_EXPIRED, UNKNOWN)
                .on(FAILED, UNKNOWN)

                .in(FINALIZE).failsBy(FINALIZE_FAILED) // proven on chain: finishing it is tried until it works
                .on(FINALIZED, PROVING)
                .rerun(FINALIZE_FAILED)

                .in(PROVING).failsBy(FAILED)
                .record(FAULTED)
                .record(RECOVERED)
                .on(REVERTED, COMMIT_PHASE_2) // a reorganisation took the proof away
                .on(EXPIRED, UNKNOWN)
                .on(TERMINATED, UNKNOWN)
                .on(FAILED, UNKNOWN)

                .rerunAnywhere(RESTART)
                .build();
    }
}
