package io.caravan.sealing;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.model.Sector;
import io.caravan.model.SectorEvent;
import io.caravan.model.SectorPiece;
import io.caravan.model.SectorState;
import io.caravan.model.WaitsOn;
import io.caravan.store.DiskReservations.Reservation;
import io.caravan.support.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class SealingDiskTest {

    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    @TempDir
    private Path home;

    private SealingWorld world;

    @BeforeEach
    void open() {
        world = new SealingWorld(POSTGRES, home);
    }

    private String reason(SectorPiece piece) {
        return world.sectors.setbackOf(piece.proposalCid()).orElseThrow().reason();
    }

    private List<Long> reserved() {
        return world.disk.list().stream().map(one -> one.sector().number().value()).toList();
    }

    @Test
    void opensNoSectorWithoutItsDiskAndGoesOnByItselfWhenThereIsRoom() {
        world.withFree(world.sectorDisk() - 1);
        SectorPiece piece = world.hand(200);
        world.pass();
        world.pass();
        assertThat(world.sectors.list(Set.of(), null, 1)).isEmpty();
        assertThat(reason(piece)).isEqualTo("no disk: needs 4 KiB, 3.9 KiB free of " + home);
        assertThat(world.sectors.setbackOf(piece.proposalCid()).orElseThrow().tries()).isZero();
        world.withFree(world.sectorDisk());
        world.run();
        assertThat(world.sector(piece).state()).isEqualTo(SectorState.PROVING);
        assertThat(world.sectors.setbackOf(piece.proposalCid())).isEmpty();
    }

    @Test
    void keepsTheReserveFreeAndSaysSo() {
        world.withDisk(0, 1 << 20).withFree((1 << 20) + world.sectorDisk() - 1);
        SectorPiece piece = world.hand(200);
        world.pass();
        assertThat(reason(piece)).contains("1 MiB stay free (sealing.disk-reserve)");
        world.withFree((1 << 20) + world.sectorDisk());
        world.pass();
        assertThat(world.piece(piece).sector()).isNotNull();
    }

    @Test
    void reservesForOneSectorAfterTheOtherWithinWhatSealingMayTake() {
        world.withDisk(world.sectorDisk(), 0);
        SectorPiece first = world.hand(2000);
        SectorPiece second = world.hand(2000);
        world.pass();
        assertThat(reserved()).containsExactly(world.sector(first).number().value());
        assertThat(reason(second)).contains("reserved for sectors " + world.sector(first).number()).contains("sealing may take 4 KiB");
        world.run();
        assertThat(List.of(world.sector(first).state(), world.sector(second).state())).containsOnly(SectorState.PROVING);
        assertThat(reserved()).isEmpty();
    }

    @Test
    void countsWhatASectorHasWrittenOnce() {
        world.hand(2000);
        while (world.sectors.count().getOrDefault(SectorState.WAIT_SEED, 0L) == 0) {
            world.pass();
        }
        long written = world.files.bytes(SectorRef.of(world.only()));
        assertThat(written).isEqualTo(2048);
        world.withFree(2 * world.sectorDisk() - written - 1);
        SectorPiece second = world.hand(2000);
        world.pass();
        assertThat(world.piece(second).sector()).isNull();
        world.withFree(2 * world.sectorDisk() - written);
        world.pass();
        assertThat(world.piece(second).sector()).isNotNull();
    }

    @Test
    void aStartedSectorWaitsWithoutATryWhenSomebodyElseFilledTheDisk() {
        SectorPiece piece = world.hand(2000);
        new SectorPacker(SealingWorld.MINER, world.tools()).pack();
        new PieceWriter(world.tools()).write();
        new SectorPacker(SealingWorld.MINER, world.tools()).pack();
        world.withFree(100);
        world.pass();
        Sector waiting = world.sector(piece);
        assertThat(waiting.state()).isEqualTo(SectorState.PRE_COMMIT_PHASE_1);
        assertThat(waiting.waiting().on()).isEqualTo(WaitsOn.NODE);
        assertThat(waiting.waiting().what()).isEqualTo("no disk: needs 2 KiB more, 100 B free of " + home);
        assertThat(waiting.turn().attempt()).isZero();
        world.withFree(1 << 20);
        world.run();
        assertThat(world.sector(piece).state()).isEqualTo(SectorState.PROVING);
        assertThat(world.events(waiting.number())).doesNotContain(SectorEvent.PRE_COMMIT_1_FAILED);
    }

    @Test
    void givesTheDiskOfASectorBackThatIsGivenUp() {
        SectorPiece piece = world.hand(200, SealingWorld.HEAD + 3000, 0);
        while (world.sectors.count().getOrDefault(SectorState.WAIT_SEED, 0L) == 0) {
            world.pass();
        }
        Sector first = world.only();
        world.sectors.signal(first.number(), sector -> sector.withMessage("lost"), SectorEvent.FAILED);
        assertThat(reserved()).containsExactly(first.number().value()); // its files are still there
        world.run();
        assertThat(world.sector(piece).number()).isNotEqualTo(first.number());
        assertThat(reserved()).isEmpty();
    }

    @Test
    void aKillWhileASectorIsOpenedLeavesNoSectorWithoutItsDiskAndNoDiskWithoutItsSector() {
        world.hand(200);
        new SectorPacker(SealingWorld.MINER, world.tools()).pack();
        int calls = world.calls;
        for (int kill = 1; kill <= calls; kill++) {
            SealingWorld killed = new SealingWorld(POSTGRES, home);
            SectorPiece piece = killed.hand(200);
            try {
                new SectorPacker(SealingWorld.MINER, killed.killAfter(kill).tools()).pack();
            } catch (SealingWorld.Killed e) {
                List<Long> open = killed.sectors.list(Set.of(), null, 10).stream().map(sector -> sector.number().value()).toList();
                assertThat(reserved(killed)).as("killed behind call " + kill).isEqualTo(open);
            }
            new SectorPacker(SealingWorld.MINER, killed.tools()).pack();
            assertThat(reserved(killed)).as("after the kill behind call " + kill)
                    .containsExactly(killed.piece(piece).sector().value());
        }
    }

    private static List<Long> reserved(SealingWorld world) {
        return world.disk.list().stream().map(Reservation::sector).map(sector -> sector.number().value()).toList();
    }

    @Test
    void givesTheLastRoomToOneOfTwoNodes() {
        SealingDisk one = disk();
        SealingDisk other = disk();
        List<CompletableFuture<SealingDisk.Opening>> openings = new ArrayList<>();
        IntStream.range(0, 8).forEach(i -> openings.add(CompletableFuture.supplyAsync(() -> (i % 2 == 0 ? one : other)
                .open(1000, () -> world.sectors.open(SealingWorld.MINER, 5, null)))));
        List<SealingDisk.Opening> made = openings.stream().map(CompletableFuture::join).toList();
        assertThat(made).filteredOn(opening -> opening.sector() != null).hasSize(1);
        assertThat(made).filteredOn(opening -> opening.sector() == null).extracting(SealingDisk.Opening::shortage)
                .allMatch(shortage -> shortage.startsWith("no disk: needs 1000 B, 1.9 KiB free of " + home));
        assertThat(world.sectors.list(Set.of(), null, 10)).hasSize(1);
    }

    private SealingDisk disk() {
        return new SealingDisk(world.disk, world.files, () -> 1999, () -> new SealingDisk.Limits(0, 0));
    }

    @Test
    void reservesAtTheStartForWhatIsBeingSealedAlready() {
        Sector old = world.sectors.open(SealingWorld.MINER, 5, null);
        assertThat(world.disk.fill(5000)).isEqualTo(1);
        assertThat(world.disk.fill(7000)).isZero();
        assertThat(world.disk.list()).singleElement().satisfies(one -> {
            assertThat(one.sector().number()).isEqualTo(old.number());
            assertThat(one.bytes()).isEqualTo(5000);
        });
    }

    @Test
    void countsEveryFileOfASector() throws IOException {
        SectorRef ref = SectorRef.of(world.sectors.open(SealingWorld.MINER, 5, null));
        assertThat(world.files.bytes(ref)).isZero();
        Files.write(world.files.unsealedToWrite(ref), new byte[10]);
        Files.write(world.files.sealedToWrite(ref), new byte[20]);
        Files.write(world.files.sealed(ref).resolveSibling(ref.fileName() + ".part"), new byte[30]);
        Files.createDirectories(world.files.cache(ref).resolve("deeper"));
        Files.write(world.files.cache(ref).resolve("deeper").resolve("layer"), new byte[40]);
        assertThat(world.files.bytes(ref)).isEqualTo(100);
    }
}
