package io.caravan.market;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.codec.DagCbor;
import io.caravan.codec.Ipld;
import io.caravan.libp2p.Host;
import io.caravan.libp2p.PeerId;
import io.caravan.libp2p.Stream;
import io.caravan.model.DealState;
import io.caravan.model.PaddedPieceSize;
import io.caravan.model.Role;
import io.caravan.support.DealFixture;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A miner with a client that answers its graphsync request by hand. */
class HostileClientTest {

    private static final long SEED = 99;
    private static final byte[] LEAF_1 = "one".getBytes();
    private static final byte[] LEAF_2 = "two".getBytes();

    private final MemoryNetwork network = new MemoryNetwork();
    private final Host client = network.host(TransferWorld.CLIENT);
    private final Host miner = network.host(TransferWorld.MINER);
    private final Host stranger = network.host(PeerId.parse(DealFixture.MINER_PEER));
    private final MemoryJournal journal = new MemoryJournal();
    private final BlockingQueue<GraphsyncRequest> requests = new LinkedBlockingQueue<>();
    private final BlockingQueue<TransferMessage> told = new LinkedBlockingQueue<>();
    private final Cid leaf1 = Cid.rawSha256(LEAF_1);
    private final Cid leaf2 = Cid.rawSha256(LEAF_2);
    private final byte[] rootBlock = DagCbor.encode(Ipld.list(Ipld.of(leaf1), Ipld.of(leaf2)));
    private final Cid root = Cid.dagCborSha256(rootBlock);
    private TransferServer server;

    @TempDir
    Path folder;

    @BeforeEach
    void start() {
        client.setHandler(MarketProtocols.TRANSFER, stream -> TransferWire.read(stream, told::add));
        client.setHandler(MarketProtocols.GRAPHSYNC, stream -> {
            Optional<GraphsyncMessage> message = GraphsyncFrame.read(stream.in());
            message.ifPresent(m -> m.requests().stream().filter(r -> r.type() == GraphsyncRequest.Type.NEW)
                    .forEach(requests::add));
        });
        start(TransferWorld.QUICK);
    }

    private void start(TransferSettings settings) {
        PushDeals.PushDeal deal = new PushDeals.PushDeal(TransferWorld.PROPOSAL, root, TransferWorld.CLIENT,
                DealState.WAITING_FOR_DATA, PaddedPieceSize.of(1 << 20), folder.resolve("staging.car"), null);
        server = new TransferServer(miner, cid -> cid.equals(TransferWorld.PROPOSAL) ? Optional.of(deal)
                : Optional.empty(), journal, settings, Clock.systemUTC());
        miner.setHandler(MarketProtocols.TRANSFER, server::serveTransfer);
        miner.setHandler(MarketProtocols.GRAPHSYNC, server::serveGraphsync);
    }

    @AfterEach
    void stop() {
        network.close();
        server.close();
    }

    @Test
    void takesAnHonestAnswerInSeveralMessages() throws Exception {
        RequestId id = opened(1);
        answer(response(id, 14, present(root)), block(root, rootBlock));
        answer(response(id, 14, present(leaf1)), block(leaf1, LEAF_1));
        answer(response(id, 20, present(leaf2)), block(leaf2, LEAF_2));
        assertThat(journal.await(Role.PROVIDER, TransferStatus.COMPLETED).blocks()).isEqualTo(3);
        assertThat(told.poll(5, TimeUnit.SECONDS)).isEqualTo(TransferResponse.of(TransferType.COMPLETE, true, 1));
    }

    @Test
    void failsOnBytesThatDoNotHashToTheLink() throws Exception {
        RequestId id = opened(1);
        answer(response(id, 20, present(root), present(leaf1), present(leaf2)), block(root, rootBlock),
                block(leaf1, "0ne".getBytes()), block(leaf2, LEAF_2));
        failed("the peer said to have sent the block " + leaf1 + " and has not");
    }

    @Test
    void failsOnABlockThatIsNotInTheDag() throws Exception {
        RequestId id = opened(1);
        byte[] stray = "stray".getBytes();
        answer(response(id, 14, present(root)), block(root, rootBlock), block(Cid.rawSha256(stray), stray));
        failed("the peer sent the block " + Cid.rawSha256(stray) + ", which no link asked for");
    }

    @Test
    void failsOnLinksInAnotherOrder() throws Exception {
        RequestId id = opened(1);
        answer(response(id, 20, present(root), present(leaf2), present(leaf1)), block(root, rootBlock),
                block(leaf1, LEAF_1), block(leaf2, LEAF_2));
        failed("the peer lists the link " + leaf2 + " where the DAG has " + leaf1);
    }

    @Test
    void failsOnAnAnswerThatEndsEarly() throws Exception {
        RequestId id = opened(1);
        answer(response(id, 20, present(root)), block(root, rootBlock));
        failed("the client ended with graphsync status 20 before the DAG was complete");
    }

    @Test
    void failsOnAMissingBlock() throws Exception {
        RequestId id = opened(1);
        answer(response(id, 34, new GraphsyncResponse.Link(root, GraphsyncResponse.Action.MISSING)));
        failed("the peer does not have the block " + root);
    }

    @Test
    void failsOnAHashThatNobodyKnows() throws Exception {
        RequestId id = opened(1);
        answer(response(id, 14, present(root)), new GraphsyncBlock(Bytes.ofHex("01711340"), rootBlock));
        assertThat(journal.await(Role.PROVIDER, TransferStatus.FAILED).error()).contains("hash that is not known");
    }

    @Test
    void stallsWhenTheClientIsSilentAndGoesOnWhenItRestarts() throws Exception {
        server.close();
        start(TransferWorld.QUICK.withStall(Duration.ofMillis(200)));
        RequestId first = opened(1);
        answer(response(first, 14, present(root)), block(root, rootBlock));
        assertThat(journal.await(Role.PROVIDER, TransferStatus.STALLED).error()).startsWith("no byte came");
        push(TransferType.RESTART, 1);
        GraphsyncRequest second = requests.poll(5, TimeUnit.SECONDS);
        assertThat(Extensions.skipFirst(second.extensions())).isEqualTo(1);
        answer(response(first, 14, present(leaf1)), block(leaf1, LEAF_1)); // too late, dropped
        answer(response(second.id(), 20, present(root), present(leaf1), present(leaf2)), block(leaf1, LEAF_1),
        block(leaf2, LEAF_2));
        assertThat(journal.await(Role.PROVIDER, TransferStatus.COMPLETED).restarts()).isEqualTo(1);
    }

    @Test
    void stallsWhenTheStreamBreaksInsideAMessage() throws Exception {
        RequestId id = opened(1);
        try (Stream stream = miner()) {
            GraphsyncFrame.write(GraphsyncMessage.of(response(id, 14, present(root)), List.of(block(root, rootBlock))),
                    stream.out());
            stream.out().write(new byte[] {(byte) 0xff, 0x01, 0x01});
            journal.await(Role.PROVIDER, TransferStatus.ONGOING);
            stream.reset();
        }
        assertThat(journal.await(Role.PROVIDER, TransferStatus.STALLED).error()).startsWith("the stream broke");
    }

    @Test
    void takesASecondChannelOfTheSameDealInPlaceOfTheFirst() throws Exception {
        RequestId first = opened(1);
        answer(response(first, 14, present(root)), block(root, rootBlock));
        journal.await(Role.PROVIDER, TransferStatus.ONGOING);
        GraphsyncRequest second = push(TransferType.NEW, 2);
        assertThat(Extensions.skipFirst(second.extensions())).isEqualTo(1);
        answer(response(second.id(), 20, present(root), present(leaf1), present(leaf2)), block(leaf1, LEAF_1),
                block(leaf2, LEAF_2));
        assertThat(journal.await(Role.PROVIDER, TransferStatus.COMPLETED).channel().id()).isEqualTo(2);
        assertThat(journal.await(Role.PROVIDER, TransferStatus.CANCELLED).channel().id()).isEqualTo(1);
    }

    @Test
    void refusesARestartAboutAnotherDag() throws Exception {
        opened(1);
        say(TransferRequest.push(TransferType.RESTART, 1, leaf1, TransferWorld.PROPOSAL));
        assertThat(told.poll(5, TimeUnit.SECONDS)).isEqualTo(TransferResponse.of(TransferType.RESTART, false, 1));
        assertThat(journal.live(Role.PROVIDER)).hasSize(1);
    }

    @Test
    void refusesToServeDagsItself() throws Exception {
        BlockingQueue<GraphsyncResponse> answers = new LinkedBlockingQueue<>();
        client.setHandler(MarketProtocols.GRAPHSYNC, stream ->
                GraphsyncFrame.read(stream.in()).ifPresent(message -> answers.addAll(message.responses())));
        RequestId id = RequestId.random();
        try (Stream stream = miner()) {
            GraphsyncRequest pull = new GraphsyncRequest(id, GraphsyncRequest.Type.NEW, root, Selectors.EXPLORE_ALL,
                    Map.of(), 0);
            GraphsyncFrame.write(GraphsyncMessage.of(pull), stream.out());
        }
        assertThat(answers.poll(5, TimeUnit.SECONDS)).isEqualTo(GraphsyncResponse.of(id, GraphsyncResponse.REJECTED));
    }

    @Test
    void aStrangerCannotCancelOrRestartWhatIsNotItsOwn() throws Exception {
        opened(1);
        for (TransferRequest request : List.of(TransferRequest.cancel(1),
                TransferRequest.push(TransferType.RESTART, 1, root, TransferWorld.PROPOSAL),
                TransferRequest.push(TransferType.NEW, 1, root, TransferWorld.PROPOSAL))) {
            try (Stream stream = stranger.newStream(TransferWorld.MINER, List.of(), MarketProtocols.TRANSFER)) {
                stream.out().write(request.toCbor());
                stream.closeWrite();
                stream.in().readAllBytes(); // the miner closes when it has heard it
            }
        }
        assertThat(journal.live(Role.PROVIDER)).singleElement()
                .satisfies(transfer -> assertThat(transfer.channel().initiator()).isEqualTo(TransferWorld.CLIENT));
    }

    @Test
    void forgedVouchersAreRefused() throws Exception {
        TransferRequest honest = TransferRequest.push(TransferType.NEW, 1, root, TransferWorld.PROPOSAL);
        for (Bytes voucher : List.of(Bytes.ofHex("80"), Bytes.ofHex("8100"), Bytes.ofHex("a0"), Bytes.ofHex("f6"),
                TransferVoucher.of(root))) {
            say(new TransferRequest(TransferType.NEW, false, false, honest.baseCid(), honest.selector(), voucher,
                    TransferVoucher.TYPE, 1, null));
            assertThat(told.poll(5, TimeUnit.SECONDS)).isEqualTo(TransferResponse.of(TransferType.NEW, false, 1));
        }
        say(new TransferRequest(TransferType.NEW, false, true, honest.baseCid(), honest.selector(), honest.voucher(),
                TransferVoucher.TYPE, 1, null));
        assertThat(told.poll(5, TimeUnit.SECONDS)).as("a pull").isEqualTo(TransferResponse.of(TransferType.NEW, false, 1));
        assertThat(journal.history(Role.PROVIDER)).isEmpty();
    }

    @Test
    void aFloodOfPushesLeavesOneTransferAndFewAnswers() throws Exception {
        for (int round = 0; round < 60; round++) {
            say(TransferRequest.push(TransferType.NEW, 1000 + round, leaf1, TransferWorld.PROPOSAL));
        }
        opened(1);
        for (int round = 0; round < 60; round++) {
            say(TransferRequest.push(TransferType.RESTART, 1, root, TransferWorld.PROPOSAL));
        }
        for (GraphsyncRequest next = requests.poll(20, TimeUnit.SECONDS); next != null && !journal.live(Role.PROVIDER).isEmpty();
                next = requests.poll(2, TimeUnit.SECONDS)) {
            answer(response(next.id(), 20, present(root), present(leaf1), present(leaf2)), block(root, rootBlock),
                    block(leaf1, LEAF_1), block(leaf2, LEAF_2)); // one that a restart has overtaken says nothing any more
        }
        journal.await(Role.PROVIDER, TransferStatus.COMPLETED);
        assertThat(journal.live(Role.PROVIDER)).isEmpty();
    }

    @Test
    void bytesThatDripInWithoutEndingAMessageDoNotHoldAPlaceForEver() throws Exception {
        server.close();
        start(TransferWorld.QUICK.withStall(Duration.ofMillis(200)));
        RequestId id = opened(1);
        byte[] frame = GraphsyncFrame.encode(GraphsyncMessage.of(response(id, 14, present(root)), List.of(block(root, rootBlock))));
        long began = System.nanoTime();
        try (Stream stream = miner()) {
            for (int at = 0; at < frame.length - 1 && journal.history(Role.PROVIDER).stream()
                    .noneMatch(transfer -> transfer.status() == TransferStatus.STALLED); at++) {
                stream.out().write(frame, at, 1);
                LockSupport.parkNanos(50_000_000);
            }
            journal.await(Role.PROVIDER, TransferStatus.STALLED);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - began)).as("bytes that pass are life for a while")
                .isGreaterThan(Duration.ofMillis(600));
    }

    @Test
    void survivesGarbageOnEveryProtocol() throws Exception {
        Random random = new Random(SEED);
        byte[] frame = GraphsyncFrame.encode(GraphsyncMessage.of(response(RequestId.random(), 14, present(root)),
                List.of(block(root, rootBlock))));
        byte[] message = TransferRequest.push(TransferType.NEW, 9, root, TransferWorld.PROPOSAL).toCbor();
        for (int cut = 0; cut < frame.length; cut += 3) {
            garbage(MarketProtocols.GRAPHSYNC, Arrays.copyOf(frame, cut));
        }
        for (int cut = 0; cut < message.length; cut += 3) {
            garbage(MarketProtocols.TRANSFER, Arrays.copyOf(message, cut));
        }
        for (int round = 0; round < 100; round++) {
            byte[] noise = new byte[random.nextInt(200)];
            random.nextBytes(noise);
            garbage(round % 2 == 0 ? MarketProtocols.GRAPHSYNC : MarketProtocols.TRANSFER, noise);
        }
        assertThat(journal.history(Role.PROVIDER)).as("seed %d", SEED).isEmpty();
        takesAnHonestAnswerInSeveralMessages();
    }

    private void garbage(String protocol, byte[] bytes) throws IOException {
        try (Stream stream = client.newStream(TransferWorld.MINER, List.of(), protocol)) {
            stream.out().write(bytes);
        }
    }

    private void failed(String reason) throws InterruptedException {
        assertThat(journal.await(Role.PROVIDER, TransferStatus.FAILED).error()).isEqualTo(reason);
        assertThat(told.poll(5, TimeUnit.SECONDS)).isEqualTo(TransferResponse.of(TransferType.CANCEL, false, 1));
    }

    private RequestId opened(long channel) throws Exception {
        return push(TransferType.NEW, channel).id();
    }

    private GraphsyncRequest push(TransferType type, long channel) throws Exception {
        say(TransferRequest.push(type, channel, root, TransferWorld.PROPOSAL));
        GraphsyncRequest request = type == TransferType.NEW ? requests.poll(5, TimeUnit.SECONDS) : null;
        if (request != null) {
            assertThat(request.root()).isEqualTo(root);
            assertThat(Extensions.transfer(request.extensions(), Extensions.TRANSFER_INCOMING))
                    .isEqualTo(TransferResponse.of(type, true, channel));
        }
        return request;
    }

    private void say(TransferMessage message) throws IOException {
        try (Stream stream = client.newStream(TransferWorld.MINER, List.of(), MarketProtocols.TRANSFER)) {
            stream.out().write(message.toCbor());
        }
    }

    private Stream miner() {
        return client.newStream(TransferWorld.MINER, List.of(), MarketProtocols.GRAPHSYNC);
    }

    private void answer(GraphsyncResponse response, GraphsyncBlock... blocks) {
        try (Stream stream = miner()) {
            GraphsyncFrame.write(GraphsyncMessage.of(response, List.of(blocks)), stream.out());
            stream.closeWrite();
            while (stream.in().read() >= 0) {
                // the miner closes once it has taken everything, so that the next message comes after this one
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static GraphsyncResponse response(RequestId id, int status, GraphsyncResponse.Link... links) {
        return new GraphsyncResponse(id, status, List.of(links), Map.of());
    }

    private static GraphsyncResponse.Link present(Cid cid) {
        return GraphsyncResponse.Link.present(cid);
    }

    private static GraphsyncBlock block(Cid cid, byte[] data) {
        return GraphsyncBlock.of(cid, data);
    }
}
