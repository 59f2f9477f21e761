package io.caravan.sealing;

import io.caravan.model.FatalException;
import io.caravan.model.PhaseException;
import io.caravan.model.Sector;
import io.caravan.model.SectorEvent;
import io.caravan.model.SectorFlow;
import io.caravan.model.SectorStage;
import io.caravan.model.SectorState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** One look at every sector whose turn has come, as the routes of all states would take it. */
final class SealingPass {

    private static final Duration LEASE = Duration.ofMinutes(1);
    private static final int MOST = 10;

    private final SealingTools tools;

    SealingPass(SealingTools tools) {
        this.tools = tools;
    }

    void run() {
        for (SectorState state : SectorState.values()) {
            step(state);
        }
    }

    private void step(SectorState state) {
        SectorStage stage = state == SectorState.PRE_COMMIT_PHASE_1 ? SectorStage.COMPUTING : null;
        for (int i = 0; i < MOST && state != SectorState.UNKNOWN; i++) {
            List<Sector> turn = tools.sectors().claim(state, stage, 1, LEASE); // one at a time, as the routes do
            if (turn.isEmpty()) {
                return;
            }
            Sector sector = turn.get(0);
            try {
                Sector after = worked(sector);
                Optional<SectorEvent> event = event(after, state);
                if (event.isPresent()) {
                    tools.sectors().advance(after, event.get());
                } else {
                    tools.sectors().postpone(after, Duration.ofSeconds(1));
                }
            } catch (FatalException e) {
                Sector now = tools.sectors().find(sector.number()).orElseThrow();
                tools.sectors().advance(now.withMessage(e.getMessage()), SectorFlow.SECTOR.failure(state).orElseThrow());
            } catch (PhaseException e) {
                tools.sectors().retry(tools.sectors().find(sector.number()).orElseThrow(), e);
            }
        }
    }

    private Sector worked(Sector sector) {
        return switch (sector.state()) {
            case PRE_COMMIT_PHASE_1 -> new PreCommitPhase1(tools).run(sector);
            case PRE_COMMIT_PHASE_2 -> new PreCommitPhase2(tools).run(sector);
            case WAIT_SEED -> new WaitSeed(tools).look(sector);
            case COMMIT_PHASE_1 -> new CommitPhase1(tools).run(sector);
            case COMMIT_PHASE_2 -> new CommitPhase2(tools).run(sector);
            case FINALIZE -> new Finalize(tools).run(sector);
            case PROVING -> new Proving(tools).look(sector);
            default -> throw new AssertionError(sector);
        };
    }

    /** What the routes look at, and what they fire then. */
    private static Optional<SectorEvent> event(Sector after, SectorState state) {
        return switch (state) {
            case PRE_COMMIT_PHASE_1 -> when(after.commD() != null, SectorEvent.PRE_COMMIT_1_DONE);
            case PRE_COMMIT_PHASE_2 -> when(after.preCommit().landed() != null, SectorEvent.PRE_COMMIT_LANDED);
            case WAIT_SEED -> when(after.seed() != null, SectorEvent.SEED_READY);
            case COMMIT_PHASE_1 -> when(after.seed() != null, SectorEvent.COMMIT_1_DONE);
            case COMMIT_PHASE_2 -> when(after.prove().landed() != null, SectorEvent.PROVE_LANDED);
            case FINALIZE -> when(after.waiting().what() == null, SectorEvent.FINALIZED);
            default -> Optional.empty();
        };
    }

    private static Optional<SectorEvent> when(boolean isTrue, SectorEvent event) {
        return isTrue ? Optional.of(event) : Optional.empty();
    }
}
