package io.caravan.market;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.codec.Bytes;
import io.caravan.codec.CborReader;
import io.caravan.codec.CborWriter;
import io.caravan.codec.Cid;
import io.caravan.codec.CodecException;
import io.caravan.codec.Multihash;
import io.caravan.libp2p.PeerId;
import io.caravan.model.DealState;
import io.caravan.model.FilAddress;
import io.caravan.support.WireVectors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class MessagesTest {

    private static final long SEED = 20_261_122L;

    /** Each message vector with the codec that must read it and write the same bytes again. */
    private static final Map<String, Function<byte[], byte[]>> CODECS = codecs();

    private static Map<String, Function<byte[], byte[]>> codecs() {
        Map<String, Function<byte[], byte[]>> codecs = new LinkedHashMap<>();
        codecs.put("ask110.req", data -> AskRequest.ofCbor(data).toCbor());
        codecs.put("ask110.resp", data -> AskResponse.ofCbor(data).toCbor());
        codecs.put("ask110.resp.none", data -> AskResponse.ofCbor(data).toCbor());
        codecs.put("mk111.proposal", data -> ProposalMessage.ofCbor(data).toCbor());
        codecs.put("Response.WaitingForData", data -> ProposalResponse.ofCbor(data).toCbor());
        codecs.put("mk111.resp.accept", data -> SignedResponse.ofCbor(data).toCbor());
        codecs.put("mk111.resp.reject", data -> SignedResponse.ofCbor(data).toCbor());
        codecs.put("status110.req", data -> DealStatusRequest.ofCbor(data).toCbor());
        codecs.put("ProviderDealState", data -> ProviderDealState.ofCbor(data).toCbor());
        codecs.put("status110.resp", data -> DealStatusResponse.ofCbor(data).toCbor());
        codecs.put("status110.resp.error", data -> DealStatusResponse.ofCbor(data).toCbor());
        for (String name : List.of("dt.push.new", "dt.resp.new.accept", "dt.resp.new.reject", "dt.push.restart",
                "dt.resp.restart",
                "dt.restartExisting", "dt.cancel.req", "dt.cancel.resp", "dt.resp.complete", "dt.pause.req",
                "dt.pause.resp")) {
            codecs.put(name, data -> TransferMessage.ofCbor(data).toCbor());
        }
        codecs.put("ChannelID", data -> ChannelId.readFrom(new CborReader(data)).toCbor());
        for (String name : List.of("gs2.request.push", "gs2.request.restart", "gs2.cancel", "gs2.update",
                "gs2.response.full", "gs2.response.partial", "gs2.response.notfound")) {
            codecs.put(name, data -> GraphsyncFrame.encode(GraphsyncFrame.decode(data)));
        }
        return codecs;
    }

    @TestFactory
    Stream<DynamicTest> readsAndWritesEveryVectorByteForByte() {
        return CODECS.entrySet().stream().map(codec -> DynamicTest.dynamicTest(codec.getKey(), () -> {
            byte[] vector = WireVectors.bytes(codec.getKey());
            assertThat(Bytes.of(codec.getValue().apply(vector))).isEqualTo(Bytes.of(vector));
        }));
    }

    @TestFactory
    Stream<DynamicTest> refusesEveryMessageCutAnywhere() {
        return CODECS.entrySet().stream().map(codec -> DynamicTest.dynamicTest(codec.getKey(), () -> {
            byte[] vector = WireVectors.bytes(codec.getKey());
            for (int length = 0; length < vector.length; length++) {
                byte[] cut = Arrays.copyOf(vector, length);
                assertThatThrownBy(() -> codec.getValue().apply(cut)).as("cut at %d", length)
                        .isInstanceOf(CodecException.class);
            }
        }));
    }

    @TestFactory
    Stream<DynamicTest> answersBrokenBytesWithACodecExceptionOnly() {
        return CODECS.entrySet().stream().map(codec -> DynamicTest.dynamicTest(codec.getKey() + " seed " + SEED, () -> {
            Random random = new Random(SEED);
            byte[] vector = WireVectors.bytes(codec.getKey());
            for (int round = 0; round < 2000; round++) {
                byte[] broken = round % 4 == 0 ? new byte[random.nextInt(300)] : vector.clone();
                if (round % 4 == 0) {
                    random.nextBytes(broken);
                } else {
                    for (int i = 0; i <= round % 4; i++) {
                        broken[random.nextInt(broken.length)] = (byte) random.nextInt();
                    }
                }
                try {
                    codec.getValue().apply(broken);
                } catch (CodecException e) {
                    // the one way out that is allowed
                }
            }
        }));
    }

    @Test
    void buildsThePushRequestOfTheVectors() {
        long id = transferId();
        Cid root = Cid.ofBytes(WireVectors.bytes("cid.root"));
        Cid proposal = Cid.ofBytes(WireVectors.bytes("cid.signedProposal"));
        assertThat(TransferRequest.push(TransferType.NEW, id, root, proposal).toCbor())
                .isEqualTo(WireVectors.bytes("dt.push.new"));
        assertThat(TransferRequest.push(TransferType.RESTART, id, root, proposal).toCbor())
                .isEqualTo(WireVectors.bytes("dt.push.restart"));
        assertThat(TransferRequest.cancel(id).toCbor()).isEqualTo(WireVectors.bytes("dt.cancel.req"));
        assertThat(TransferRequest.update(id, true).toCbor()).isEqualTo(WireVectors.bytes("dt.pause.req"));
        assertThat(TransferRequest.restartExisting(channel(id)).toCbor())
                .isEqualTo(WireVectors.bytes("dt.restartExisting"));
        assertThat(TransferVoucher.of(proposal).toArray()).isEqualTo(WireVectors.bytes("voucher.storage"));
        assertThat(TransferVoucher.proposalCid(Bytes.of(WireVectors.bytes("voucher.storage")))).isEqualTo(proposal);
    }

    @Test
    void buildsTheResponsesOfTheVectors() {
        long id = transferId();
        assertThat(TransferResponse.of(TransferType.NEW, true, id).toCbor())
                .isEqualTo(WireVectors.bytes("dt.resp.new.accept"));
        assertThat(TransferResponse.of(TransferType.NEW, false, id).toCbor())
                .isEqualTo(WireVectors.bytes("dt.resp.new.reject"));
        assertThat(TransferResponse.of(TransferType.RESTART, true, id).toCbor())
                .isEqualTo(WireVectors.bytes("dt.resp.restart"));
        assertThat(TransferResponse.of(TransferType.COMPLETE, true, id).toCbor())
                .isEqualTo(WireVectors.bytes("dt.resp.complete"));
        assertThat(TransferResponse.of(TransferType.CANCEL, false, id).toCbor())
                .isEqualTo(WireVectors.bytes("dt.cancel.resp"));
        assertThat(TransferResponse.update(id, true).toCbor()).isEqualTo(WireVectors.bytes("dt.pause.resp"));
    }

    @Test
    void buildsTheGraphsyncRequestOfARestart() {
        GraphsyncRequest vector = GraphsyncFrame.decode(WireVectors.bytes("gs2.request.restart")).requests().get(0);
        TransferResponse accept = TransferResponse.of(TransferType.RESTART, true, transferId());
        GraphsyncRequest ours = GraphsyncRequest.push(vector.id(), Cid.ofBytes(WireVectors.bytes("cid.root")), accept,
                Extensions.skipFirst(vector.extensions()));
        assertThat(GraphsyncFrame.encode(GraphsyncMessage.of(ours)))
                .isEqualTo(WireVectors.bytes("gs2.request.restart"));
        assertThat(Extensions.transfer(vector.extensions(), Extensions.TRANSFER_INCOMING)).isEqualTo(accept);
    }

    @Test
    void namesBlocksByHashingThem() {
        GraphsyncMessage message = GraphsyncFrame.decode(WireVectors.bytes("gs2.response.full"));
        assertThat(message.blocks()).extracting(GraphsyncBlock::cid).containsExactlyInAnyOrder(
                Cid.ofBytes(WireVectors.bytes("cid.root")), Cid.ofBytes(WireVectors.bytes("cid.leaf1")),
                Cid.ofBytes(WireVectors.bytes("cid.leaf2")));
        GraphsyncResponse response = message.responses().get(0);
        assertThat(response.status()).isEqualTo(GraphsyncResponse.COMPLETED);
        assertThat(response.metadata()).extracting(GraphsyncResponse.Link::cid).containsExactly(
                Cid.ofBytes(WireVectors.bytes("cid.root")), Cid.ofBytes(WireVectors.bytes("cid.leaf1")),
                Cid.ofBytes(WireVectors.bytes("cid.leaf2")));
        GraphsyncBlock again = GraphsyncBlock.of(Cid.ofBytes(WireVectors.bytes("cid.root")),
                WireVectors.bytes("blk.root"));
        assertThat(again.cid()).isEqualTo(Cid.ofBytes(WireVectors.bytes("cid.root")));
    }

    @Test
    void writesAndReadsAnyGraphsyncMessage() {
        Random random = new Random(SEED);
        for (int round = 0; round < 500; round++) {
            GraphsyncMessage message = anyMessage(random);
            GraphsyncMessage again = GraphsyncFrame.decode(GraphsyncFrame.encode(message));
            assertThat(again.requests()).as("seed %d round %d", SEED, round).isEqualTo(message.requests());
            assertThat(again.responses()).isEqualTo(message.responses());
            assertThat(again.blocks()).extracting(GraphsyncBlock::cid)
                    .isEqualTo(message.blocks().stream().map(GraphsyncBlock::cid).toList());
        }
    }

    private static GraphsyncMessage anyMessage(Random random) {
        List<GraphsyncRequest> requests = new ArrayList<>();
        List<GraphsyncResponse> responses = new ArrayList<>();
        List<GraphsyncBlock> blocks = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            TransferResponse accept = TransferResponse.of(TransferType.NEW, random.nextBoolean(), random.nextLong());
            requests.add(GraphsyncRequest.push(RequestId.random(), anyCid(random), accept, random.nextInt(3)));
            requests.add(GraphsyncRequest.cancel(RequestId.random()));
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            List<GraphsyncResponse.Link> links = new ArrayList<>();
            for (GraphsyncResponse.Action action : GraphsyncResponse.Action.values()) {
                links.add(new GraphsyncResponse.Link(anyCid(random), action));
            }
            Map<String, Bytes> extensions = Map.of("x".repeat(random.nextInt(200)), new CborWriter().uint(7).toBytes());
            responses.add(new GraphsyncResponse(RequestId.random(), random.nextInt(40),
                    links.subList(0, random.nextInt(5)), extensions));
            byte[] data = new byte[random.nextInt(1000)];
            random.nextBytes(data);
            blocks.add(GraphsyncBlock.of(random.nextBoolean() ? Cid.rawSha256(data) : Cid.dagCborBlake2b(data), data));
        }
        return new GraphsyncMessage(requests, responses, blocks);
    }

    private static Cid anyCid(Random random) {
        byte[] data = new byte[8];
        random.nextBytes(data);
        return random.nextBoolean() ? Cid.rawSha256(data) : new Cid(0, Cid.DAG_PB, Multihash.sha256(data));
    }

    @Test
    void knowsTheSelectorsOfTheWholeDag() {
        assertThat(Selectors.EXPLORE_ALL.toArray()).isEqualTo(WireVectors.bytes("selector.exploreAll"));
        assertThat(Selectors.isWholeDag(Bytes.of(WireVectors.bytes("selector.matchAll")))).isTrue();
        assertThat(Selectors.isWholeDag(Bytes.ofHex("a0"))).isFalse();
    }

    @Test
    void signsACidAloneForAStatusRequest() {
        Cid proposal = Cid.ofBytes(WireVectors.bytes("cid.signedProposal"));
        assertThat(DealStatusRequest.signedBytes(proposal).toArray())
                .isEqualTo(WireVectors.bytes("cid.signedProposal.cbor"));
    }

    @Test
    void offersTheStateInBothKeyOrdersForVerification() {
        DealStatusResponse response = DealStatusResponse.ofCbor(WireVectors.bytes("status110.resp"));
        assertThat(response.signedBytes().toArray()).isEqualTo(WireVectors.bytes("ProviderDealState"));
        assertThat(response.signedForms()).hasSize(2);
        ProviderDealState again = ProviderDealState.ofCbor(response.signedForms().get(1).toArray());
        assertThat(again).isEqualTo(response.state());
    }

    @Test
    void readsAStatusWithoutADealAsNoAnswer() {
        ProviderDealState state = DealStatusResponse.ofCbor(WireVectors.bytes("status110.resp.error")).state();
        assertThat(state.isAnswer()).isFalse();
        assertThat(state.isUnknownProposal()).isTrue();
        assertThat(ProviderDealState.unanswered(ProviderDealState.NO_SUCH_PROPOSAL)).isEqualTo(state);
    }

    @Test
    void takesAnyKeyOrderUnknownKeysAndTheLaterOfTwoEqualKeys() {
        byte[] message = new CborWriter().map(4).text("Extra").array(1).nul().text("Message").text("first")
                .text("Proposal").cid(Cid.ofBytes(WireVectors.bytes("cid.signedProposal"))).text("Message")
                .text("second").toByteArray();
        ProposalResponse response = ProposalResponse.ofCbor(message);
        assertThat(response.state()).isEqualTo(DealState.UNKNOWN);
        assertThat(response.message()).isEqualTo("second");
    }

    @Test
    void refusesAProposalWithoutItsPieceOrItsDeal() {
        byte[] noDeal = new CborWriter().map(2).text("DealProposal").nul().text("Piece")
                .raw(WireVectors.bytes("DataRef.graphsync"))
                .toByteArray();
        assertThatThrownBy(() -> ProposalMessage.ofCbor(noDeal)).isInstanceOf(CodecException.class)
                .hasMessageContaining("DealProposal");
        byte[] noPiece = new CborWriter().map(1).text("DealProposal").raw(WireVectors.bytes("ClientDealProposal"))
                .toByteArray();
        assertThatThrownBy(() -> ProposalMessage.ofCbor(noPiece)).isInstanceOf(CodecException.class)
                .hasMessageContaining("Piece");
    }

    @Test
    void cutsALongReasonAtACharacter() {
        String reason = "€".repeat(4000);
        ProposalResponse response = new ProposalResponse(DealState.FAILING, reason,
                Cid.ofBytes(WireVectors.bytes("cid.signedProposal")), null);
        assertThat(ProposalResponse.ofCbor(response.toCbor()).message()).isEqualTo("€".repeat(2730));
    }

    @Test
    void readsTransferMessagesOfOlderPeersInTheirKeyOrder() {
        byte[] old = new CborWriter().map(3).text("IsRq").bool(true).text("Request").map(10)
                .text("BCid").nul().text("Type").uint(2).text("Paus").bool(false).text("Part").bool(false).text("Pull")
                .bool(false)
                .text("Stor").nul().text("Vouch").nul().text("VTyp").text("").text("XferID").unsigned(transferId())
                .text("RestartChannel").array(3).text("").text("").uint(0).text("Response").nul().toByteArray();
        assertThat(TransferMessage.ofCbor(old)).isEqualTo(TransferRequest.cancel(transferId()));
    }

    @Test
    void asksForTheMinerOfTheVector() {
        assertThat(AskRequest.ofCbor(WireVectors.bytes("ask110.req")).miner()).isEqualTo(FilAddress.ofId(1000));
    }

    private static long transferId() {
        return TransferMessage.ofCbor(WireVectors.bytes("dt.push.new")).transferId();
    }

    private static ChannelId channel(long id) {
        return new ChannelId(PeerId.ofBytes(WireVectors.bytes("peer.client")),
                PeerId.ofBytes(WireVectors.bytes("peer.provider")), id);
    }
}
