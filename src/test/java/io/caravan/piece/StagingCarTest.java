package io.caravan.piece;

import static io.caravan.piece.PieceVectors.pattern;
import static io.caravan.piece.PieceVectors.wire;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.codec.Cid;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StagingCarTest {
    private static final UnixFsLayout SMALL = new UnixFsLayout(100, 3, 0x12, -1);

    @TempDir
    Path folder;

    @Test
    void becomesTheSendersCarAndKnowsItsCommitmentWithTheLastBlock() throws IOException {
        var store = new MemoryBlockStore(1 << 20);
        Cid root = UnixFsBuilder.buildInto(store, new ByteArrayInputStream(pattern(5000)), SMALL);
        Path path = folder.resolve("deal.car");
        try (StagingCar car = StagingCar.create(path, root, CarLimits.DEFAULT)) {
            receive(store, car, root);
            PieceCommitment made = car.finish();
            assertThat(made).isEqualTo(DagCar.commP(root, store)).isEqualTo(car.finish());
            assertThat(car.bytes()).isEqualTo(Files.size(path));
        }
        assertThat(Files.readAllBytes(path)).isEqualTo(car(root, store));
    }

    @Test
    void goesOnAfterACutAtEveryByte() throws IOException {
        var store = CarTest.wireStore();
        Cid root = Cid.ofBytes(wire("cid.root"));
        byte[] whole = wire("car.v1");
        for (int length = 0; length <= whole.length; length++) {
            Path path = Files.write(folder.resolve("cut-" + length), java.util.Arrays.copyOf(whole, length));
            try (StagingCar car = StagingCar.resume(path, root, CarLimits.DEFAULT)) {
                receive(store, car, root);
                assertThat(car.finish().commP().toBytes()).as("cut at %d", length).isEqualTo(wire("cid.piece"));
            }
            assertThat(Files.readAllBytes(path)).isEqualTo(whole);
        }
    }

    @Test
    void dropsATailThatWasNeverWrittenOut() throws IOException {
        byte[] torn = wire("car.v1");
        java.util.Arrays.fill(torn, torn.length - 20, torn.length, (byte) 0);
        Path path = Files.write(folder.resolve("torn"), torn);
        Cid root = Cid.ofBytes(wire("cid.root"));
        try (StagingCar car = StagingCar.resume(path, root, CarLimits.DEFAULT)) {
            assertThat(car.blocks()).isEqualTo(2);
            assertThat(car.has(Cid.ofBytes(wire("cid.leaf2")))).isFalse();
            assertThat(car.put(new Block(Cid.ofBytes(wire("cid.leaf2")), wire("blk.leaf2")))).isTrue();
            assertThat(car.put(new Block(Cid.ofBytes(wire("cid.leaf2")), wire("blk.leaf2")))).isFalse();
            assertThat(car.get(Cid.ofBytes(wire("cid.leaf2")))).isEqualTo(wire("blk.leaf2"));
            var out = new ByteArrayOutputStream();
            car.copyTo(out);
            assertThat(out.toByteArray()).isEqualTo(wire("car.v1"));
        }
    }

    @Test
    void refusesAForgedBlockAndABlockAfterTheEnd() throws IOException {
        Cid root = Cid.ofBytes(wire("cid.root"));
        try (StagingCar car = StagingCar.create(folder.resolve("x"), root, CarLimits.DEFAULT)) {
            assertThatThrownBy(() -> car.put(new Block(root, new byte[3]))).isInstanceOf(MalformedBlockException.class);
            assertThat(car.blocks()).isZero();
            car.finish();
            assertThatThrownBy(() -> car.put(new Block(root, wire("blk.root"))))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void refusesMoreBlocksThanItsLimit() throws IOException {
        Cid root = Cid.ofBytes(wire("cid.root"));
        try (StagingCar car = StagingCar.create(folder.resolve("x"), root, new CarLimits(1000, 1000, 2, false))) {
            car.put(new Block(root, wire("blk.root")));
            car.put(new Block(Cid.ofBytes(wire("cid.leaf1")), wire("blk.leaf1")));
            assertThatThrownBy(() -> car.put(new Block(Cid.ofBytes(wire("cid.leaf2")), wire("blk.leaf2"))))
                    .isInstanceOf(MalformedCarException.class).hasMessageContaining("more than 2 blocks");
        }
    }

    /** As a transfer does: the traversal says which block comes next. */
    private static void receive(BlockSource from, StagingCar into, Cid root) throws IOException {
        var traversal = new DagTraversal(root);
        for (Cid cid = traversal.next(); cid != null; cid = traversal.next()) {
            byte[] data = from.get(cid);
            into.put(new Block(cid, data));
            traversal.loaded(data);
        }
    }

    private static byte[] car(Cid root, BlockSource source) throws IOException {
        var out = new ByteArrayOutputStream();
        DagCar.write(root, source, out);
        return out.toByteArray();
    }
}
