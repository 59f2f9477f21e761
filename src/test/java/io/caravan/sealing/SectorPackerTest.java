package io.caravan.sealing;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.model.Sector;
import io.caravan.model.SectorEvent;
import io.caravan.model.SectorPiece;
import io.caravan.model.SectorStage;
import io.caravan.model.SectorState;
import io.caravan.store.SectorStore;
import io.caravan.support.TestPostgres;
import java.nio.file.Files;
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

    /** Places, writes, and closes what is full or due. */
    private void pack() {
        for (int pass = 0; pass < 3; pass++) {
            new SectorPacker(SealingWorld.MINER, world.tools()).pack();
            new PieceWriter(world.tools()).write();
        }
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
    void aChangedRuleHoldsForTheNextPieceAndTheNextSector() {
        SealingTools tools = world.tools();
        SectorPacker packer = new SectorPacker(SealingWorld.MINER, tools);
        world.hand(200);
        packer.pack();
        new PieceWriter(tools).write();
        assertThat(stages()).containsExactly(SectorStage.STAGING);
        world.with(SealingConfig.standard().withMaxPieces(1).withWaitDealsDelay(Duration.ZERO));
        world.hand(200);
        packer.pack();
        new PieceWriter(tools).write();
        packer.pack();
        assertThat(stages()).as("one piece fills a sector now, and the second sector waits for nobody")
                .containsExactlyInAnyOrder(SectorStage.COMPUTING, SectorStage.COMPUTING);
    }

    @Test
    void aSectorThatWaitsForNobodyIsClosedInTheRunThatWroteItsPiece() {
        SealingTools tools = world.with(SealingConfig.standard().withWaitDealsDelay(Duration.ZERO)).tools();
        SectorPacker packer = new SectorPacker(SealingWorld.MINER, tools);
        world.hand(200);
        packer.pack();
        packer.closeDue();
        assertThat(stages()).as("its bytes are not there").containsExactly(SectorStage.STAGING);
        new PieceWriter(tools).write();
        packer.closeDue();
        assertThat(stages()).containsExactly(SectorStage.COMPUTING);
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

    @Test
    void opensNoSectorWhileAllPlacesForSealingAreTakenAndSaysSo() {
        world.with(SealingConfig.standard().withMaxSealing(1));
        world.hand(2000);
        SectorPiece second = world.hand(2000);
        pack();
        assertThat(stages()).containsExactly(SectorStage.COMPUTING);
        assertThat(world.piece(second).sector()).isNull();
        assertThat(world.sectors.setbackOf(second.proposalCid()).orElseThrow().reason())
                .contains("all 1 places").contains("sealing.max-sealing");
        world.with(SealingConfig.standard().withMaxSealing(2));
        pack();
        assertThat(world.piece(second).written()).isNotNull();
        assertThat(world.sectors.setbackOf(second.proposalCid())).isEmpty();
    }

    @Test
    void leavesASectorOpenUntilEveryPieceOfItIsWritten() throws Exception {
        SectorPiece piece = world.hand(2000);
        new SectorPacker(SealingWorld.MINER, world.tools()).pack();
        new SectorPacker(SealingWorld.MINER, world.tools()).pack();
        assertThat(world.piece(piece).sector()).isNotNull();
        assertThat(stages()).containsExactly(SectorStage.STAGING);
        pack();
        assertThat(stages()).containsExactly(SectorStage.COMPUTING);
    }

    @Test
    void takesAPieceOutOfItsSectorWhenItsDataIsWrongAndLeavesTheOthersAsTheyWere() throws Exception {
        SectorPiece good = world.hand(200);
        SectorPiece bad = world.hand(400, SealingWorld.HEAD + 3000, 1);
        SectorPiece behind = world.hand(800);
        pack();
        assertThat(world.piece(good).written()).isNotNull();
        assertThat(world.piece(bad).sector()).isNull();
        assertThat(world.piece(bad).refusal()).isNull();
        SectorStore.Setback setback = world.sectors.setbackOf(bad.proposalCid()).orElseThrow();
        assertThat(setback.tries()).isEqualTo(1);
        assertThat(setback.reason()).contains("commitment").contains(bad.pieceCid().toString());
        assertThat(world.piece(behind).written()).isNotNull();
        assertThat(world.sector(behind).number()).isEqualTo(world.sector(good).number());
        byte[] data = new byte[400]; // as the world made it before it spoilt it
        new java.util.Random(2).nextBytes(data);
        Files.write(Path.of(bad.file()), data);
        world.clock.forward(Duration.ofMinutes(1));
        pack();
        assertThat(world.piece(bad).written()).isNotNull();
    }

    @Test
    void refusesAPieceThatWasSetBackOnceItIsTooLateAndTellsWhatStoodInTheWay() {
        SectorPiece bad = world.hand(400, SealingWorld.HEAD + 500, 1);
        pack();
        world.chain.to(SealingWorld.HEAD + 21);
        pack();
        assertThat(world.piece(bad).refusal()).contains("too late to seal").contains("commitment");
    }
}
