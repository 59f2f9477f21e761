package io.caravan.piece;

import static io.caravan.piece.PieceVectors.hex;
import static io.caravan.piece.PieceVectors.pattern;
import static io.caravan.piece.PieceVectors.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.codec.Cid;
import io.caravan.codec.Hashes;
import io.caravan.codec.Multihash;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;

class UnixFsTest {
    @Test
    void importsAsTheVectorsSay() throws IOException {
        for (String[] v : rows("unixfs.csv")) {
            var layout = new UnixFsLayout(Integer.parseInt(v[2]), Integer.parseInt(v[3]),
                    v[4].equals("sha") ? Multihash.SHA2_256 : Multihash.BLAKE2B_256, Integer.parseInt(v[5]));
            if (v[0].equals("lotus")) {
                assertThat(layout).isEqualTo(UnixFsLayout.LOTUS);
            }
            var store = new MemoryBlockStore(16 << 20);
            Cid root = UnixFsBuilder.buildInto(store, new ByteArrayInputStream(pattern(Integer.parseInt(v[1]))), layout);
            assertThat(root).as("%s bytes", v[1]).hasToString(v[6]);
            var car = new ByteArrayOutputStream();
            assertThat(DagCar.write(root, store, car))
                    .isEqualTo(new CarSummary(Long.parseLong(v[7]), Long.parseLong(v[8])));
            assertThat(hex(Hashes.sha256(car.toByteArray()))).isEqualTo(v[9]);
            PieceCommitment piece = DagCar.commP(root, store);
            assertThat(piece.size().bytes()).isEqualTo(Long.parseLong(v[10]));
            assertThat(piece.commP()).hasToString(v[11]);
        }
    }

    @Test
    void readsBackEveryFileThroughItsCar() throws IOException {
        long seed = System.nanoTime();
        System.err.println("UnixFsTest seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 60; round++) {
            byte[] file = new byte[random.nextInt(round < 30 ? 300 : 20_000)];
            random.nextBytes(file);
            var layout = new UnixFsLayout(1 + random.nextInt(200), 2 + random.nextInt(6),
                    random.nextBoolean() ? Multihash.SHA2_256 : Multihash.BLAKE2B_256, random.nextInt(200) - 1);
            var store = new MemoryBlockStore(64 << 20);
            Cid root = UnixFsBuilder.buildInto(store, new ByteArrayInputStream(file), layout);
            var car = new ByteArrayOutputStream();
            DagCar.write(root, store, car);
            var copy = new MemoryBlockStore(64 << 20);
            var reader = new CarReader(new ByteArrayInputStream(car.toByteArray()), CarLimits.DEFAULT);
            for (Block b = reader.next(); b != null; b = reader.next()) {
                assertThat(copy.put(b)).as("seed %d: each block once", seed).isTrue();
            }
            var back = new ByteArrayOutputStream();
            UnixFsFile.write(reader.roots().get(0), copy, back, file.length);
            assertThat(back.toByteArray()).as("seed %d", seed).isEqualTo(file);
        }
    }

    @Test
    void refusesAFileLargerThanAskedFor() throws IOException {
        var store = new MemoryBlockStore(1 << 20);
        Cid root = UnixFsBuilder.buildInto(store, new ByteArrayInputStream(new byte[5000]),
                new UnixFsLayout(100, 10, Multihash.SHA2_256, -1));
        assertThatThrownBy(() -> UnixFsFile.write(root, store, new ByteArrayOutputStream(), 4999))
                .isInstanceOf(MalformedBlockException.class).hasMessageContaining("more than 4999 bytes");
    }

    @Test
    void refusesADirectory() throws IOException {
        var store = new MemoryBlockStore(1000);
        byte[] directory = new DagPb(java.util.List.of(), new byte[] {8, 1}).encode();
        store.put(new Block(Cid.dagPbSha256(directory), directory));
        assertThatThrownBy(() -> UnixFsFile.write(Cid.dagPbSha256(directory), store, new ByteArrayOutputStream(), 10))
                .isInstanceOf(MalformedBlockException.class).hasMessageContaining("type 1");
    }
}
