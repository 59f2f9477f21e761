package io.caravan.piece;

import static io.caravan.piece.PieceVectors.wire;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.codec.Cid;
import io.caravan.codec.Multihash;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CarTest {
    private static final Cid ROOT = Cid.ofBytes(wire("cid.root"));

    @TempDir
    Path folder;

    @Test
    void writesTheWireVector() throws IOException {
        var out = new ByteArrayOutputStream();
        var car = new CarWriter(out, List.of(ROOT));
        assertThat(out.toByteArray()).isEqualTo(wire("car.v1.header"));
        for (String name : new String[] {"root", "leaf1", "leaf2"}) {
            car.write(new Block(Cid.ofBytes(wire("cid." + name)), wire("blk." + name)));
        }
        assertThat(out.toByteArray()).isEqualTo(wire("car.v1"));
        assertThat(car.bytes()).isEqualTo(310);
    }

    @Test
    void readsTheWireVectorsOfBothVersions() throws IOException {
        for (String name : new String[] {"car.v1", "car.v2"}) {
            var reader = new CarReader(new ByteArrayInputStream(wire(name)), CarLimits.DEFAULT);
            assertThat(reader.version()).isEqualTo(name.endsWith("2") ? 2 : 1);
            assertThat(reader.roots()).containsExactly(ROOT);
            assertThat(blocks(reader)).extracting(Block::cid).containsExactly(
                    ROOT, Cid.ofBytes(wire("cid.leaf1")), Cid.ofBytes(wire("cid.leaf2")));
            assertThat(reader.position()).isEqualTo(310);
        }
    }

    @Test
    void makesTheDealPieceOfTheWireVectors() throws IOException {
        PieceCommitment made = DagCar.commP(ROOT, wireStore());
        assertThat(made.commP().toBytes()).isEqualTo(wire("cid.piece"));
        assertThat(made.commP().commitment()).isEqualTo(wire("commp"));
        assertThat(made.pieceCidV2().toBytes()).isEqualTo(wire("cid.piece.v2"));
        assertThat(made.size().bytes()).isEqualTo(512);
        assertThat(made.payloadBytes()).isEqualTo(310);
        assertThat(DagCar.measure(ROOT, wireStore())).isEqualTo(new CarSummary(310, 3));
    }

    @Test
    void namesTheMissingBlock() throws IOException {
        var store = new MemoryBlockStore(1000);
        store.put(new Block(ROOT, wire("blk.root")));
        assertThatThrownBy(() -> DagCar.measure(ROOT, store)).isInstanceOf(BlockNotFoundException.class)
                .hasMessageContaining("bafkreiecdai77jgluy7njusg6s464x2ljmm2jacteauezddyanbg5hwclm");
    }

    @Test
    void endsOrFailsCleanlyWhereverTheCarIsCut() throws IOException {
        for (String name : new String[] {"car.v1", "car.v2"}) {
            byte[] whole = wire(name);
            int sound = 0;
            for (int length = 0; length < whole.length; length++) {
                try {
                    blocks(new CarReader(new ByteArrayInputStream(whole, 0, length), CarLimits.DEFAULT));
                    sound++;
                } catch (MalformedCarException expected) {
                    assertThat(expected).hasMessageContaining("CAR");
                }
            }
            // Behind the header and behind each block a version 1 ends cleanly; a version 2 does too, its index unread.
            assertThat(sound).isGreaterThanOrEqualTo(3);
        }
    }

    @Test
    void refusesRandomBytesWithoutAnyOtherFailure() throws IOException {
        long seed = System.nanoTime();
        System.err.println("CarTest seed " + seed);
        Random random = new Random(seed);
        byte[] whole = wire("car.v1");
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = whole.clone();
            if (round % 4 == 0) {
                bytes = new byte[random.nextInt(200)];
                random.nextBytes(bytes);
            } else {
                for (int k = 1 + random.nextInt(3); k > 0; k--) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
                }
            }
            try {
                blocks(new CarReader(new ByteArrayInputStream(bytes), CarLimits.DEFAULT));
            } catch (MalformedCarException | MalformedBlockException expected) {
                assertThat(expected.getMessage()).as("seed %d", seed).isNotBlank();
            }
        }
    }

    @Test
    void noticesABlockThatIsNotWhatItsCidSays() {
        byte[] bytes = wire("car.v1");
        bytes[bytes.length - 1] ^= 1;
        assertThatThrownBy(() -> blocks(new CarReader(new ByteArrayInputStream(bytes), CarLimits.DEFAULT)))
                .isInstanceOf(MalformedBlockException.class).hasMessageContaining("does not match");
    }

    @Test
    void refusesLengthsPastItsLimitsBeforeReadingThem() {
        byte[] hugeHeader = {(byte) 0xff, (byte) 0xff, (byte) 0xff, 0x7f};
        assertThatThrownBy(() -> new CarReader(new ByteArrayInputStream(hugeHeader), CarLimits.DEFAULT))
                .isInstanceOf(MalformedCarException.class).hasMessageContaining("header of 268435455 bytes");
        var few = new CarLimits(100, 100, 10, false);
        assertThatThrownBy(() -> blocks(new CarReader(new ByteArrayInputStream(wire("car.v1")), few)))
                .isInstanceOf(MalformedCarException.class).hasMessageContaining("section of 126 bytes, at most 100");
        var one = new CarLimits(100, 1000, 1, false);
        assertThatThrownBy(() -> blocks(new CarReader(new ByteArrayInputStream(wire("car.v1")), one)))
                .isInstanceOf(MalformedCarException.class).hasMessageContaining("more than 1 blocks");
    }

    @Test
    void takesZerosBehindTheCarAsItsEndOnlyInsideAPiece() throws IOException {
        byte[] padded = Arrays.copyOf(wire("car.v1"), 508);
        assertThat(blocks(new CarReader(new ByteArrayInputStream(padded), CarLimits.PIECE))).hasSize(3);
        assertThatThrownBy(() -> blocks(new CarReader(new ByteArrayInputStream(padded), CarLimits.DEFAULT)))
                .isInstanceOf(MalformedCarException.class).hasMessageContaining("empty section");
    }

    @Test
    void servesBlocksOfACarFileInPlace() throws IOException {
        for (String name : new String[] {"car.v1", "car.v2"}) {
            Path path = Files.write(folder.resolve(name), wire(name));
            try (CarFile car = CarFile.open(path, CarLimits.DEFAULT)) {
                assertThat(car.get(Cid.ofBytes(wire("cid.leaf2")))).isEqualTo(wire("blk.leaf2"));
                assertThat(car.get(ROOT)).isEqualTo(wire("blk.root"));
                assertThat(car.blocks()).isEqualTo(3);
                assertThat(car.payloadBytes()).isEqualTo(310);
                assertThat(car.has(Cid.rawSha256(new byte[1]))).isFalse();
                try (var payload = car.payload()) {
                    assertThat(payload.readAllBytes()).isEqualTo(wire("car.v1"));
                }
                var out = new ByteArrayOutputStream();
                DagCar.write(ROOT, car, out);
                assertThat(out.toByteArray()).isEqualTo(wire("car.v1"));
            }
        }
    }

    @Test
    void findsEachOfManyBlocks() throws IOException {
        Path path = folder.resolve("many.car");
        var cids = new ArrayList<Cid>();
        try (var out = Files.newOutputStream(path)) {
            var car = new CarWriter(out, List.of(ROOT));
            for (int i = 0; i < 3000; i++) {
                byte[] data = ("block " + i).getBytes(java.nio.charset.StandardCharsets.UTF_8);
                cids.add(Cid.rawSha256(data));
                car.write(new Block(cids.get(i), data));
            }
        }
        try (CarFile car = CarFile.open(path, CarLimits.DEFAULT)) {
            for (int i = 0; i < 3000; i++) {
                assertThat(new String(car.get(cids.get(i)), java.nio.charset.StandardCharsets.UTF_8))
                        .isEqualTo("block " + i);
            }
        }
    }

    @Test
    void checksOnlyHashesItKnows() {
        Cid unknown = Cid.v1(Cid.RAW, new Multihash(0x1e, io.caravan.codec.Bytes.of(new byte[32])));
        assertThatThrownBy(() -> Block.checked(unknown, new byte[3]))
                .isInstanceOf(MalformedBlockException.class).hasMessageContaining("0x1e");
    }

    static MemoryBlockStore wireStore() throws IOException {
        var store = new MemoryBlockStore(1000);
        for (String name : new String[] {"root", "leaf1", "leaf2"}) {
            store.put(new Block(Cid.ofBytes(wire("cid." + name)), wire("blk." + name)));
        }
        return store;
    }

    private static List<Block> blocks(CarReader reader) throws IOException {
        var blocks = new ArrayList<Block>();
        for (Block b = reader.next(); b != null; b = reader.next()) {
            blocks.add(b);
        }
        return blocks;
    }
}
