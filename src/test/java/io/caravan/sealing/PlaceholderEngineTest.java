package io.caravan.sealing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.chain.DevnetProof;
import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.model.Epoch;
import io.caravan.model.FilAddress;
import io.caravan.model.PaddedPieceSize;
import io.caravan.model.Sector;
import io.caravan.model.SectorNumber;
import io.caravan.model.SectorPiece;
import io.caravan.piece.CommPStream;
import io.caravan.piece.UnsealedSector;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlaceholderEngineTest {

    private static final SectorRef SECTOR = new SectorRef(FilAddress.ofId(1000), SectorNumber.of(7), SealProof.SEAL_2K);
    private static final Bytes TICKET = Bytes.wrap(new byte[32]);
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    private Path home;

    private PlaceholderEngine engine() {
        return new PlaceholderEngine(new SectorFiles(home), SealingEngine.Progress.NONE);
    }

    /** {@code b/d}: the byte b, 2032/d times (spec sealing 1.5). */
    private SectorPiece piece(String what, long offset, boolean isWritten) throws IOException {
        String[] parts = what.split("/");
        byte[] data = new byte[2032 / Integer.parseInt(parts[1])];
        Arrays.fill(data, Byte.parseByte(parts[0]));
        Path file = Files.write(home.resolve(what.replace('/', '-') + offset), data);
        var made = CommPStream.of(new ByteArrayInputStream(data));
        return new SectorPiece(Cid.rawSha256(what.getBytes()), 1, made.commP(), made.commP(), made.size(),
                file.toString(),
                data.length, Epoch.of(9), Epoch.of(99), true, NOW, SECTOR.number(), offset, isWritten ? NOW : null,
                null);
    }

    @ParameterizedTest
    @CsvSource({
            "1/2@0, 0cef72bef8c501f767fe32f6add6aed8ba0687fbac0754283022dc81ac13bd1e",
            "1/4@0, e6d48ab18d3b8e4156cad7c078d2b2d835cc5e9b3bf5e4cc8dde8d2b04ed3812",
            "1/4@0 2/2@1024, 6485cdb87fec29f59cbdb6f121c46bf9c2ef9269fe35318bf0462f5e323b402a",
            "1/8@0 2/4@512, 0bde8535f3c28c93b8477cf17b0668282b25fd317aa8d32b1eefdf2d2c32a224",
            "1/16@0 2/8@256 3/16@512 4/4@1024 5/16@1536,"
                    + " a85d5d5e064186ebf47cb6f0ab481a39b18b2972e911c71b5cd376b9b495e834",
    })
    void commitsToThePiecesAsTheNetworkDoes(String layout, String commD) throws IOException {
        List<SectorPiece> pieces = new ArrayList<>();
        for (String one : layout.split(" ")) {
            pieces.add(piece(one.split("@")[0], Long.parseLong(one.split("@")[1]), false));
        }
        List<SectorPiece> written = new ArrayList<>();
        Cid made = engine().addPieces(SECTOR, pieces, written::add);
        assertThat(Bytes.of(made.commitment()).hex()).isEqualTo(commD);
        assertThat(written).isEqualTo(pieces);
        assertThat(engine().addPieces(SECTOR, pieces, piece -> { })).isEqualTo(made);
    }

    @Test
    void keepsTheDataReadableInTheUnsealedFile() throws IOException {
        engine().addPieces(SECTOR, List.of(piece("1/4", 0, false), piece("2/2", 1024, false)), piece -> { });
        Path file = new SectorFiles(home).unsealed(SECTOR);
        assertThat(file).hasFileName("s-t01000-7");
        assertThat(Files.size(file)).isEqualTo(2048);
        var out = new ByteArrayOutputStream();
        try (FileChannel channel = FileChannel.open(file)) {
            new UnsealedSector(channel).read(1024, 1016, out);
        }
        assertThat(out.toByteArray()).hasSize(1016).containsOnly(2);
    }

    @Test
    void writesOnlyWhatIsNotWrittenUnlessTheFileIsGone() throws IOException {
        SectorPiece piece = piece("1/2", 0, false);
        engine().addPieces(SECTOR, List.of(piece), done -> { });
        SectorPiece written = piece("1/2", 0, true);
        Files.delete(Path.of(written.file()));
        engine().addPieces(SECTOR, List.of(written), done -> { });
        engine().remove(SECTOR);
        engine().remove(SECTOR);
        assertThatThrownBy(() -> engine().addPieces(SECTOR, List.of(written), done -> { }))
                .isInstanceOf(PieceRefusedException.class).hasMessageContaining("gone");
    }

    @Test
    void refusesDataThatIsNotWhatTheDealSays() throws IOException {
        SectorPiece piece = piece("1/2", 0, false);
        Files.write(Path.of(piece.file()), new byte[] {1, 2, 3});
        assertThatThrownBy(() -> engine().addPieces(SECTOR, List.of(piece), done -> { }))
                .isInstanceOf(PieceRefusedException.class).hasMessageContaining(piece.pieceCid().toString());
        Files.write(Path.of(piece.file()), new byte[5000]);
        assertThatThrownBy(() -> engine().addPieces(SECTOR, List.of(piece), done -> { }))
                .isInstanceOf(PieceRefusedException.class).hasMessageContaining("does not fit");
    }

    @Test
    void refusesPlacesThatAreNotThoseOfTheList() throws IOException {
        SectorPiece piece = piece("1/4", 512, false);
        assertThatThrownBy(() -> engine().addPieces(SECTOR, List.of(piece), done -> { }))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void saysThatItMakesNoReplicaAndProvesOnlyToADevnet() throws IOException {
        PlaceholderEngine engine = engine();
        assertThat(engine.notice()).hasValueSatisfying(notice -> assertThat(notice).contains("no replica")
                .contains("devnet only"));
        assertThat(engine.capabilities().hasReplica()).isFalse();
        Cid commD = engine.addPieces(SECTOR, List.of(piece("1/2", 0, false)), done -> { });
        engine.preCommit1(SECTOR, TICKET, commD);
        Cid commR = engine.preCommit2(SECTOR, TICKET, commD);
        assertThat(commR.isCommR()).isTrue();
        assertThat(engine.preCommit2(SECTOR, TICKET, commD)).isEqualTo(commR);
        SealInputs inputs = new SealInputs(SECTOR, commD, commR, TICKET, Bytes.wrap(new byte[32]));
        engine.commit1(inputs);
        Bytes proof = engine.commit2(inputs);
        assertThat(proof.size()).isEqualTo(DevnetProof.SIZE);
        assertThat(engine.sealFlaw(inputs, proof)).isEmpty();
        assertThat(engine.sealFlaw(new SealInputs(SECTOR, commD, commR, TICKET, Bytes.wrap(filled())), proof))
                .isPresent();
    }

    @Test
    void keepsTheDataInTheReplicasPlaceAndAnUnsealedCopyOnlyIfItIsAskedFor() throws IOException {
        PlaceholderEngine engine = engine();
        SectorFiles files = new SectorFiles(home);
        Cid commD = engine.addPieces(SECTOR, List.of(piece("1/2", 0, false)), done -> { });
        Replica made = new Replica(SECTOR, TICKET, commD, engine.preCommit2(SECTOR, TICKET, commD));
        byte[] data = Files.readAllBytes(files.unsealed(SECTOR));
        engine.finalizeSector(made, true);
        engine.finalizeSector(made, true);
        assertThat(files.unsealed(SECTOR)).hasBinaryContent(data);
        assertThat(files.sealed(SECTOR)).hasBinaryContent(data);
        engine.finalizeSector(made, false);
        engine.finalizeSector(made, false);
        assertThat(files.unsealed(SECTOR)).doesNotExist();
        assertThat(files.sealed(SECTOR)).hasBinaryContent(data);
    }

    @Test
    void asksToBeginAgainWhenItsDataIsLost() {
        assertThatThrownBy(() -> engine().preCommit2(SECTOR, TICKET, Cid.commD(new byte[32])))
                .isInstanceOf(RedoException.class).hasMessageContaining("gone");
    }

    @ParameterizedTest
    @CsvSource({"5,2048", "6,8388608", "7,536870912", "8,34359738368", "9,68719476736"})
    void knowsWhichProofASectorSizeHas(long number, long bytes) {
        assertThat(SealProof.ofSectorSize(bytes)).isEqualTo(SealProof.ofNumber(number));
        assertThat(SealProof.ofNumber(number).sectorSize()).isEqualTo(PaddedPieceSize.of(bytes));
    }

    @ParameterizedTest(name = "deals end at {0}, ticket {1}, head {2}: promised until {3}")
    @CsvSource({
            "700000, 0, 10, 700000",
            "520000, 0, 10, 608730",       // ticket + 3780 + 86550 + 180 d
            "520000, 100, 100000, 621280", // head + 181 d
            "9000000, 0, 10, 3680650",     // head + 1278 d
    })
    void promisesASectorWithinWhatTheChainTakes(long lastEnd, long ticket, long head, long expected) {
        assertThat(SealEpochs.expiration(Epoch.of(lastEnd), new Sector.Draw(Epoch.of(ticket), TICKET), Epoch.of(head)))
                .isEqualTo(Epoch.of(expected));
    }

    private static byte[] filled() {
        byte[] seed = new byte[32];
        Arrays.fill(seed, (byte) 1);
        return seed;
    }
}
