package io.caravan.piece;

import static io.caravan.piece.PieceVectors.wire;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.codec.Cid;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DagTraversalTest {
    private static final Cid LEAF = Cid.rawSha256(new byte[] {1});

    @Test
    void visitsTheWireGraphInOrder() throws IOException {
        assertThat(visit(Cid.ofBytes(wire("cid.root")), CarTest.wireStore())).containsExactly(
                Cid.ofBytes(wire("cid.root")), Cid.ofBytes(wire("cid.leaf1")), Cid.ofBytes(wire("cid.leaf2")));
    }

    @Test
    void goesDeepBeforeWideAndNamesARepeatedLinkAgain() throws IOException {
        var store = new MemoryBlockStore(10_000);
        store.put(new Block(LEAF, new byte[] {1}));
        Cid inner = node(store, LEAF, LEAF);
        Cid root = node(store, inner, LEAF, inner);
        assertThat(visit(root, store)).containsExactly(root, inner, LEAF, LEAF, LEAF, inner, LEAF, LEAF);
        assertThat(DagCar.measure(root, store).blocks()).isEqualTo(3);
    }

    @Test
    void leavesOutWhatIsBelowASkippedLink() throws IOException {
        var store = new MemoryBlockStore(10_000);
        Cid inner = node(store, LEAF);
        Cid root = node(store, inner, LEAF);
        var traversal = new DagTraversal(root);
        traversal.next();
        traversal.loaded(store.get(root));
        assertThat(traversal.next()).isEqualTo(inner);
        traversal.skip();
        assertThat(traversal.next()).isEqualTo(LEAF);
        assertThatThrownBy(traversal::next).isInstanceOf(IllegalStateException.class);
        traversal.skip();
        assertThat(traversal.next()).isNull();
        assertThat(traversal.named()).isEqualTo(3);
    }

    @Test
    void boundsAGraphThatRepeatsItselfWithoutEnd() throws IOException {
        var store = new MemoryBlockStore(1 << 20);
        Cid root = LEAF;
        store.put(new Block(LEAF, new byte[] {1}));
        for (int depth = 0; depth < 60; depth++) {
            root = node(store, root, root);
        }
        Cid bomb = root;
        assertThat(DagCar.measure(bomb, store).blocks()).isEqualTo(61);
        assertThatThrownBy(() -> {
            var traversal = new DagTraversal(bomb, 10_000);
            for (Cid cid = traversal.next(); cid != null; cid = traversal.next()) {
                traversal.loaded(store.get(cid));
            }
        }).isInstanceOf(MalformedBlockException.class).hasMessageContaining("more than 10000 links");
    }

    @Test
    void followsAChainDeeperThanAnyStack() throws IOException {
        var store = new MemoryBlockStore(64 << 20);
        store.put(new Block(LEAF, new byte[] {1}));
        Cid root = LEAF;
        for (int depth = 0; depth < 20_000; depth++) {
            root = node(store, root);
        }
        assertThat(DagCar.measure(root, store).blocks()).isEqualTo(20_001);
    }

    @Test
    void refusesABlockOfAnUnknownCodec() {
        Cid json = Cid.v1(0x0129, LEAF.hash());
        assertThatThrownBy(() -> Links.of(json, new byte[] {'{', '}'}))
                .isInstanceOf(MalformedBlockException.class).hasMessageContaining("0x129");
    }

    @Test
    void readsOrRefusesADagPbNodeCutAnywhereOrMadeOfNoise() throws IOException {
        long seed = System.nanoTime();
        System.err.println("DagTraversalTest seed " + seed);
        var store = new MemoryBlockStore(1 << 20);
        Cid root = UnixFsBuilder.buildInto(store, new ByteArrayInputStream(new byte[1000]),
                new UnixFsLayout(300, 8, 0x12, -1));
        byte[] whole = store.get(root);
        assertThat(Links.of(root, whole)).hasSize(4);
        for (int length = 0; length < whole.length; length++) {
            refusedOrRead(java.util.Arrays.copyOf(whole, length), seed);
        }
        Random random = new Random(seed);
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = whole.clone();
            if (round % 3 == 0) {
                bytes = new byte[random.nextInt(64)];
                random.nextBytes(bytes);
            } else {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            refusedOrRead(bytes, seed);
        }
    }

    private static void refusedOrRead(byte[] block, long seed) {
        for (long codec : new long[] {Cid.DAG_PB, Cid.DAG_CBOR}) {
            try {
                Links.of(Cid.v1(codec, LEAF.hash()), block);
            } catch (MalformedBlockException expected) {
                assertThat(expected.getMessage()).as("seed %d", seed).isNotBlank();
            }
        }
    }

    private static Cid node(BlockStore store, Cid... links) throws IOException {
        var pb = new DagPb(java.util.Arrays.stream(links).map(c -> new DagPb.Link(c, "", 1)).toList(), null);
        byte[] data = pb.encode();
        store.put(new Block(Cid.dagPbSha256(data), data));
        return Cid.dagPbSha256(data);
    }

    private static List<Cid> visit(Cid root, BlockSource source) throws IOException {
        var seen = new ArrayList<Cid>();
        var traversal = new DagTraversal(root);
        for (Cid cid = traversal.next(); cid != null; cid = traversal.next()) {
            seen.add(cid);
            traversal.loaded(source.get(cid));
        }
        return seen;
    }
}
