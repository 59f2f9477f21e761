package io.caravan.proofs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.model.FilAddress;
import io.caravan.proofs.ProofVectors.SectorVector;
import io.caravan.proofs.VanillaProof.Challenged;
import io.caravan.proofs.VanillaProof.Column;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proofs of a sealed sector's challenged nodes: made from files, written small, held against what they claim. */
@Tag("compute")
class VanillaProofTest {

    private static final Bytes ZEROS = Bytes.wrap(new byte[32]);
    private static final Bytes ONES = Bytes.ofHex("01".repeat(32));

    @TempDir
    static Path folder;
    private static SealStatement statement;
    private static SectorPaths files;
    private static Bytes proof;

    @BeforeAll
    static void seal() throws IOException {
        SectorVector sector = ProofVectors.sector("A");
        SealJob job = sealed(sector, folder);
        files = job.paths();
        statement = statement(sector, job, ONES);
        proof = DevnetSealProof.encode(statement.kind(), VanillaProver.prove(statement, files));
    }

    private static SealJob sealed(SectorVector sector, Path folder) throws IOException {
        SealJob job = sector.job(folder);
        Sealer sealer = new Sealer(folder.resolve("shared"), 2);
        sealer.preCommit1(job, SealWatch.NONE);
        sealer.preCommit2(job, SealWatch.NONE);
        return job;
    }

    private static SealStatement statement(SectorVector sector, SealJob job, Bytes seed) throws IOException {
        return new SealStatement(sector.porep(), sector.miner(), sector.number(), job.commD(),
                Sealer.commitments(job.paths()).commR(), sector.ticket(), seed);
    }

    private static SealStatement with(Bytes seed) {
        return new SealStatement(statement.kind(), statement.miner(), statement.sector(), statement.commD(),
                statement.commR(), statement.ticket(), seed);
    }

    @Test
    void challengesFollowFromReplicaAndSeed() {
        assertThat(with(ZEROS).challenges()).containsExactly(39, 13);
        assertThat(with(ONES).challenges()).containsExactly(15, 45);
    }

    @Test
    void provesTheSectorForEverySeed() throws IOException {
        Random random = new Random(1);
        for (int i = 0; i < 10; i++) {
            byte[] seed = new byte[32];
            random.nextBytes(seed);
            SealStatement drawn = with(Bytes.wrap(seed));
            Bytes made = DevnetSealProof.encode(drawn.kind(), VanillaProver.prove(drawn, files));
            assertThat(DevnetSealProof.flaw(drawn, made)).isEmpty();
            assertThat(made.size()).isEqualTo(DevnetSealProof.length(drawn.kind()));
        }
    }

    @Test
    @Tag("matrix")
    void provesASectorOf8MiB(@TempDir Path other) throws IOException {
        SectorVector sector = ProofVectors.sector("8 MiB");
        SealJob job = sealed(sector, other);
        SealStatement large = statement(sector, job, ONES);
        Bytes made = DevnetSealProof.encode(large.kind(), VanillaProver.prove(large, job.paths()));
        assertThat(DevnetSealProof.flaw(large, made)).isEmpty();
        PostStatement.Sector again = new PostStatement.Sector(sector.number(), large.commR());
        assertThat(PostProver.prove(large.kind(), ONES, again, job.paths()).flaw(large.kind(), ONES, again)).isEmpty();
    }

    @Test
    void fitsAMessageOfTheNetworkAtEverySectorSize() {
        assertThat(List.of(5L, 6L, 7L)).allSatisfy(number ->
                assertThat(DevnetSealProof.length(PoRep.ofNumber(number))).isLessThan(63 << 10));
    }

    @Test
    void readsWhatItWrites() {
        VanillaProof read = DevnetSealProof.decode(statement, proof);
        assertThat(DevnetSealProof.encode(statement.kind(), read)).isEqualTo(proof);
        assertThat(VanillaCheck.flaw(statement, read)).isEmpty();
    }

    @Test
    void refusesAChangedBitAnywhereAndSaysWhatFailsFirst() {
        Random random = new Random(7);
        int from = 0;
        for (Part part : parts()) {
            int step = Math.max(1, part.length / 4);
            for (int at = from; at < from + part.length; at += step) {
                assertRefused(part, Math.min(from + part.length - 1, at + random.nextInt(step)), random.nextInt(8));
            }
            from += part.length;
        }
        assertThat(from).isEqualTo(proof.size());
    }

    @Test
    @Tag("matrix")
    void refusesAChangedBitInEveryByte() {
        Random random = new Random(8);
        int from = 0;
        for (Part part : parts()) {
            for (int at = from; at < from + part.length; at++) {
                assertRefused(part, at, random.nextInt(8));
            }
            from += part.length;
        }
    }

    private static void assertRefused(Part part, int place, int bit) {
        byte[] changed = proof.toArray();
        changed[place] ^= (byte) (1 << bit);
        assertThat(DevnetSealProof.flaw(statement, Bytes.wrap(changed))).as("byte %d, %s", place, part.name)
                .hasValueSatisfying(flaw -> assertThat(flaw).matches(part.flaw));
    }

    /** A run of the proof's bytes, and what is said when one of them is wrong. */
    private record Part(String name, int length, String flaw) {
    }

    private static List<Part> parts() {
        List<Part> parts = new ArrayList<>();
        parts.add(new Part("tag", DevnetSealProof.TAG.length() + 1, "tag of the proof.*"));
        parts.add(new Part("comm_c", 32, "comm_c path of column 0, challenge 0"));
        parts.add(new Part("comm_r_last", 32, "comm_r_last path of challenge 0"));
        for (int i = 0; i < 2; i++) {
            String where = "challenge " + i;
            parts.add(new Part("number", 4, "node of " + where + ": .*|node .* in a sector of 64"));
            parts.add(new Part("data", 32 * 7, "comm_d path of " + where));
            parts.add(new Part("replica", 32 * 15, "comm_r_last path of " + where));
            for (int j = 0; j < VanillaProof.COLUMNS; j++) {
                String column = "column " + j + ", " + where;
                parts.add(new Part(column, 4, "node of " + column + "|node .* in a sector of 64"));
                parts.add(new Part(column, 64, "(comm_c path|labels) of " + column));
                parts.add(new Part(column, 32 * 14, "comm_c path of " + column));
            }
        }
        return parts;
    }

    @Test
    void refusesAProofThatIsCutOrLongerAtEveryByte() {
        byte[] whole = proof.toArray();
        for (int length = 0; length < whole.length; length++) {
            assertThat(DevnetSealProof.flaw(statement, Bytes.of(whole, 0, length)))
                    .hasValueSatisfying(flaw -> assertThat(flaw).startsWith("length of the proof"));
        }
        assertThat(DevnetSealProof.flaw(statement, Bytes.concat(proof, Bytes.wrap(new byte[1])))).isPresent();
    }

    @Test
    void refusesAProofOfAnotherStatement() {
        assertThat(DevnetSealProof.flaw(with(ZEROS), proof))
                .contains("node of challenge 0: 15, but miner, sector, ticket, CommD and seed ask for 39");
        assertFlaw(new SealStatement(statement.kind(), FilAddress.ofId(1001), 1, statement.commD(), statement.commR(),
                statement.ticket(), ONES));
        assertFlaw(new SealStatement(statement.kind(), statement.miner(), 2, statement.commD(), statement.commR(),
                statement.ticket(), ONES));
        assertFlaw(new SealStatement(statement.kind(), statement.miner(), 1, statement.commD(), statement.commR(), ONES,
                ONES));
        assertFlaw(new SealStatement(statement.kind(), statement.miner(), 1, Cid.commP(new byte[32]), statement.commR(),
                statement.ticket(), ONES));
        assertThat(DevnetSealProof.flaw(new SealStatement(statement.kind(), statement.miner(), 1, statement.commD(),
                Cid.commR(new byte[32]), statement.ticket(), ONES), proof)).contains("comm_r of comm_c and comm_r_last");
        assertThat(DevnetSealProof.flaw(new SealStatement(PoRep.ofNumber(6), statement.miner(), 1, statement.commD(),
                statement.commR(), statement.ticket(), ONES), proof)).get().asString().startsWith("length of the proof");
    }

    private static void assertFlaw(SealStatement other) {
        assertThat(DevnetSealProof.flaw(other, proof)).isPresent();
    }

    /** Everything consistent but the label itself: what a prover that skips the labelling would send. */
    @Test
    void refusesAReplicaThatWasNotMadeOfItsLabels() {
        VanillaProof good = DevnetSealProof.decode(statement, proof);
        assertThat(flawWith(good, one -> new Challenged(one.node(), one.replica(), one.replica(), one.columns())))
                .isEqualTo("comm_d path of challenge 1");
        assertThat(flawWith(good, one -> new Challenged(one.node(), one.data(), one.replica(),
                one.columns().subList(0, 14)))).isEqualTo("columns of challenge 1");
        assertThat(flawWith(good, one -> {
            List<Column> columns = new ArrayList<>(one.columns());
            columns.set(3, columns.get(4));
            return new Challenged(one.node(), one.data(), one.replica(), columns);
        })).matches("node of column 3, challenge 1");
        assertThat(flawWith(good, one -> {
            List<Column> columns = new ArrayList<>(one.columns());
            Column own = columns.get(0);
            columns.set(0, new Column(own.node(), List.of(own.labels().get(1), own.labels().get(0)), own.inclusion()));
            return new Challenged(one.node(), one.data(), one.replica(), columns);
        })).isEqualTo("hash of column 0, challenge 1");
    }

    private static String flawWith(VanillaProof good, java.util.function.UnaryOperator<Challenged> change) {
        List<Challenged> challenges = new ArrayList<>(good.challenges());
        challenges.set(1, change.apply(challenges.get(1)));
        return VanillaCheck.flaw(statement, new VanillaProof(challenges)).orElse("none");
    }

    /** A whole sector with columns committed to, whose replica was encoded with other labels than the graph asks for. */
    @Test
    void refusesConsistentCommitmentsOverWrongLabels(@TempDir Path other) throws IOException {
        SectorVector vector = ProofVectors.sector("A");
        SealJob honest = vector.job(other);
        Sealer sealer = new Sealer(other.resolve("shared"), 1);
        SealJob lie = new SealJob(honest.porep(), ONES, honest.commD(), honest.paths()); // another replica's labels
        sealer.preCommit1(lie, SealWatch.NONE);
        Cid commR = sealer.preCommit2(lie, SealWatch.NONE).commR();
        SealStatement claimed = new SealStatement(vector.porep(), vector.miner(), vector.number(), honest.commD(), commR,
                vector.ticket(), ONES);
        assertThatThrownBy(() -> VanillaProver.prove(claimed, honest.paths())).isInstanceOf(WrongFileException.class)
                .hasMessageContaining("label of layer 1, challenge 0");
    }

    @Test
    void damagedFilesNeverLeaveTheProver(@TempDir Path other) throws IOException {
        SectorVector vector = ProofVectors.sector("pattern");
        SealJob job = sealed(vector, other);
        SealStatement honest = statement(vector, job, ONES);
        int node = honest.challenges().get(0);
        assertThat(VanillaProver.prove(honest, job.paths()).challenges()).hasSize(2);
        assertRefused(honest, job.paths(), job.paths().layer(1), node * 32, "hash of column 0");
        assertRefused(honest, job.paths(), job.paths().treeD(), node * 32, "comm_d path of challenge 0");
        assertRefused(honest, job.paths(), job.paths().treeC(), node * 32, "hash of column 0");
        assertRefused(honest, job.paths(), job.paths().sealed(), 5, "comm_r_last path of challenge 0");
        Files.delete(job.paths().layer(2));
        assertThatThrownBy(() -> VanillaProver.prove(honest, job.paths())).isInstanceOf(WrongFileException.class)
                .hasMessageContaining("sc-02-data-layer-2.dat");
    }

    private static void assertRefused(SealStatement honest, SectorPaths paths, Path file, int place, String reason)
            throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[place] ^= 1;
        Files.write(file, bytes);
        assertThatThrownBy(() -> VanillaProver.prove(honest, paths)).isInstanceOf(WrongFileException.class)
                .hasMessageContaining(reason);
        bytes[place] ^= 1;
        Files.write(file, bytes);
    }
}
