package io.caravan.proofs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.codec.Bytes;
import io.caravan.model.PaddedPieceSize;
import io.caravan.piece.PairKernels;
import io.caravan.proofs.ProofVectors.SectorVector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A sector of 512 MiB, ended in the middle of its second layer and taken up again; some minutes on vectors, half an hour
 * without. Its files take 4 GiB.
 */
@Tag("matrix")
class HugeSectorTest {

    private static final Bytes SEED = Bytes.ofHex("03".repeat(32));

    @TempDir
    static Path folder;
    private static final SectorVector SECTOR = ProofVectors.sector("B");
    private static SealJob job;
    private static ReplicaCommitments made;
    private static Object firstLayerBefore;
    private static Object firstLayerAfter;

    @BeforeAll
    static void seal() throws IOException {
        PairKernels.choose();
        PoseidonKernels.choose();
        job = SECTOR.job(folder);
        Sealer sealer = new Sealer(folder.resolve("shared"), 2);
        assertThatThrownBy(() -> sealer.preCommit1(job, endedIn("layer-2")))
                .isInstanceOf(SealCancelledException.class);
        firstLayerBefore = identity(job.paths().layer(1));
        assertThat(job.paths().layer(2)).doesNotExist();
        sealer.preCommit1(job, SealWatch.NONE);
        firstLayerAfter = identity(job.paths().layer(1));
        made = sealer.preCommit2(job, SealWatch.NONE);
    }

    @Test
    void hasThePublishedCommitment() {
        SECTOR.assertMade(job, made);
    }

    @Test
    void doesNotMakeTheFirstLayerAgain() {
        assertThat(firstLayerAfter).isEqualTo(firstLayerBefore);
    }

    @Test
    void isProvedInASizeThatAMessageHolds() throws IOException {
        SealStatement statement = new SealStatement(SECTOR.porep(), SECTOR.miner(), SECTOR.number(), job.commD(),
                made.commR(), SECTOR.ticket(), SEED);
        Bytes proof = DevnetSealProof.encode(statement.kind(), VanillaProver.prove(statement, job.paths()));
        assertThat(DevnetSealProof.flaw(statement, proof)).isEmpty();
        assertThat(proof.size()).isEqualTo(DevnetSealProof.length(statement.kind())).isLessThan(63 << 10);
        byte[] changed = proof.toArray();
        changed[changed.length / 2] ^= 1;
        assertThat(DevnetSealProof.flaw(statement, Bytes.wrap(changed))).isPresent();
    }

    @Test
    void isProvedInAWindow() throws IOException {
        PostStatement.Sector sector = new PostStatement.Sector(SECTOR.number(), made.commR());
        assertThat(PostProver.prove(SECTOR.porep(), SEED, sector, job.paths()).flaw(SECTOR.porep(), SEED, sector))
                .isEmpty();
    }

    @Test
    void givesARangeOfItsDataBack() throws IOException {
        PaddedPieceSize size = PaddedPieceSize.of(8 << 20);
        Path piece = folder.resolve("piece");
        new Sealer(folder.resolve("shared"), 2).unseal(job, SECTOR.porep().sectorBytes() - size.bytes(), size, piece,
                SealWatch.NONE);
        assertThat(Files.readAllBytes(piece)).isEqualTo(new byte[(int) size.bytes()]);
        assertThat(Files.mismatch(piece, job.paths().sealed())).isNotNegative();
    }

    private static Object identity(Path file) throws IOException {
        return Files.getAttribute(file, "unix:ino") + " " + Files.getLastModifiedTime(file);
    }

    /** Cancels once half of a step is done. */
    private static SealWatch endedIn(String last) {
        AtomicBoolean isOver = new AtomicBoolean();
        return new SealWatch() {
            @Override
            public void at(String step, long done, long total) {
                if (step.equals(last) && done >= total / 2) {
                    isOver.set(true);
                }
            }

            @Override
            public boolean isCancelled() {
                return isOver.get();
            }
        };
    }
}
