package io.caravan.proofs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.proofs.ProofVectors.SectorVector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proofs that replicas are still there. */
class PostProofTest {

    private static final Bytes DRAWN = Bytes.ofHex("ff".repeat(32));

    @TempDir
    private Path folder;
    private PoRep kind;
    private SectorPaths files;
    private PostStatement.Sector sector;

    @BeforeEach
    void seal() throws IOException {
        SectorVector vector = ProofVectors.sector("pattern");
        SealJob job = vector.job(folder);
        Sealer sealer = new Sealer(folder.resolve("shared"), 1);
        sealer.preCommit1(job, SealWatch.NONE);
        sealer.preCommit2(job, SealWatch.NONE);
        Sealer.trim(job.porep(), job.paths());
        kind = job.porep();
        files = job.paths();
        sector = new PostStatement.Sector(vector.number(), Sealer.commitments(files).commR());
    }

    @Test
    void challengesAreTheNetworksOwn() {
        assertThat(LongStream.range(0, 10).map(i -> Challenges.leaf(1L << 30, Bytes.wrap(new byte[32]), 1, i)))
                .containsExactly(707914199L, 439148358L, 967788220L, 548708700L, 1061661429L, 6202012L, 1055504637L,
                        389535735L, 1000069704L, 600088878L);
        assertThat(Challenges.ofWindow(64, DRAWN, 1)).as("the two top bits do not count")
                .isEqualTo(Challenges.ofWindow(64, Bytes.ofHex("ff".repeat(31) + "3f"), 1));
    }

    @Test
    void provesTrimmedSectorsTogether() throws IOException {
        PostStatement.Sector other = new PostStatement.Sector(sector.number() + 1, sector.commR());
        PostStatement statement = new PostStatement(kind, DRAWN, List.of(sector, other));
        Bytes proof = DevnetPostProof.encode(kind, new PostProof(List.of(prove(sector), prove(other))));

        assertThat(DevnetPostProof.flaw(statement, proof)).isEmpty();
        assertThat(proof.size()).isEqualTo(DevnetPostProof.length(kind, 2));
        assertThat(DevnetPostProof.encode(kind, DevnetPostProof.decode(statement, proof))).isEqualTo(proof);
        assertThat(DevnetPostProof.flaw(new PostStatement(kind, DRAWN, List.of(other, sector)), proof))
                .get().asString().matches("number of leaf 0: \\d+, but randomness and sector ask for \\d+, sector " + other.number());
    }

    @Test
    void refusesAChangedBitAnywhere() throws IOException {
        PostStatement statement = new PostStatement(kind, DRAWN, List.of(sector));
        Bytes proof = DevnetPostProof.encode(kind, new PostProof(List.of(prove(sector))));
        Random random = new Random(3);
        for (int at = 0; at < proof.size(); at += 1 + random.nextInt(20)) {
            byte[] changed = proof.toArray();
            changed[at] ^= (byte) (1 << random.nextInt(8));
            assertThat(DevnetPostProof.flaw(statement, Bytes.wrap(changed))).as("byte %d", at).isPresent();
        }
        byte[] changed = proof.toArray();
        changed[changed.length - 1] ^= 1;
        assertThat(DevnetPostProof.flaw(statement, Bytes.wrap(changed))).contains("path of leaf 9, sector "
                + sector.number());
        for (int length = 0; length < proof.size(); length++) {
            assertThat(DevnetPostProof.flaw(statement, proof.slice(0, length))).get().asString()
                    .startsWith("length of the proof");
        }
    }

    @Test
    void refusesAnotherDrawAndAnotherReplica() throws IOException {
        Bytes proof = DevnetPostProof.encode(kind, new PostProof(List.of(prove(sector))));
        assertThat(DevnetPostProof.flaw(new PostStatement(kind, Bytes.wrap(new byte[32]), List.of(sector)), proof))
                .isPresent();
        PostStatement.Sector stranger = new PostStatement.Sector(sector.number(), Cid.commR(new byte[32]));
        assertThat(DevnetPostProof.flaw(new PostStatement(kind, DRAWN, List.of(stranger)), proof))
                .contains("comm_r of comm_c and comm_r_last, sector " + sector.number());
        assertThat(new PostProof(List.of()).flaw(new PostStatement(kind, DRAWN, List.of(sector))))
                .contains("number of sectors");
    }

    @Test
    void saysWhatIsWrongWithTheFilesOfASector() throws IOException {
        byte[] replica = Files.readAllBytes(files.sealed());
        replica[1000] ^= 4;
        Files.write(files.sealed(), replica);
        assertRefused("is damaged: path of leaf 0");
        replica[1000] ^= 4;
        Files.write(files.sealed(), replica);
        prove(sector);
        Files.write(files.pAux(), new byte[64]);
        assertRefused("comm_r of comm_c");
        Files.write(files.sealed(), new byte[100]);
        assertRefused("has 100 bytes");
        Files.delete(files.sealed());
        assertRefused("is gone");
    }

    private void assertRefused(String reason) {
        assertThatThrownBy(() -> prove(sector)).isInstanceOf(WrongFileException.class).hasMessageContaining(reason);
    }

    private PostProof.Sector prove(PostStatement.Sector of) throws IOException {
        return PostProver.prove(kind, DRAWN, of, files);
    }
}
