package io.caravan.piece;

import static io.caravan.piece.PieceVectors.pattern;
import static io.caravan.piece.PieceVectors.wire;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.codec.Cid;
import io.caravan.codec.Multihash;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportedFileTest {
    private static final UnixFsLayout SMALL = new UnixFsLayout(1000, 4, Multihash.BLAKE2B_256, 126);

    @TempDir
    Path folder;

    private Path source;
    private Path index;

    @BeforeEach
    void aFile() throws IOException {
        source = Files.write(folder.resolve("user.bin"), pattern(50_500));
        index = folder.resolve("import-1.idx");
    }

    @Test
    void servesTheSameGraphAsAFullCopyWouldHold() throws IOException {
        var copy = new MemoryBlockStore(1 << 20);
        Cid root = UnixFsBuilder.buildInto(copy, new ByteArrayInputStream(pattern(50_500)), SMALL);
        try (ImportedFile made = ImportedFile.importFile(source, index, SMALL)) {
            assertThat(made.root()).isEqualTo(root);
            assertThat(made.has(root)).isTrue();
            assertThat(made.isCar()).isFalse();
            assertThat(DagCar.commP(root, made)).isEqualTo(DagCar.commP(root, copy));
        }
        try (ImportedFile opened = ImportedFile.open(index)) {
            assertThat(opened.source()).isEqualTo(source);
            var back = new ByteArrayOutputStream();
            UnixFsFile.write(root, opened, back, 1 << 20);
            assertThat(back.toByteArray()).isEqualTo(pattern(50_500));
        }
        assertThat(Files.size(index)).isLessThan(10_000);
    }

    @Test
    void importsAnEmptyAndATinyFile() throws IOException {
        for (int n : new int[] {0, 1, 126, 1000}) {
            Path tiny = Files.write(folder.resolve("tiny" + n), pattern(n));
            try (ImportedFile made = ImportedFile.importFile(tiny, index, SMALL)) {
                assertThat(made.get(made.root())).isEqualTo(pattern(n));
            }
        }
    }

    @Test
    void noticesAFileThatIsGoneShorterOrTouched() throws IOException {
        ImportedFile.importFile(source, index, SMALL).close();
        FileTime before = Files.getLastModifiedTime(source);
        Files.setLastModifiedTime(source, FileTime.fromMillis(before.toMillis() + 5000));
        changed("written to");
        Files.write(source, pattern(50_499));
        changed("50499");
        Files.delete(source);
        changed("cannot be read");
    }

    private void changed(String how) {
        assertThatThrownBy(() -> ImportedFile.open(index)).isInstanceOf(ImportChangedException.class)
                .hasMessageContaining(source.toString()).hasMessageContaining(how);
    }

    @Test
    void neverServesBytesThatWereNotImported() throws IOException {
        try (ImportedFile made = ImportedFile.importFile(source, index, SMALL)) {
            FileTime before = Files.getLastModifiedTime(source);
            try (var file = new RandomAccessFile(source.toFile(), "rw")) {
                file.seek(30_000);
                file.write(99);
            }
            Files.setLastModifiedTime(source, before);
            made.checkUnchanged();
            assertThatThrownBy(() -> DagCar.measure(made.root(), made)).isInstanceOf(ImportChangedException.class)
                    .hasMessageContaining(source.toString()).hasMessageContaining("30000");
            try (var file = new RandomAccessFile(source.toFile(), "rw")) {
                file.setLength(100);
            }
            assertThatThrownBy(() -> DagCar.measure(made.root(), made)).isInstanceOf(ImportChangedException.class);
            assertThatThrownBy(made::checkUnchanged).isInstanceOf(ImportChangedException.class);
        }
    }

    @Test
    void usesACarInPlace() throws IOException {
        for (String name : new String[] {"car.v1", "car.v2"}) {
            Path car = Files.write(folder.resolve(name), wire(name));
            ImportedFile.importCar(car, index).close();
            try (ImportedFile made = ImportedFile.open(index)) {
                assertThat(made.isCar()).isTrue();
                assertThat(made.root().toBytes()).isEqualTo(wire("cid.root"));
                assertThat(DagCar.commP(made.root(), made).commP().toBytes()).isEqualTo(wire("cid.piece"));
            }
        }
    }

    @Test
    void refusesWhatIsNoCarOrHasNoRoot() throws IOException {
        assertThatThrownBy(() -> ImportedFile.importCar(source, index)).isInstanceOf(MalformedCarException.class);
        Path bare = Files.write(folder.resolve("bare.car"), wire("car.v1.header"));
        assertThatThrownBy(() -> ImportedFile.importCar(bare, index)).isInstanceOf(MalformedCarException.class)
                .hasMessageContaining("does not hold its root");
        assertThat(index).doesNotExist();
    }

    @Test
    void noticesACarThatChanged() throws IOException {
        Path car = Files.write(folder.resolve("x.car"), wire("car.v1"));
        try (ImportedFile made = ImportedFile.importCar(car, index)) {
            byte[] other = wire("car.v1");
            other[other.length - 3] ^= 1;
            Files.write(car, other);
            assertThatThrownBy(() -> DagCar.measure(made.root(), made)).isInstanceOf(ImportChangedException.class)
                    .hasMessageContaining("x.car");
        }
    }

    @Test
    void refusesAnIndexCutAtAnyByte() throws IOException {
        ImportedFile.importFile(source, index, SMALL).close();
        byte[] whole = Files.readAllBytes(index);
        for (int length = 0; length < whole.length; length += length < 200 ? 1 : 37) {
            Files.write(index, Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> ImportedFile.open(index)).isInstanceOf(IOException.class)
                    .hasMessageContaining("import the file again");
        }
    }

    @Test
    void namesAFileThatIsNotThere() {
        assertThatThrownBy(() -> ImportedFile.importFile(folder.resolve("no.bin"), index, SMALL))
                .isInstanceOf(IOException.class).hasMessageContaining("no.bin");
        assertThatThrownBy(() -> ImportedFile.importFile(folder, index, SMALL))
                .isInstanceOf(IOException.class).hasMessageContaining("not a regular file");
    }
}
