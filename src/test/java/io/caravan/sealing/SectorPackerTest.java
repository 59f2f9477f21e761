package io.caravan.sealing;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.model.Sector;
import io.caravan.model.SectorEvent;
import io.caravan.model.SectorPiece;
import io.caravan.model.SectorStage;
import io.caravan.model.SectorState;
import io.caravan.support.TestPostgres;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class SectorPackerTest {

    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    @TempDir
    private Path home;

    private SealingWorld world;

    @BeforeEach
    void open() {
        world = new SealingWorld(POSTGRES, home).with(SealingConfig.standard());
    }

    private void pack() {
        new SectorPacker(SealingWorld.MINER, world.tools()).pack();
    }

    private List<SectorStage> stages() {
        return world.sectors.list(Set.of(), null, 100).stream().map(Sector::stage).toList();
    }

    @Test
    void opensNothingWithoutAPiece() {
        pack();
        assertThat(stages()).isEmpty();
    }

    @Test
    void keepsASectorOpenUntilItsFirstPieceHasWaitedLongEnough() {
        world.hand(200);
        world.clock.forward(Duration.ofHours(1));
        pack();
        pack();
        assertThat(stages()).containsExactly(SectorStage.STAGING);
        world.clock.forward(Duration.ofHours(5).minusSeconds(1));
        pack();
        assertThat(stages()).containsExactly(SectorStage.STAGING);
        world.clock.forward(Duration.ofSeconds(1));
        pack();
        pack();
        assertThat(stages()).containsExactly(SectorStage.COMPUTING);
        assertThat(world.events(world.only().number())).containsExactly(SectorEvent.OPEN, SectorEvent.PIECE_ADDED,
                SectorEvent.PACKED);
        assertThat(world.only().turn().isOverdue(world.clock.instant())).isFalse();
    }

    @Test
    void closesASectorThatIsFull() {
        world.hand(1000);
        world.hand(1000);
        world.hand(1000);
        pack();
        assertThat(stages()).containsExactly(SectorStage.COMPUTING, SectorStage.STAGING);
    }

    @Test
    void closesASectorWithTheMostPieces() {
        world.with(SealingConfig.standard().withMaxPieces(2));
        world.hand(120);
        world.hand(120);
        world.hand(120);
        pack();
        assertThat(stages()).containsExactly(SectorStage.COMPUTING, SectorStage.STAGING);
    }

    @Test
    void closesASectorWhoseFirstDealIsAboutToStart() {
        world.hand(200, SealingWorld.HEAD + 481, 0);
        pack();
        assertThat(stages()).containsExactly(SectorStage.STAGING);
        world.chain.to(SealingWorld.HEAD + 1);
        pack();
        assertThat(stages()).containsExactly(SectorStage.COMPUTING);
    }

    @Test
    void closesTheFullestToMakeRoomWhenTooManyAreOpen() {
        world.with(SealingConfig.standard().withMaxOpen(1));
        world.hand(1000);
        world.hand(2000);
        pack();
        assertThat(stages()).containsExactly(SectorStage.COMPUTING, SectorStage.COMPUTING); // the second is full
    }

    @Test
    void refusesWhatNoSectorHolds() {
        SectorPiece large = world.hand(3000);
        pack();
        assertThat(world.piece(large).refusal()).contains("does not fit a sector of 2048");
        assertThat(stages()).isEmpty();
    }

    @Test
    void givesEachPieceOnePlaceHoweverOftenItRuns() {
        for (int i = 0; i < 12; i++) {
            world.hand(100 + 60 * i);
        }
        pack();
        List<SectorPiece> before = places();
        pack();
        assertThat(places()).isEqualTo(before);
        assertThat(before).hasSize(12).doesNotHaveDuplicates();
        assertThat(world.sectors.waitingPieces(10)).isEmpty();
        assertThat(world.sectors.count()).containsOnlyKeys(SectorState.PRE_COMMIT_PHASE_1);
    }

    private List<SectorPiece> places() {
        return world.sectors.list(Set.of(), null, 100).stream()
                .flatMap(sector -> world.sectors.piecesOf(sector.number()).stream()).toList();
    }
}
