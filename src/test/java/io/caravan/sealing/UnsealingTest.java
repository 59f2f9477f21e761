package io.caravan.sealing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.model.SectorPiece;
import io.caravan.sealing.UnsealRefusedException.Reason;
import io.caravan.support.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Pieces out of sectors, and who gets none. */
class UnsealingTest {

    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    @TempDir
    private Path home;

    private SealingWorld world;
    private JavaEngine engine;
    private Unsealing unsealing;
    private Path out;

    @BeforeEach
    void open() {
        world = new SealingWorld(POSTGRES, home);
        engine = new JavaEngine(world.files, 2, SealingEngine.Progress.NONE);
        world.with(engine);
        unsealing = new Unsealing(world.sectors, engine);
        out = home.resolve("out");
    }

    private Unsealing.Wanted wanted(SectorPiece piece) {
        return new Unsealing.Wanted(piece.proposalCid(), null, null, 0, null, out);
    }

    private void refused(Unsealing by, Unsealing.Wanted wanted, Reason reason, String word) {
        assertThatThrownBy(() -> by.unseal(wanted)).isInstanceOfSatisfying(UnsealRefusedException.class, refusal -> {
            assertThat(refusal.reason()).isEqualTo(reason);
            assertThat(refusal).hasMessageStartingWith(reason.code() + ": ").hasMessageContaining(word);
        });
        assertThat(out).doesNotExist();
        assertThat(home.resolve("out.part")).doesNotExist();
        assertThat(by.running()).isEmpty();
    }

    @Test
    void givesAnyRangeOfEitherPieceOfASectorFromTheCopyAndFromTheReplica() throws IOException {
        SectorPiece one = world.hand(200);
        SectorPiece two = world.hand(1000);
        world.run();
        Random random = new Random(3);
        for (int i = 0; i < 12; i++) {
            SectorPiece piece = i % 2 == 0 ? one : two;
            byte[] data = Files.readAllBytes(Path.of(piece.file()));
            int from = random.nextInt(data.length);
            int length = 1 + random.nextInt(data.length - from);
            if (i == 6) {
                Files.delete(world.files.unsealed(SectorRef.of(world.only())));
            }
            var given = unsealing.unseal(new Unsealing.Wanted(piece.proposalCid(), null, null, from, (long) length, out));
            assertThat(given.isFromReplica()).isEqualTo(i >= 6);
            assertThat(Files.readAllBytes(out)).isEqualTo(Arrays.copyOfRange(data, from, from + length));
            Files.delete(out);
        }
    }

    @Test
    void asksWhichPieceIsMeant() {
        SectorPiece one = world.hand(200);
        SectorPiece two = world.hand(1000);
        world.run();
        refused(unsealing, new Unsealing.Wanted(null, world.only().number(), null, 0, null, out), Reason.NO_SUCH_PIECE,
                one.pieceCid() + ", " + two.pieceCid());
        var given = unsealing.unseal(new Unsealing.Wanted(null, world.only().number(), two.pieceCid(), 0, null, out));
        assertThat(given.bytes()).isEqualTo(1000);
        assertThat(given.piece().proposalCid()).isEqualTo(two.proposalCid());
    }

    @Test
    void doesNotReadWhatAnotherEngineSealed() {
        SectorPiece piece = world.hand(200);
        refused(new Unsealing(world.sectors, null), wanted(piece), Reason.OTHER_ENGINE, "Lotus miner");
        world.run();
        SealingEngine none = HarmedEngine.answering(engine, "capabilities", any -> new SealingEngine.Capabilities(
                Set.of(), SealingEngine.ProofKind.GROTH16, true));
        refused(new Unsealing(world.sectors, none), wanted(piece), Reason.OTHER_ENGINE, "is not the one in sealing.engine");
    }

    @Test
    void aPieceWithoutASectorIsNotThereYet() {
        SectorPiece piece = world.hand(200);
        refused(unsealing, wanted(piece), Reason.NO_SUCH_PIECE, "no sector has a piece of deal");
    }

    @Test
    void readsASectorForOneAtATime() {
        SectorPiece piece = world.hand(200);
        world.run();
        Unsealing[] same = new Unsealing[1];
        SealingEngine slow = HarmedEngine.answering(engine, "unseal", done -> {
            assertThat(same[0].running()).hasSize(1);
            assertThatThrownBy(() -> same[0].unseal(new Unsealing.Wanted(piece.proposalCid(), null, null, 0, null,
                    home.resolve("second")))).isInstanceOf(UnsealRefusedException.class).hasMessageStartingWith("US9 busy: sector ");
            return done;
        });
        same[0] = new Unsealing(world.sectors, slow);
        same[0].unseal(wanted(piece));
        assertThat(out).exists();
        assertThat(home.resolve("second")).doesNotExist();
        assertThat(same[0].running()).isEmpty();
    }

    @Test
    void leavesNoFileWhenItIsBrokenOffOrTheReplicaIsGone() throws IOException {
        SectorPiece piece = world.hand(200);
        world.run();
        SectorRef ref = SectorRef.of(world.only());
        Files.delete(world.files.unsealed(ref));
        JavaEngine closed = new JavaEngine(world.files, 2, SealingEngine.Progress.NONE);
        closed.close();
        refused(new Unsealing(world.sectors, closed), wanted(piece), Reason.BROKEN_OFF, "broken off");
        Files.delete(world.files.sealed(ref));
        refused(unsealing, wanted(piece), Reason.DAMAGED, "is gone");
    }
}
