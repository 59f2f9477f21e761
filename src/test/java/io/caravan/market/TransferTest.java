package io.caravan.market;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.codec.Cid;
import io.caravan.codec.DagCbor;
import io.caravan.codec.Ipld;
import io.caravan.model.DealState;
import io.caravan.model.PaddedPieceSize;
import io.caravan.model.Role;
import io.caravan.piece.Block;
import io.caravan.piece.BlockSource;
import io.caravan.piece.DagCar;
import io.caravan.piece.ImportedFile;
import io.caravan.piece.MemoryBlockStore;
import io.caravan.piece.UnixFsLayout;
import io.caravan.support.WireVectors;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("compute")
class TransferTest {

    private static final long SEED = 7;

    private final MemoryNetwork network = new MemoryNetwork();
    private final ConcurrentHashMap<Cid, AtomicInteger> reads = new ConcurrentHashMap<>();
    private TransferWorld world;

    @TempDir
    Path folder;

    @AfterEach
    void stop() {
        network.close();
        if (world != null) {
            world.close();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 126, 127, 1 << 20, (1 << 20) + 1, 64 << 20})
    void pushesAFileWhoseCarAndCommPAreTheClients(long size) throws IOException {
        ImportedFile file = file(size);
        world = world(file.root(), this::reopened, TransferWorld.QUICK);
        world.push();
        Transfer received = world.minerJournal.await(Role.PROVIDER, TransferStatus.COMPLETED);
        Transfer sent = world.clientJournal.await(Role.CLIENT, TransferStatus.COMPLETED);
        assertThat(received.received()).isEqualTo(DagCar.commP(file.root(), file));
        assertThat(world.staging).hasBinaryContent(car(file.root(), file));
        assertThat(received.bytes()).isEqualTo(Files.size(world.staging));
        assertThat(sent.blocks()).isEqualTo(received.blocks());
        assertThat(received.error()).isNull();
    }

    @Test
    void pushesADagWithSharedBlocksAndSendsEachOnce() throws IOException {
        Dag dag = shared();
        world = world(dag.root, () -> counting(dag.store), TransferWorld.QUICK);
        world.push();
        Transfer received = world.minerJournal.await(Role.PROVIDER, TransferStatus.COMPLETED);
        assertThat(received.received()).isEqualTo(DagCar.commP(dag.root, dag.store));
        assertThat(world.staging).hasBinaryContent(car(dag.root, dag.store));
        assertThat(received.blocks()).isGreaterThan(dag.store.size());
        assertThat(received.bytes()).isEqualTo(Files.size(world.staging));
    }

    @Test
    void goesOnAfterACutWithoutFetchingABlockTwice() throws IOException {
        ImportedFile file = file(16 << 20);
        world = world(file.root(), () -> counting(reopened()), TransferWorld.QUICK);
        network.cutAfter(6 << 20);
        world.push();
        world.clientJournal.await(Role.CLIENT, TransferStatus.STALLED);
        world.minerJournal.await(Role.PROVIDER, TransferStatus.STALLED);
        long held = Files.size(world.staging);
        assertThat(held).isGreaterThan(4 << 20);
        long before = network.carried();
        network.mend();
        Transfer received = world.minerJournal.await(Role.PROVIDER, TransferStatus.COMPLETED);
        world.clientJournal.await(Role.CLIENT, TransferStatus.COMPLETED);
        assertThat(received.received()).isEqualTo(DagCar.commP(file.root(), file));
        assertThat(world.staging).hasBinaryContent(car(file.root(), file));
        assertThat(network.carried() - before).isLessThan(Files.size(world.staging) - held + (64 << 10));
        assertThat(world.clientJournal.history(Role.CLIENT)).extracting(Transfer::channel)
                .containsOnly(received.channel());
    }

    @Test
    void goesOnAfterTheMinerWasKilledAndStarted() throws IOException {
        ImportedFile file = file(16 << 20);
        world = world(file.root(), this::reopened, TransferWorld.QUICK);
        network.cutAfter(6 << 20);
        world.push();
        world.clientJournal.await(Role.CLIENT, TransferStatus.STALLED);
        world.killMiner();
        long held = Files.size(world.staging);
        tear(world.staging);
        network.mend();
        world.startMiner();
        long before = network.carried();
        world.miner.resume();
        Transfer received = world.minerJournal.await(Role.PROVIDER, TransferStatus.COMPLETED);
        world.clientJournal.await(Role.CLIENT, TransferStatus.COMPLETED);
        assertThat(received.received()).isEqualTo(DagCar.commP(file.root(), file));
        assertThat(world.staging).hasBinaryContent(car(file.root(), file));
        assertThat(network.carried() - before).isLessThan(Files.size(world.staging) - held + (2 << 20));
    }

    @Test
    void goesOnAfterTheClientWasKilledAndStarted() throws IOException {
        ImportedFile file = file(16 << 20);
        world = world(file.root(), this::reopened, TransferWorld.QUICK.withRestarts(TransferWorld.restarts(5, Duration.ofMinutes(1))));
        network.cutAfter(6 << 20);
        world.push();
        world.minerJournal.await(Role.PROVIDER, TransferStatus.STALLED);
        world.killClient();
        network.mend();
        world.startClient();
        world.client.resume();
        Transfer received = world.minerJournal.await(Role.PROVIDER, TransferStatus.COMPLETED);
        Transfer sent = world.clientJournal.await(Role.CLIENT, TransferStatus.COMPLETED);
        assertThat(received.received()).isEqualTo(DagCar.commP(file.root(), file));
        assertThat(sent.restarts()).isEqualTo(1);
    }

    @Test
    void tellsTheClientAgainThatAllIsThereWhenItMissedIt() throws IOException {
        ImportedFile file = file(100_000);
        world = world(file.root(), this::reopened, TransferWorld.QUICK);
        world.killClient();
        Transfer asked = world.client.push(TransferWorld.PROPOSAL); // its messages never leave
        world.startClient();
        world.client.resume();
        world.clientJournal.await(Role.CLIENT, TransferStatus.COMPLETED);
        MemoryJournal forgetful = new MemoryJournal();
        Transfer done = world.clientJournal.find(Role.CLIENT, asked.channel()).orElseThrow();
        forgetful.save(done.withStatus(TransferStatus.SENT, done.updatedAt()));
        try (TransferWorld second = new TransferWorld(network.host(TransferWorld.CLIENT),
                network.host(TransferWorld.MINER), world.staging, file.root(), this::reopened, TransferWorld.QUICK)) {
            second.clientJournal.save(done.withStatus(TransferStatus.SENT, done.updatedAt()));
            second.minerJournal.save(world.minerJournal.await(Role.PROVIDER, TransferStatus.COMPLETED));
            second.client.resume();
            second.clientJournal.await(Role.CLIENT, TransferStatus.COMPLETED);
        }
    }

    @Test
    void refusesAPushForADealItDoesNotKnow() throws IOException {
        ImportedFile file = file(1000);
        world = world(file.root(), this::reopened, TransferWorld.QUICK);
        world.deal = with(Cid.ofBytes(WireVectors.bytes("cid.signedProposal.boost")), file.root(),
                DealState.WAITING_FOR_DATA);
        refused();
    }

    @Test
    void refusesAPushOfAnotherDag() throws IOException {
        ImportedFile file = file(1000);
        world = world(file.root(), this::reopened, TransferWorld.QUICK);
        world.deal = with(TransferWorld.PROPOSAL, Cid.ofBytes(WireVectors.bytes("cid.root")),
                DealState.WAITING_FOR_DATA);
        refused();
    }

    @Test
    void refusesAPushForADealThatWaitsForNoData() throws IOException {
        ImportedFile file = file(1000);
        world = world(file.root(), this::reopened, TransferWorld.QUICK);
        world.deal = with(TransferWorld.PROPOSAL, file.root(), DealState.PUBLISH);
        refused();
    }

    @Test
    void refusesAPushByAnotherPeer() throws IOException {
        ImportedFile file = file(1000);
        world = world(file.root(), this::reopened, TransferWorld.QUICK);
        PushDeals.PushDeal deal = world.deal;
        world.deal = new PushDeals.PushDeal(deal.proposalCid(), deal.payloadCid(), TransferWorld.MINER, deal.state(),
                deal.pieceSize(), deal.stagingCar(), null);
        refused();
    }

    private void refused() {
        world.push();
        Transfer sent = world.clientJournal.await(Role.CLIENT, TransferStatus.FAILED);
        assertThat(sent.error()).isEqualTo("the miner refused the transfer");
        assertThat(world.minerJournal.history(Role.PROVIDER)).isEmpty();
        assertThat(world.staging).doesNotExist();
    }

    @Test
    void failsWhenTheDataOutgrowsThePiece() throws IOException {
        ImportedFile file = file(3 << 20);
        world = world(file.root(), this::reopened, TransferWorld.QUICK);
        PushDeals.PushDeal deal = world.deal;
        world.deal = new PushDeals.PushDeal(deal.proposalCid(), deal.payloadCid(), deal.client(), deal.state(),
                PaddedPieceSize.of(1 << 20), deal.stagingCar(), null);
        world.push();
        assertThat(world.minerJournal.await(Role.PROVIDER, TransferStatus.FAILED).error()).contains("does not fit");
        assertThat(world.clientJournal.await(Role.CLIENT, t -> t.status().isEnd()).status())
                .isEqualTo(TransferStatus.CANCELLED);
    }

    @Test
    void cancelsFromTheClientsSide() throws IOException {
        ImportedFile file = file(64 << 20);
        world = world(file.root(), this::reopened, TransferWorld.QUICK);
        Transfer push = world.push();
        world.minerJournal.await(Role.PROVIDER, TransferStatus.ONGOING);
        assertThat(world.client.cancel(push.channel()).status()).isEqualTo(TransferStatus.CANCELLED);
        assertThat(world.minerJournal.await(Role.PROVIDER, TransferStatus.CANCELLED).error())
                .isEqualTo("data transfer cancelled");
        assertThat(world.client.cancel(push.channel()).status()).isEqualTo(TransferStatus.CANCELLED);
    }

    @Test
    void cancelsFromTheMinersSide() throws IOException {
        ImportedFile file = file(64 << 20);
        world = world(file.root(), this::reopened, TransferWorld.QUICK);
        Transfer push = world.push();
        world.minerJournal.await(Role.PROVIDER, TransferStatus.ONGOING);
        assertThat(world.miner.cancel(push.channel()).status()).isEqualTo(TransferStatus.CANCELLED);
        assertThat(world.clientJournal.await(Role.CLIENT, TransferStatus.CANCELLED).error())
                .isEqualTo("data transfer cancelled");
    }

    @Test
    void pushingTwiceKeepsOneChannel() throws IOException {
        ImportedFile file = file(1 << 20);
        world = world(file.root(), this::reopened, TransferWorld.QUICK);
        Transfer first = world.push();
        assertThat(world.push().channel()).isEqualTo(first.channel());
        world.clientJournal.await(Role.CLIENT, TransferStatus.COMPLETED);
        assertThat(world.push().status()).isEqualTo(TransferStatus.COMPLETED);
        assertThat(world.minerJournal.history(Role.PROVIDER)).extracting(Transfer::channel)
                .containsOnly(first.channel());
    }

    @Test
    void failsWhenTheClientHasNotAllBlocks() throws IOException {
        Dag dag = shared();
        MemoryBlockStore part = new MemoryBlockStore(1 << 20);
        part.put(new Block(dag.root, dag.store.get(dag.root)));
        world = world(dag.root, () -> part, TransferWorld.QUICK);
        world.push();
        assertThat(world.clientJournal.await(Role.CLIENT, TransferStatus.FAILED).error())
                .contains("is not in the store");
        world.minerJournal.await(Role.PROVIDER, TransferStatus.CANCELLED);
    }

    @Test
    void givesUpAfterTheLastRestart() throws IOException {
        ImportedFile file = file(1000);
        world = world(file.root(), this::reopened, TransferWorld.QUICK.withRestarts(TransferWorld.restarts(2, Duration.ofMillis(5))));
        network.cut();
        world.push();
        assertThat(world.clientJournal.await(Role.CLIENT, TransferStatus.FAILED).error())
                .startsWith("gave up after 2 restarts");
    }

    private PushDeals.PushDeal with(Cid proposal, Cid root, DealState state) {
        PushDeals.PushDeal deal = world.deal;
        return new PushDeals.PushDeal(proposal, root, deal.client(), state, deal.pieceSize(), deal.stagingCar(), null);
    }

    private TransferWorld world(Cid root, TransferWorld.Payload payload, TransferSettings settings) {
        return new TransferWorld(network.host(TransferWorld.CLIENT), network.host(TransferWorld.MINER),
                folder.resolve("staging.car"), root, payload, settings);
    }

    private ImportedFile file(long size) throws IOException {
        Path source = folder.resolve("payload");
        Random random = new Random(SEED);
        byte[] chunk = new byte[1 << 20];
        try (OutputStream out = Files.newOutputStream(source)) {
            for (long left = size; left > 0; left -= chunk.length) {
                random.nextBytes(chunk);
                out.write(chunk, 0, (int) Math.min(left, chunk.length));
            }
        }
        return ImportedFile.importFile(source, folder.resolve("index"), UnixFsLayout.LOTUS);
    }

    /** What a client opens for each transfer, and closes after it. */
    private ImportedFile reopened() throws IOException {
        return ImportedFile.open(folder.resolve("index"));
    }

    private static byte[] car(Cid root, BlockSource source) throws IOException {
        var out = new ByteArrayOutputStream();
        DagCar.write(root, source, out);
        return out.toByteArray();
    }

    /** Bytes of a block that was not all written. */
    private static void tear(Path file) throws IOException {
        Files.write(file, new byte[] {(byte) 0xac, 2, 1, 0x55}, StandardOpenOption.APPEND);
    }

    private record Dag(Cid root, MemoryBlockStore store) {
    }

    /** A root with a shared leaf and a shared inner node, each linked several times. */
    private static Dag shared() throws IOException {
        MemoryBlockStore store = new MemoryBlockStore(1 << 20);
        Cid leaf = put(store, Cid.rawSha256(new byte[100]), new byte[100]);
        Cid other = put(store, Cid.rawSha256(new byte[200]), new byte[200]);
        Cid inner = node(store, Ipld.list(Ipld.of(leaf), Ipld.of(other), Ipld.of(leaf)));
        Cid outer = node(store, Ipld.map("a", Ipld.of(inner), "b", Ipld.of(leaf), "c", Ipld.of(inner)));
        return new Dag(node(store, Ipld.list(Ipld.of(outer), Ipld.of(inner), Ipld.of(outer))), store);
    }

    private static Cid node(MemoryBlockStore store, Ipld node) throws IOException {
        byte[] block = DagCbor.encode(node);
        return put(store, Cid.dagCborSha256(block), block);
    }

    private static Cid put(MemoryBlockStore store, Cid cid, byte[] data) throws IOException {
        store.put(new Block(cid, data));
        return cid;
    }

    /** Counts how often each block's bytes are asked for. */
    private BlockSource counting(BlockSource source) {
        return new BlockSource() {
            @Override
            public byte[] find(Cid cid) throws IOException {
                reads.computeIfAbsent(cid, c -> new AtomicInteger()).incrementAndGet();
                return source.find(cid);
            }

            @Override
            public boolean has(Cid cid) throws IOException {
                return source.has(cid);
            }
        };
    }
}
