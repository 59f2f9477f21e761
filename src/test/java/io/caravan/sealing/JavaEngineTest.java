package io.caravan.sealing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.model.Epoch;
import io.caravan.model.FilAddress;
import io.caravan.model.RetryableException;
import io.caravan.model.SectorNumber;
import io.caravan.model.SectorPiece;
import io.caravan.piece.CommPStream;
import io.caravan.piece.Piece;
import io.caravan.sealing.SealingEngine.UnsealedPiece;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JavaEngineTest {

    private static final SectorRef SECTOR = new SectorRef(FilAddress.ofId(1234), SectorNumber.of(7), SealProof.SEAL_2K);
    private static final Bytes TICKET = Bytes.ofHex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    private Path home;
    private final List<String> steps = new ArrayList<>();
    private SectorFiles files;
    private JavaEngine engine;
    private Replica made;

    @BeforeEach
    void open() {
        files = new SectorFiles(home);
        engine = new JavaEngine(files, 2, (sector, step, done, total) -> steps.add(step));
    }

    private SectorPiece piece(byte[] data, long offset) throws IOException {
        Path file = Files.write(home.resolve("piece-" + offset), data);
        var made = CommPStream.of(new ByteArrayInputStream(data));
        return new SectorPiece(Cid.rawSha256(data), 1, made.commP(), made.commP(), made.size(), file.toString(),
                data.length, Epoch.of(9), Epoch.of(99), true, NOW, SECTOR.number(), offset, null, null);
    }

    private static byte[] pattern(int length) {
        byte[] data = new byte[length];
        for (int i = 0; i < length; i++) {
            data[i] = (byte) ((i * i + 7) % 251);
        }
        return data;
    }

    private Cid seal(SectorPiece... pieces) {
        Cid commD = engine.addPieces(SECTOR, List.of(pieces), piece -> { });
        engine.preCommit1(SECTOR, TICKET, commD);
        made = new Replica(SECTOR, TICKET, commD, engine.preCommit2(SECTOR, TICKET, commD));
        return commD;
    }

    @Test
    void sealsToTheNetworksCommitment() throws IOException {
        Cid commD = seal(piece(pattern(2032), 0));
        assertThat(engine.preCommit2(SECTOR, TICKET, commD))
                .hasToString("bagboea4b5abca2lxvsqaa3l7j5zt5q2etyd6j7ssynbvjgg2newvzsewhbnqilsh");
        assertThat(steps).contains("pieces", "tree-d", "layer-1", "layer-2", "tree-c", "tree-r-last");
        assertThat(engine.capabilities().hasReplica()).isTrue();
        assertThat(engine.notice()).hasValueSatisfying(notice -> assertThat(notice).contains("no other chain accepts"));
    }

    @Test
    void aSectorTakesNoMoreDiskThanIsReservedForIt() throws IOException {
        seal(piece(pattern(2032), 0));
        assertThat(files.bytes(SECTOR)).isBetween(7 * 2048L, engine.diskBytes(SECTOR.proof()));
        engine.finalizeSector(made, false);
        assertThat(files.bytes(SECTOR)).isLessThan(3 * 2048L);
    }

    @Test
    void finalizingKeepsWhatProvingNeeds() throws IOException {
        seal(piece(pattern(2032), 0));
        engine.finalizeSector(made, true);
        assertThat(files.unsealed(SECTOR)).exists();
        engine.finalizeSector(made, false);
        engine.finalizeSector(made, false);
        assertThat(files.unsealed(SECTOR)).doesNotExist();
        try (Stream<Path> left = Files.list(files.cache(SECTOR))) {
            assertThat(left.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("p_aux", "t_aux", "sc-02-data-tree-r-last.dat");
        }
        Files.delete(files.cache(SECTOR).resolve("sc-02-data-tree-r-last.dat"));
        assertThatThrownBy(() -> engine.finalizeSector(made, false)).isInstanceOf(RedoException.class);
    }

    @Test
    void givesTheVeryBytesOfAPieceBackFromTheReplicaAndFromTheCopy() throws IOException {
        byte[] first = new byte[500];
        byte[] second = new byte[1016];
        new Random(5).nextBytes(first);
        new Random(6).nextBytes(second);
        SectorPiece one = piece(first, 0);
        SectorPiece two = piece(second, 1024);
        Cid commD = seal(one, two);
        for (boolean keep : new boolean[] {true, false}) {
            engine.finalizeSector(made, keep);
            assertThat(unseal(commD, one, first.length)).isEqualTo(first);
            assertThat(unseal(commD, two, second.length)).isEqualTo(second);
            assertThat(unseal(commD, two, 10)).isEqualTo(Arrays.copyOf(second, 10));
        }
        try (Stream<Path> left = Files.list(files.cache(SECTOR))) {
            assertThat(left).hasSize(3);
        }
    }

    @Test
    void givesNothingOfAPieceWhoseReplicaIsDamaged() throws IOException {
        SectorPiece one = piece(pattern(2032), 0);
        Cid commD = seal(one);
        engine.finalizeSector(made, false);
        byte[] replica = Files.readAllBytes(files.sealed(SECTOR));
        replica[1500] ^= 1;
        Files.write(files.sealed(SECTOR), replica);
        var out = new ByteArrayOutputStream();
        assertThatThrownBy(() -> engine.unseal(wanted(commD, one, 2032), out, SealingEngine.Progress.NONE)).isInstanceOf(RedoException.class)
                .hasMessageContaining(one.pieceCid().toString());
        assertThat(out.size()).isZero();
    }

    @Test
    void asksToBeginAgainWhenDataOrLayersAreDamagedAndThenDoes() throws IOException {
        SectorPiece one = piece(pattern(2032), 0);
        Cid commD = engine.addPieces(SECTOR, List.of(one), piece -> { });
        engine.preCommit1(SECTOR, TICKET, commD);
        Path layer = files.cache(SECTOR).resolve("sc-02-data-layer-2.dat");
        Files.write(layer, new byte[2048]);
        assertThatThrownBy(() -> engine.preCommit2(SECTOR, TICKET, commD)).isInstanceOf(RedoException.class)
                .hasMessageContaining("sc-02-data-layer-2.dat is damaged");
        engine.remove(SECTOR);
        engine.remove(SECTOR);
        assertThat(files.cache(SECTOR)).doesNotExist();
        assertThatThrownBy(() -> engine.preCommit1(SECTOR, TICKET, commD)).isInstanceOf(RedoException.class)
                .hasMessageContaining("gone");
        assertThat(seal(one)).isEqualTo(commD);
        Files.write(files.unsealed(SECTOR), new byte[2048]);
        assertThatThrownBy(() -> engine.preCommit2(SECTOR, TICKET, commD)).isInstanceOf(RedoException.class)
                .hasMessageContaining("has changed");
    }

    @Test
    void aReplicaOfAnotherTicketIsNotProven() throws IOException {
        Cid commD = seal(piece(pattern(2032), 0));
        Cid other = engine.preCommit2(SECTOR, TICKET, commD);
        Bytes zero = Bytes.wrap(new byte[32]);
        assertThatThrownBy(() -> engine.preCommit2(SECTOR, zero, commD)).isInstanceOf(RedoException.class);
        engine.preCommit1(SECTOR, zero, commD);
        engine.preCommit2(SECTOR, zero, commD);
        assertThatThrownBy(() -> engine.commit1(new SealInputs(SECTOR, commD, other, zero, zero)))
                .isInstanceOf(RedoException.class).hasMessageContaining("p_aux has CommR");
    }

    @Test
    void provesWhatItSealedByAWholeVanillaProof() throws IOException {
        Cid commD = seal(piece(pattern(2032), 0));
        Bytes seed = Bytes.ofHex("01".repeat(32));
        SealInputs inputs = new SealInputs(SECTOR, commD, engine.preCommit2(SECTOR, TICKET, commD), TICKET, seed);
        engine.commit1(inputs);
        byte[] proof = engine.commit2(inputs).toArray();
        assertThat(engine.capabilities().proofKind()).isEqualTo(SealingEngine.ProofKind.VANILLA_DEVNET);
        assertThat(engine.sealFlaw(inputs, Bytes.wrap(proof))).isEmpty();
        proof[proof.length / 2] ^= 1;
        assertThat(engine.sealFlaw(inputs, Bytes.wrap(proof))).isPresent();
        assertThat(engine.sealFlaw(new SealInputs(SECTOR, commD, inputs.commR(), TICKET, TICKET), Bytes.of(proof)))
                .isPresent();
    }

    @Test
    void breaksOffWhenItIsClosed() throws IOException {
        Cid commD = engine.addPieces(SECTOR, List.of(piece(pattern(2032), 0)), piece -> { });
        engine.close();
        assertThatThrownBy(() -> engine.preCommit1(SECTOR, TICKET, commD)).isInstanceOf(RetryableException.class)
                .hasMessageContaining("broken off");
    }

    private byte[] unseal(Cid commD, SectorPiece piece, int length) {
        var out = new ByteArrayOutputStream();
        engine.unseal(wanted(commD, piece, length), out, SealingEngine.Progress.NONE);
        return out.toByteArray();
    }

    private static UnsealedPiece wanted(Cid commD, SectorPiece piece, int length) {
        return new UnsealedPiece(SECTOR, TICKET, commD, new Piece(piece.pieceCid(), piece.size()), piece.offset(), 0, length);
    }
}
