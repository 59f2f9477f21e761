package io.caravan.piece;

import static io.caravan.piece.PieceVectors.commP;
import static io.caravan.piece.PieceVectors.pattern;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.codec.Cid;
import io.caravan.model.PaddedPieceSize;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnsealedSectorTest {
    private static final PaddedPieceSize SECTOR = new PaddedPieceSize(1 << 20);

    @TempDir
    Path folder;

    @Test
    void writesWhatItsLayoutCommitsTo() throws IOException {
        byte[] first = pattern(1000);
        byte[] second = pattern(400_000);
        SectorLayout layout = SectorLayout.of(SECTOR,
                java.util.List.of(commP(first).paddedTo(new PaddedPieceSize(4096)).piece(), commP(second).piece()));
        Path path = folder.resolve("s-t01000-1");
        try (FileChannel file = open(path)) {
            var sector = new UnsealedSector(file);
            for (PlacedPiece p : layout.pieces()) {
                byte[] payload = p.offset() == 0 ? first : second;
                for (int again = 0; again < 2; again++) {
                    PieceCommitment made = sector.write(p.offset(), p.piece().size(), new ByteArrayInputStream(payload));
                    assertThat(made.piece()).isEqualTo(p.piece());
                }
            }
            sector.extendTo(SECTOR);
            var out = new ByteArrayOutputStream();
            sector.read(layout.pieces().get(1).offset(), second.length, out);
            assertThat(out.toByteArray()).isEqualTo(second);
        }
        byte[] bytes = Files.readAllBytes(path);
        assertThat(bytes).hasSize(1 << 20);
        assertThat(Cid.commD(new NodeHasher().reduce(bytes, bytes.length / 32))).isEqualTo(layout.commD());
    }

    @Test
    void zeroesWhatALongerEarlierTryLeftBehind() throws IOException {
        try (FileChannel file = open(folder.resolve("s"))) {
            var sector = new UnsealedSector(file);
            var size = new PaddedPieceSize(4096);
            sector.write(0, size, new ByteArrayInputStream(pattern(4064)));
            sector.write(0, size, new ByteArrayInputStream(pattern(100)));
            var out = new ByteArrayOutputStream();
            sector.read(0, 4064, out);
            assertThat(commP(out.toByteArray()).piece()).isEqualTo(commP(pattern(100)).paddedTo(size).piece());
        }
    }

    @Test
    void readsEveryRangeOfAPiece() throws IOException {
        byte[] whole = pattern(130_048);
        Random random = new Random(7);
        try (FileChannel file = open(folder.resolve("s"))) {
            var sector = new UnsealedSector(file);
            sector.write(131072, new PaddedPieceSize(131072), new ByteArrayInputStream(whole));
            for (int i = 0; i < 300; i++) {
                int from = i < 130 ? i : random.nextInt(whole.length + 1);
                int length = i % 3 == 0 ? random.nextInt(300) : random.nextInt(whole.length - from + 1);
                length = Math.min(length, whole.length - from);
                var out = new ByteArrayOutputStream();
                sector.read(131072, from, length, out);
                assertThat(out.toByteArray()).isEqualTo(Arrays.copyOfRange(whole, from, from + length));
            }
        }
    }

    @Test
    void refusesAPayloadThatWouldReachIntoTheNextPiece() throws IOException {
        try (FileChannel file = open(folder.resolve("s"))) {
            var sector = new UnsealedSector(file);
            sector.write(131072, new PaddedPieceSize(131072), new ByteArrayInputStream(pattern(130048)));
            assertThatThrownBy(() -> sector.write(0, new PaddedPieceSize(131072),
                    new ByteArrayInputStream(pattern(130049)))).isInstanceOf(IllegalArgumentException.class);
            var out = new ByteArrayOutputStream();
            sector.read(131072, 130048, out);
            assertThat(out.toByteArray()).isEqualTo(pattern(130048));
        }
    }

    @Test
    void refusesAnOffsetThatIsNotAligned() throws IOException {
        try (FileChannel file = open(folder.resolve("s"))) {
            assertThatThrownBy(() -> new UnsealedSector(file).write(128, new PaddedPieceSize(256),
                    new ByteArrayInputStream(new byte[10]))).isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static FileChannel open(Path path) throws IOException {
        return FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }
}
