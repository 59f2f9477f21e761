package io.caravan.sealing;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.chain.ExitCode;
import io.caravan.chain.Methods;
import io.caravan.chain.PreCommitSectorBatch2Params;
import io.caravan.chain.ProveCommitSectors3Params;
import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.model.Sector;
import io.caravan.model.SectorEvent;
import io.caravan.model.SectorNumber;
import io.caravan.model.SectorPiece;
import io.caravan.model.SectorState;
import io.caravan.support.TestPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the steps make of damaged files: nothing wrong is ever sent, and nobody's deal is lost without a word. */
@Tag("compute")
class SealingHarmTest {

    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    private static final String REPLICA = "sealed";
    private static final String LAYER = "sc-02-data-layer-1.dat";

    @TempDir
    private Path home;

    private SealingWorld world;
    private JavaEngine engine;

    @BeforeEach
    void open() {
        world = new SealingWorld(POSTGRES, home);
        engine = new JavaEngine(world.files, 2, SealingEngine.Progress.NONE);
        world.with(engine);
    }

    private void harmed(String step, String role, int times) {
        world.with(new HarmedEngine(world.files, step, role, times).over(engine));
    }

    private List<String> notes(SectorNumber number) {
        return world.sectors.events(number).stream().map(move -> move.note()).filter(Objects::nonNull).toList();
    }

    private Sector parked() {
        world.run();
        Sector sector = world.only();
        assertThat(sector.turn().parked()).isTrue();
        return sector;
    }

    /** What was promised on chain, message by message. */
    private List<Cid> promised() {
        return world.pushed(Methods.MINER_PRE_COMMIT_SECTOR_BATCH2).stream()
                .map(signed -> PreCommitSectorBatch2Params.ofCbor(signed.message().params().toArray()).sectors().get(0).sealed())
                .toList();
    }

    private Bytes proven() {
        var message = world.pushed(Methods.MINER_PROVE_COMMIT_SECTORS3).get(0).message();
        return ProveCommitSectors3Params.ofCbor(message.params().toArray()).proofs().get(0);
    }

    @ParameterizedTest(name = "{1} before {0}")
    @CsvSource({"preCommit1, unsealed, unsealed", "preCommit2, sc-02-data-layer-1.dat, layer-1", "preCommit2, unsealed, unsealed",
        "preCommit2, sc-02-data-tree-d.dat, tree-d", "requireSealed, sealed, /sealed/", "requireSealed, p_aux, p_aux",
        "requireSealed, sc-02-data-tree-r-last.dat, tree-r-last", "requireSealed, seal.journal, s-t01000-",
        "commit1, sc-02-data-tree-c.dat, tree-c", "commit1, sealed, /sealed/", "commit1, sc-02-data-layer-2.dat, layer-2",
        "commit2, sealed, /sealed/", "commit2, t_aux, t_aux"})
    void isSealedAgainAndOneMessageOfEachKindIsSent(String step, String role, String word) throws Exception {
        SectorPiece piece = world.hand(1000);
        harmed(step, role, 1);
        world.run();
        Sector sector = world.only();
        assertThat(sector.state()).isEqualTo(SectorState.PROVING);
        assertThat(sector.redos()).isEqualTo(1);
        assertThat(notes(sector.number())).anyMatch(note -> note.contains(word));
        assertThat(promised()).containsExactly(sector.commR());
        assertThat(engine.sealFlaw(Known.inputs(sector), proven())).isEmpty();
        assertThat(world.piece(piece).sector()).isEqualTo(sector.number());
    }

    @Test
    void aReplicaIsLookedAtAgainWhenItsPromiseHadToWait() throws Exception {
        world.hand(1000);
        world.chain.refuseEstimates("the miner's balance is too low");
        world.pass();
        world.pass();
        Sector waiting = world.only();
        assertThat(waiting.commR()).isNotNull();
        Path replica = world.files.sealed(SectorRef.of(waiting));
        byte[] bytes = Files.readAllBytes(replica);
        bytes[77] ^= 2;
        Files.write(replica, bytes);
        world.chain.refuseEstimates("");
        world.clock.forward(java.time.Duration.ofHours(1));
        world.run();
        assertThat(world.only().state()).isEqualTo(SectorState.PROVING);
        assertThat(world.only().redos()).isEqualTo(1);
        assertThat(promised()).containsExactly(waiting.commR());
    }

    @Test
    void isGivenUpBeforeItIsPromisedAndItsPieceGoesToAnotherSector() {
        SectorPiece piece = world.hand(1000);
        harmed("preCommit2", LAYER, 4);
        world.run();
        List<Sector> all = world.sectors.list(Set.of(), null, 10);
        assertThat(all).hasSize(2);
        assertThat(all.get(0).state()).isEqualTo(SectorState.UNKNOWN);
        assertThat(all.get(0).redos()).isEqualTo(3);
        assertThat(all.get(0).message()).contains("sealed again 3 times").contains("layer-1.dat is damaged");
        assertThat(world.sector(piece).state()).isEqualTo(SectorState.PROVING);
        assertThat(promised()).containsExactly(world.sector(piece).commR());
    }

    @Test
    void isParkedOnceItIsPromisedAndSaysWhy() {
        SectorPiece piece = world.hand(1000);
        harmed("commit1", REPLICA, 100);
        Sector sector = parked();
        assertThat(sector.redos()).isEqualTo(3);
        assertThat(sector.waiting().lastError()).contains("sealed again 3 times").contains("/sealed/s-t01000-")
                .contains("is damaged");
        assertThat(world.piece(piece).sector()).isEqualTo(sector.number());
        assertThat(promised()).hasSize(1);
        assertThat(world.pushed(Methods.MINER_PROVE_COMMIT_SECTORS3)).isEmpty();
    }

    @Test
    void aReplicaDamagedAfterItWasProvenIsMadeAgainBeforeTheSectorIsFinalized() throws Exception {
        world.hand(1000);
        harmed("finalizeSector", REPLICA, 1);
        world.run();
        Sector sector = world.only();
        assertThat(sector.state()).isEqualTo(SectorState.PROVING);
        assertThat(world.events(sector.number())).containsOnlyOnce(SectorEvent.FINALIZE_FAILED);
        assertThat(notes(sector.number())).anyMatch(note -> note.contains("/sealed/"));
        assertThat(promised()).containsExactly(sector.commR());
        try (var left = Files.list(world.files.cache(SectorRef.of(sector)))) {
            assertThat(left).hasSize(3);
        }
    }

    @Test
    void aProvenSectorThatCannotBePutRightWaitsForAnOperator() throws Exception {
        SectorPiece piece = world.hand(1000);
        harmed("finalizeSector", REPLICA, 100);
        Sector sector = parked();
        assertThat(sector.state()).isEqualTo(SectorState.FINALIZE);
        assertThat(sector.waiting().lastError()).contains("sealed again, but").contains("is damaged");
        assertThat(world.piece(piece).sector()).isEqualTo(sector.number());
        world.with(engine);
        assertThat(world.sectors.resume(sector.number())).isTrue();
        world.run();
        assertThat(world.only().turn().parked()).as("the count of its setbacks stays").isTrue();
    }

    @Test
    void aProvenSectorWhosePieceIsLostTooSaysBoth() throws Exception {
        SectorPiece piece = world.hand(1000);
        world.with(HarmedEngine.answering(new HarmedEngine(world.files, "finalizeSector", REPLICA, 1).over(engine), "commit2", proof -> {
            world.files.unsealed(SectorRef.of(world.only())).toFile().delete();
            new java.io.File(piece.file()).delete();
            return proof;
        }));
        Sector sector = parked();
        assertThat(sector.state()).isEqualTo(SectorState.FINALIZE);
        assertThat(sector.waiting().lastError()).contains("is damaged").contains(piece.proposalCid().toString())
                .contains("its data is gone");
    }

    @Test
    void aProofOffByOneByteIsNotSentAndItsFirstFailingCheckIsWrittenDown() {
        world.hand(1000);
        AtomicInteger wrong = new AtomicInteger(1);
        world.with(HarmedEngine.answering(engine, "commit2", proof -> wrong.getAndDecrement() > 0 ? flipped((Bytes) proof) : proof));
        world.run();
        Sector sector = world.only();
        assertThat(sector.state()).isEqualTo(SectorState.PROVING);
        assertThat(sector.redos()).isZero();
        assertThat(notes(sector.number()).stream().filter(note -> note.contains("comm_d path of challenge 0"))).hasSize(1);
        assertThat(engine.sealFlaw(Known.inputs(sector), proven())).isEmpty();
    }

    @Test
    void aSectorWhoseProofsNeverHoldIsSealedAgainAndThenParked() {
        world.hand(1000);
        world.with(HarmedEngine.answering(engine, "commit2", proof -> flipped((Bytes) proof)));
        Sector sector = parked();
        assertThat(sector.redos()).isEqualTo(3);
        assertThat(sector.waiting().lastError()).contains("sealed again 3 times").contains("comm_d path of challenge 0");
        assertThat(promised()).hasSize(1);
        assertThat(world.pushed(Methods.MINER_PROVE_COMMIT_SECTORS3)).isEmpty();
    }

    /** Off by one byte in a place that only the comm_d path of the first challenge has. */
    private static Bytes flipped(Bytes proof) {
        byte[] changed = proof.toArray();
        changed[150] ^= 1;
        return Bytes.wrap(changed);
    }

    @Test
    void theChainsWordsAboutAMessageThatFailedStandInTheSectorsHistory() {
        world.hand(1000);
        passUntil(() -> world.sectors.list(Set.of(), null, 1).stream().anyMatch(one -> one.state() == SectorState.WAIT_SEED));
        world.exitCode = ExitCode.ILLEGAL_ARGUMENT;
        passUntil(() -> !world.pushed(Methods.MINER_PROVE_COMMIT_SECTORS3).isEmpty());
        world.chain.refuseEstimates("invalid proof for sector 0: label of layer 1, challenge 0");
        passUntil(() -> world.events(world.only().number()).contains(SectorEvent.PROVE_FAILED));
        assertThat(notes(world.only().number())).anyMatch(note -> note.contains("exit code 16")
                && note.contains("label of layer 1, challenge 0"));
        assertThat(world.only().message()).contains("label of layer 1");
    }

    private void passUntil(BooleanSupplier isThere) {
        for (int pass = 0; pass < 80 && !isThere.getAsBoolean(); pass++) {
            world.pass();
        }
        assertThat(isThere.getAsBoolean()).isTrue();
    }
}
