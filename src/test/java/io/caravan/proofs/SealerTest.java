package io.caravan.proofs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.caravan.codec.Bytes;
import io.caravan.proofs.ProofVectors.SectorVector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class SealerTest {

    @TempDir
    Path folder;
    private Sealer sealer;

    @BeforeEach
    void open() {
        sealer = new Sealer(folder.resolve("shared"), 2);
    }

    static List<SectorVector> smallSectors() {
        return ProofVectors.rows("sectors.csv").stream().map(SectorVector::new)
                .filter(sector -> sector.porep().nodes() == 64).toList();
    }

    @ParameterizedTest
    @MethodSource("smallSectors")
    void sealsSectorsOf2KiBToTheirKnownCommitments(SectorVector sector) throws IOException {
        seal(sector);
    }

    @ParameterizedTest
    @EnumSource
    @Tag("matrix")
    void sealsASectorOf8MiBToItsKnownCommitmentWithEveryKernel(PoseidonKernels kernel) throws IOException {
        assumeTrue(kernel.isThere());
        PoseidonKernels before = PoseidonKernels.chosen();
        PoseidonKernels.use(kernel);
        try {
            seal(ProofVectors.sector("8 MiB"));
        } finally {
            PoseidonKernels.use(before);
        }
    }

    @Test
    void theSectorOfTheBenchmarkHasTheKnownIntermediates() throws IOException {
        SealJob job = seal(ProofVectors.sector("A"));
        SealedSector sealed = new SealedSector(job.porep(), job.paths());
        assertThat(sealed.column(0)).map(Bytes::hex).containsExactly(
                "8bb2a3ececaa322edaf0d3c993a3538796cd463e2a92689299ea38ff040dcb1c",
                "7320201e9269a6da77c418c473f0db68a08380f7b3937411f505713059a0091f");
        assertThat(sealed.column(1)).map(Bytes::hex).containsExactly(
                "ca3178fc832247059569acc684c350c59125b243f63a6e136e4303f1e2c6002e",
                "7ed28bc78a913a62f8089f1bed30b1e89fac7f3cf422ea67f56808bce684182c");
        assertThat(sealed.column(63)).map(Bytes::hex).containsExactly(
                "8d5515943dce8b1037d4e92f1e30cb46060d3db71aac6ede8a621ae6d245a80a",
                "2fa2b3031365a278e7b515fe8828e93e55d633a2310a1a7eacadb93be7d5863f");
        try (SectorTree treeC = sealed.treeC(); SectorTree treeR = sealed.treeRLast()) {
            assertThat(treeC.proof(0).leaf().hex())
                    .isEqualTo("bd03dea9bb2484b56c36c2c0e552e648dcc31f75e6802be3a3e82e7437b23026")
                    .isEqualTo(Commitments.column(sealed.column(0)).hex());
            assertThat(treeC.proof(63).leaf().hex())
                    .isEqualTo("c08f213b8eff4f892f018b007f070d5a1fc2e50d36be0d51466efe8aa4becc10");
            assertThat(treeC.proof(8).path().get(1).siblings().get(0).hex())
                    .isEqualTo("e330d571039ed2411800e2e89ed3cf1d1d34bb9de7ca11b4f947ca4b00536315");
            assertThat(treeR.proof(8).path().get(1).siblings().get(0).hex())
                    .isEqualTo("0bccdd3eca8285ab9c4bf791e4626011c82a1db3cfd040d3b85b230443afe45f");
        }
    }

    @Test
    void filesHaveTheNamesAndLengthsOfTheNetworksSoftware() throws IOException {
        SealJob job = seal(ProofVectors.sector("pattern"));
        assertThat(job.paths().cache()).isDirectoryContaining("glob:**/sc-02-data-layer-1.dat");
        assertThat(job.paths().cache().resolve("sc-02-data-layer-2.dat")).hasSize(2048);
        assertThat(job.paths().cache().resolve("sc-02-data-tree-d.dat")).hasSize(127 * 32);
        assertThat(job.paths().cache().resolve("sc-02-data-tree-c.dat")).hasSize((64 + 8 + 1) * 32);
        assertThat(job.paths().cache().resolve("sc-02-data-tree-r-last.dat")).hasSize(32);
        assertThat(job.paths().cache().resolve("p_aux")).hasSize(64);
        assertThat(job.paths().cache().resolve("t_aux")).isNotEmptyFile();
        assertThat(job.paths().sealed()).hasSize(2048);

        Sealer.trim(job.porep(), job.paths());
        try (var left = Files.list(job.paths().cache())) {
            assertThat(left.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("p_aux", "t_aux", "sc-02-data-tree-r-last.dat");
        }
    }

    @Test
    void layersThatAreWholeAreNotMadeAgain() throws IOException {
        SealJob job = seal(ProofVectors.sector("A"));
        Path second = job.paths().layer(2);
        Files.setLastModifiedTime(job.paths().layer(1), FileTime.fromMillis(1_000));
        Files.write(second, new byte[2048]);
        sealer.preCommit1(job, SealWatch.NONE);
        assertThat(Files.getLastModifiedTime(job.paths().layer(1))).isEqualTo(FileTime.fromMillis(1_000));
        ProofVectors.sector("A").assertMade(job, sealer.preCommit2(job, SealWatch.NONE));
    }

    @Test
    void anotherTicketBeginsAnew() throws IOException {
        seal(ProofVectors.sector("A"));
        seal(ProofVectors.sector("version 1.1 ticket 01"));
    }

    @Test
    void aDamagedLayerIsNoticedBeforeTheReplicaIsMade() throws IOException {
        SealJob job = ProofVectors.sector("pattern").job(folder);
        sealer.preCommit1(job, SealWatch.NONE);
        flip(job.paths().layer(1), 700);
        assertThatThrownBy(() -> sealer.preCommit2(job, SealWatch.NONE)).isInstanceOf(WrongFileException.class)
                .hasMessageContaining("sc-02-data-layer-1.dat is damaged");
        assertThat(job.paths().sealed()).doesNotExist();
        sealer.preCommit1(job, SealWatch.NONE);
        ProofVectors.sector("pattern").assertMade(job, sealer.preCommit2(job, SealWatch.NONE));
    }

    @Test
    void damagedDataIsNoticedInBothSteps() throws IOException {
        SealJob job = ProofVectors.sector("pattern").job(folder);
        sealer.preCommit1(job, SealWatch.NONE);
        flip(job.paths().unsealed(), 1_000);
        assertThatThrownBy(() -> sealer.preCommit2(job, SealWatch.NONE)).isInstanceOf(WrongDataException.class)
                .hasMessageContaining("has changed");
        assertThatThrownBy(() -> sealer.preCommit1(job, SealWatch.NONE)).isInstanceOf(WrongDataException.class)
                .hasMessageContaining("another commitment");
        assertThat(job.paths().sealed()).doesNotExist();
    }

    @Test
    void whatIsCancelledGoesOnWhereItWas() throws IOException {
        SealJob job = ProofVectors.sector("A").job(folder);
        AtomicBoolean cancelled = new AtomicBoolean();
        assertThatThrownBy(() -> sealer.preCommit1(job, watch(cancelled)))
                .isInstanceOf(SealCancelledException.class);
        assertThat(job.paths().layer(1)).exists();
        assertThat(job.paths().layer(2)).doesNotExist();
        sealer.preCommit1(job, SealWatch.NONE);
        ProofVectors.sector("A").assertMade(job, sealer.preCommit2(job, SealWatch.NONE));
    }

    /** Cancels once the first layer is done. */
    private static SealWatch watch(AtomicBoolean cancelled) {
        return new SealWatch() {
            @Override
            public void at(String step, long done, long total) {
                cancelled.compareAndSet(false, step.equals("layer-1") && done == total);
            }

            @Override
            public boolean isCancelled() {
                return cancelled.get();
            }
        };
    }

    private SealJob seal(SectorVector sector) throws IOException {
        SealJob job = sector.job(folder);
        sealer.preCommit1(job, SealWatch.NONE);
        sector.assertMade(job, sealer.preCommit2(job, SealWatch.NONE));
        return job;
    }

    private static void flip(Path file, int at) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[at] ^= 4;
        Files.write(file, bytes);
    }
}
