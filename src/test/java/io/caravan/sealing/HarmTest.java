package io.caravan.sealing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.model.Epoch;
import io.caravan.model.FilAddress;
import io.caravan.model.SectorNumber;
import io.caravan.model.SectorPiece;
import io.caravan.piece.CommPStream;
import io.caravan.sealing.Harm.Kind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every file of a sector, damaged in every way in front of every step: what could reach the chain is noticed before it
 * does, and one more try comes to the same replica. What goes unnoticed is told by name: it is never used again.
 */
@Tag("compute")
class HarmTest {

    /** The steps in front of which files are damaged. */
    enum Before { PRE_COMMIT_1, PRE_COMMIT_2, PRE_COMMIT_MESSAGE, COMMIT_1, COMMIT_2, FINALIZE }

    /** Not used after the sector is on chain, and dropped by its last step. */
    private static final Set<String> DROPPED = Set.of("sc-02-data-layer-1.dat", "sc-02-data-layer-2.dat",
            "sc-02-data-tree-d.dat", "sc-02-data-tree-c.dat");
    private static final SectorRef SECTOR = new SectorRef(FilAddress.ofId(1234), SectorNumber.of(7), SealProof.SEAL_2K);
    private static final Bytes TICKET = Bytes.ofHex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
    private static final Bytes SEED = Bytes.ofHex("01".repeat(32));
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final int TRIES = 3;
    private static final long DRAWN = System.nanoTime();

    @TempDir
    private static Path home;
    private static Replica honest;
    private static byte[] replica;
    private static byte[] unsealed;
    /** Of another sector, with all its files; they take the place of ours. */
    private static SectorFiles stranger;

    @BeforeAll
    static void seal() throws IOException {
        System.out.println("seed " + DRAWN);
        Path living = home.resolve("stranger");
        new Life(living, DRAWN + 1).live((before, files) -> {
            if (before == Before.FINALIZE) {
                stranger = new SectorFiles(Harm.copy(living, home.resolve("stranger-whole")));
            }
        });
        Life life = new Life(home.resolve("honest"), DRAWN);
        honest = life.live((before, files) -> { });
        replica = Files.readAllBytes(life.files.sealed(SECTOR));
        unsealed = Files.readAllBytes(life.files.unsealed(SECTOR));
    }

    /** Comes along when a step is about to begin for the first time. */
    @FunctionalInterface
    private interface Mishap {
        void befall(Before step, SectorFiles files) throws IOException;
    }

    /** One sector with one piece, taken through all steps as the routes would, sealed again when a step says so. */
    private static final class Life {

        private final SectorFiles files;
        private final JavaEngine engine;
        private final SectorPiece piece;
        private final Set<Before> seen = EnumSet.noneOf(Before.class);
        private final List<String> noticed = new ArrayList<>();
        private boolean isWritten;
        private Before step = Before.PRE_COMMIT_1;

        Life(Path root, long content) throws IOException {
            files = new SectorFiles(Files.createDirectories(root));
            engine = new JavaEngine(files, 2, SealingEngine.Progress.NONE);
            byte[] bytes = new byte[2032];
            new Random(content).nextBytes(bytes);
            var made = CommPStream.of(new ByteArrayInputStream(bytes));
            piece = new SectorPiece(Cid.rawSha256(bytes), 1, made.commP(), made.commP(), made.size(),
                    Files.write(root.resolve("staged"), bytes).toString(), bytes.length, Epoch.of(9), Epoch.of(99), true, NOW,
                    SECTOR.number(), 0L, null, null);
        }

        Path staged() {
            return Path.of(piece.file());
        }

        Replica live(Mishap mishap) throws IOException {
            while (true) {
                try {
                    return steps(mishap);
                } catch (RedoException e) {
                    noticed.add(step + ": " + e.getMessage());
                    assertThat(noticed).hasSizeLessThanOrEqualTo(TRIES);
                    if (e.isDataWrong()) {
                        engine.remove(SECTOR);
                    } else {
                        engine.forget(SECTOR);
                    }
                }
            }
        }

        private Replica steps(Mishap mishap) throws IOException {
            Cid commD = engine.addPieces(SECTOR, List.of(stored()), done -> isWritten = true);
            come(Before.PRE_COMMIT_1, mishap);
            engine.preCommit1(SECTOR, TICKET, commD);
            come(Before.PRE_COMMIT_2, mishap);
            Replica made = new Replica(SECTOR, TICKET, commD, engine.preCommit2(SECTOR, TICKET, commD));
            come(Before.PRE_COMMIT_MESSAGE, mishap);
            engine.requireSealed(made);
            come(Before.COMMIT_1, mishap);
            SealInputs inputs = new SealInputs(SECTOR, commD, made.commR(), TICKET, SEED);
            engine.commit1(inputs);
            come(Before.COMMIT_2, mishap);
            assertThat(engine.sealFlaw(inputs, engine.commit2(inputs))).isEmpty();
            come(Before.FINALIZE, mishap);
            engine.finalizeSector(made, true);
            return made;
        }

        private SectorPiece stored() {
            return !isWritten ? piece : new SectorPiece(piece.proposalCid(), 1, piece.publishCid(), piece.pieceCid(), piece.size(),
                    piece.file(), piece.bytes(), piece.startEpoch(), piece.endEpoch(), true, NOW, SECTOR.number(), 0L, NOW, null);
        }

        private void come(Before now, Mishap mishap) throws IOException {
            step = now;
            if (seen.add(now)) {
                mishap.befall(now, files);
            }
        }
    }

    @TestFactory
    Stream<DynamicTest> isNoticedBeforeItCountsAndPutRight() {
        Random random = new Random(DRAWN);
        return cases().map(one -> one.with(Kind.values()[random.nextInt(Kind.values().length)]));
    }

    @TestFactory
    @Tag("matrix")
    Stream<DynamicTest> isNoticedBeforeItCountsAndPutRightWhateverTheDamage() {
        return cases().flatMap(one -> Stream.of(Kind.values()).map(one::with));
    }

    private record Case(Before step, String role) {

        DynamicTest with(Kind kind) {
            return dynamicTest(step + ", " + role + " " + kind, () -> damaged(step, role, kind));
        }
    }

    /** Each file that is there in front of a step. */
    private static Stream<Case> cases() {
        return Stream.of(Before.values()).flatMap(step -> Harm.files(stranger, SECTOR).keySet().stream()
                .filter(role -> isThere(role, step)).map(role -> new Case(step, role)));
    }

    private static boolean isThere(String role, Before step) {
        return switch (step) {
            case PRE_COMMIT_1 -> role.equals("unsealed");
            case PRE_COMMIT_2 -> !Set.of("sealed", "sc-02-data-tree-c.dat", "sc-02-data-tree-r-last.dat", "p_aux", "t_aux")
                    .contains(role);
            default -> true;
        };
    }

    private static void damaged(Before at, String role, Kind kind) throws IOException {
        long drawn = DRAWN ^ (at + role + kind).hashCode();
        Life life = new Life(Files.createTempDirectory(home, "life-"), DRAWN);
        Replica made = life.live((step, files) -> {
            if (step == at) {
                Harm.befall(Harm.files(files, SECTOR).get(role), kind, Harm.files(stranger, SECTOR).get(role), new Random(drawn));
            }
        });
        String what = "seed " + DRAWN + ": " + life.noticed;
        assertThat(made).as(what).isEqualTo(honest);
        assertThat(life.files.sealed(SECTOR)).as(what).hasBinaryContent(replica);
        assertThat(life.files.unsealed(SECTOR)).as(what).hasBinaryContent(unsealed);
        if (isHarmless(at, role)) {
            assertThat(life.noticed).as(what).isEmpty();
        } else if (role.equals("seal.journal")) {
            assertThat(life.noticed).as(what).hasSizeLessThanOrEqualTo(1); // what no later step asks it for does no harm
        } else {
            assertThat(life.noticed.get(0)).as(what).startsWith(at + ": ");
            assertThat(life.noticed).as(what).hasSize(1);
        }
    }

    /** Once the replica is made the data is made of it again, and once the sector is proven labels are not needed any more. */
    private static boolean isHarmless(Before at, String role) {
        return at.compareTo(Before.PRE_COMMIT_2) > 0 && role.equals("unsealed") || at == Before.FINALIZE && DROPPED.contains(role);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aStagedFileThatIsNotItsDealsPieceIsRefusedAndNothingIsSealed(Kind kind) throws IOException {
        Life life = new Life(Files.createTempDirectory(home, "staged-"), DRAWN);
        Harm.befall(life.staged(), kind, home.resolve("stranger").resolve("staged"), new Random(DRAWN));
        assertThatThrownBy(() -> life.live((step, files) -> {
            throw new AssertionError(step + " began");
        })).isInstanceOf(PieceRefusedException.class).hasMessageMatching("its data (is gone|does not fit|has the commitment).*");
        assertThat(life.isWritten).isFalse();
    }

    /** Both at once: nothing is left to seal from, and that is said of the piece. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void dataThatIsLostTogetherWithItsPieceIsSaidToBe(Kind kind) throws IOException {
        Life life = new Life(Files.createTempDirectory(home, "both-"), DRAWN);
        assertThatThrownBy(() -> life.live((step, files) -> {
            if (step == Before.PRE_COMMIT_2) {
                Harm.befall(life.staged(), kind, home.resolve("stranger").resolve("staged"), new Random(DRAWN));
                Harm.befall(files.unsealed(SECTOR), kind, stranger.unsealed(SECTOR), new Random(DRAWN));
            }
        })).isInstanceOf(PieceRefusedException.class);
        assertThat(life.noticed).hasSize(1);
    }

    /** A staged file is not needed while the data is whole: labels are made again from that. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void aDamagedLayerIsMadeAgainWithoutTheStagedFile(Kind kind) throws IOException {
        Life life = new Life(Files.createTempDirectory(home, "kept-"), DRAWN);
        Replica made = life.live((step, files) -> {
            if (step == Before.COMMIT_1) {
                Files.delete(life.staged());
                Map<String, Path> ours = Harm.files(files, SECTOR);
                Harm.befall(ours.get("sc-02-data-layer-1.dat"), kind,
                        Harm.files(stranger, SECTOR).get("sc-02-data-layer-1.dat"), new Random(DRAWN));
            }
        });
        assertThat(made).isEqualTo(honest);
        assertThat(life.noticed).hasSize(1).first().asString().contains("layer-1");
    }
}
