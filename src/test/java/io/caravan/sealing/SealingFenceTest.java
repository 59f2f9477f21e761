package io.caravan.sealing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.chain.Methods;
import io.caravan.model.Sector;
import io.caravan.model.SectorEvent;
import io.caravan.model.SectorStage;
import io.caravan.model.SectorState;
import io.caravan.store.LeaseLostException;
import io.caravan.support.TestPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A node that was away for longer than its lease comes back in the middle of a step: it changes nothing any more. */
class SealingFenceTest {

    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    @TempDir
    private Path home;

    private SealingWorld world;

    @BeforeEach
    void open() {
        world = new SealingWorld(POSTGRES, home);
        world.hand(1000);
    }

    /** The sector as its step read it, before another node took it up. */
    private Sector lost() {
        Sector held = world.sectors.claim(SectorState.PRE_COMMIT_PHASE_2, null, 1, Duration.ofMinutes(1)).get(0);
        world.clock.forward(Duration.ofMinutes(2));
        assertThat(world.sectors.claim(SectorState.PRE_COMMIT_PHASE_2, null, 1, Duration.ofMinutes(1))).hasSize(1);
        return held;
    }

    @Test
    void itDeletesNoFilesOfASectorOnWhichAnotherIsAtWork() {
        SealingTools tools = world.tools();
        new SectorPacker(SealingWorld.MINER, tools).pack();
        new PieceWriter(tools).write();
        new SectorPacker(SealingWorld.MINER, tools).pack();
        Sector first = world.sectors.claim(SectorState.PRE_COMMIT_PHASE_1, SectorStage.COMPUTING, 1, Duration.ofMinutes(1)).get(0);
        world.sectors.advance(new PreCommitPhase1(tools).run(first), SectorEvent.PRE_COMMIT_1_DONE);
        Sector held = lost();
        Path data = world.files.unsealed(SectorRef.of(held));
        assertThatThrownBy(() -> new Setbacks(tools).giveUp(held, "its replica is damaged")).isInstanceOf(LeaseLostException.class);
        assertThat(Files.exists(data)).isTrue();
        assertThat(world.sectors.piecesOf(held.number())).hasSize(1);
    }

    @Test
    void itSendsNoMessage() {
        SealingTools tools = world.tools();
        while (world.sectors.list(Set.of(SectorState.PRE_COMMIT_PHASE_2), null, 1).isEmpty()) {
            new SectorPacker(SealingWorld.MINER, tools).pack();
            new PieceWriter(tools).write();
            world.sectors.claim(SectorState.PRE_COMMIT_PHASE_1, SectorStage.COMPUTING, 1, Duration.ofMinutes(1)).forEach(sector ->
                    world.sectors.advance(new PreCommitPhase1(tools).run(sector), SectorEvent.PRE_COMMIT_1_DONE));
        }
        Sector held = lost();
        Sector computed = held.withCommitments(held.commD(), tools.engine().preCommit2(SectorRef.of(held), held.ticket().value(), held.commD()))
                .withStage(SectorStage.SUBMITTING);
        assertThatThrownBy(() -> new PreCommitPhase2(tools).run(computed)).isInstanceOf(LeaseLostException.class);
        assertThat(world.messages.intents(10)).isEmpty();
        assertThat(world.pushed(Methods.MINER_PRE_COMMIT_SECTOR_BATCH2)).isEmpty();
    }
}
