package io.caravan.scenario;

import static io.caravan.model.DealState.ACTIVE;
import static io.caravan.model.DealState.ERROR;
import static io.caravan.model.DealState.PUBLISH;
import static io.caravan.model.DealState.RESERVE_PROVIDER_FUNDS;
import static io.caravan.model.DealState.TRANSFERRING;
import static io.caravan.model.DealState.VALIDATING;
import static io.caravan.model.DealState.VERIFY_DATA;
import static io.caravan.model.DealState.WAITING_FOR_DATA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.caravan.chain.Methods;
import io.caravan.codec.Cid;
import io.caravan.market.ProposalResponse;
import io.caravan.market.TransferStatus;
import io.caravan.node.cli.CliException;
import io.caravan.support.Await;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The data on its way: cuts, stalls, cancels, second channels (deal-lifecycle §15.5). */
class TransferScenariosIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    /** 150 leaves of 20 kB: many blocks, so that what is sent twice shows. */
    private static final int LEAVES = 150;
    private static final int LEAF = 20_000;
    private static final int SIZE = LEAVES * LEAF;
    private static final int SLOW = 700_000;
    /** What goes over the wire besides blocks, and a message that a cut may tear: half a MiB of blocks is one. */
    private static final int SLACK = 800_000;
    private static final String GAVE_UP = "gave up after 8 restarts";
    private static final String CANCELLED = "data transfer cancelled";

    static World world;

    @BeforeAll
    static void start() {
        world = World.with().noCollateral()
                .set("daemon.transfer.stall", "3s").set("miner.transfer.stall", "3s")
                .set("daemon.transfer.restart-debounce", "300ms").set("daemon.transfer.restart-backoff", "1s")
                .set("daemon.transfer.max-restarts", "8")
                .set("miner.deadline.data", "10s").set("miner.deadline.transfer", "12s")
                .set("daemon.transfer.progress-every", "50ms").set("miner.transfer.progress-every", "50ms")
                .start();
    }

    @AfterAll
    static void end() {
        if (world != null) {
            world.close();
        }
    }

    @AfterEach
    void mend() {
        world.libp2p().restore();
        world.chain().call("Devnet.ClearFaults");
    }

    /** A deal whose data is under way, slowly enough to be met there. */
    private static String moving() {
        world.libp2p().throttle(SLOW);
        String deal = started();
        awaitBytes(deal, SIZE / 6);
        world.await(world.miner(), deal, TRANSFERRING); // the bytes are there before the miner's row says so
        return deal;
    }

    private static String started() {
        return world.start(Offer.of(world.importedCar(world.car(LEAVES, LEAF))));
    }

    private static void awaitBytes(String deal, long bytes) {
        Await.until(() -> bytes + " bytes of " + deal + "\n" + world.story(deal) + world.logTail(), LIMIT,
                () -> received(deal) >= bytes);
    }

    private static long received(String deal) {
        return transfer(world.miner(), deal).path("received").asLong();
    }

    /** The newest transfer of the deal as that side lists it. */
    private static JsonNode transfer(Side side, String deal) {
        for (JsonNode transfer : side.call("Caravan.Transfers")) {
            if (transfer.path("proposalCid").asText().equals(deal)) {
                return transfer;
            }
        }
        return MissingNode.getInstance();
    }

    private static void cancel(Side side, String deal) {
        JsonNode transfer = transfer(side, deal);
        side.call((side == world.daemon() ? "Client" : "Market") + "CancelDataTransfer", transfer.path("transferId").asLong(),
                transfer.path("otherPeer").asText(), transfer.path("isInitiator").asBoolean());
    }

    @Test
    @DisplayName("S062 a link that is cut for two seconds costs no block")
    void cutLink() {
        String deal = moving();
        long before = world.libp2p().bytes();
        long had = received(deal);
        world.libp2p().cut();
        Await.until("both note the stall", LIMIT, () -> world.daemon().events(deal).contains("DataTransferStalled")
                && world.miner().events(deal).contains("DataTransferStalled"));
        assertThat(world.daemon().state(deal)).isEqualTo(TRANSFERRING);
        world.libp2p().restore();
        world.awaitActive(deal);
        assertThat(world.libp2p().bytes() - before).as("bytes after the cut").isLessThan(SIZE - had + SLACK);
        world.checkG(deal);
    }

    @Test
    @DisplayName("S063 a link that stays cut ends the deal: at the client after its restarts, at the miner by silence")
    void linkStaysCut() {
        String deal = moving();
        world.libp2p().cut();
        world.awaitError(deal);
        assertThat(world.daemon().message(deal)).contains(GAVE_UP);
        assertThat(world.miner().message(deal)).contains("the transfer has stalled").contains("in vain");
        world.libp2p().restore();
        world.checkG(deal);
    }

    @Test
    @DisplayName("S067 a client that cancels while the link is down fails at once, the miner by silence")
    void clientCancelsAlone() {
        String deal = moving();
        world.libp2p().cut();
        cancel(world.daemon(), deal);
        world.await(world.daemon(), deal, ERROR);
        assertThat(world.daemon().message(deal)).isEqualTo(CANCELLED);
        assertThat(world.miner().state(deal)).isEqualTo(TRANSFERRING);
        world.awaitError(deal);
        assertThat(world.miner().message(deal)).contains("in vain");
        world.libp2p().restore();
        world.checkG(deal);
    }

    @Test
    @DisplayName("S068 a miner that cancels while the link is down fails at once, the client by its monitor")
    void minerCancelsAlone() {
        String deal = moving();
        world.libp2p().cut();
        cancel(world.miner(), deal);
        world.await(world.miner(), deal, ERROR);
        assertThat(world.miner().message(deal)).isEqualTo(CANCELLED);
        world.awaitError(deal);
        assertThat(world.daemon().message(deal)).contains(GAVE_UP);
        world.libp2p().restore();
        world.checkG(deal);
    }

    @Test
    @DisplayName("S064 a link that is bounced twice early on costs nothing but time")
    void bouncedLink() {
        String deal = moving();
        for (int bytes : new int[] {1_000, 5_000}) {
            int restarts = transfer(world.daemon(), deal).path("attempt").asInt();
            world.libp2p().bounceAfter(bytes);
            Await.until(() -> "another attempt of " + world.story(deal), LIMIT,
                    () -> transfer(world.daemon(), deal).path("attempt").asInt() > restarts);
        }
        world.libp2p().restore();
        world.awaitActive(deal);
        world.checkG(deal);
    }

    @Test
    @DisplayName("S066 a client that cancels ends the deal on both sides")
    void clientCancels() {
        String deal = moving();
        cancel(world.daemon(), deal);
        world.awaitError(deal);
        assertThat(world.daemon().message(deal)).isEqualTo(CANCELLED);
        assertThat(world.miner().message(deal)).isEqualTo(CANCELLED);
        assertThat(world.miner().events(deal)).contains("DataTransferCancelled");
        assertThatThrownBy(() -> cancel(world.daemon(), deal)).isInstanceOf(CliException.class)
                .hasMessageContaining("T02 transfer-already-complete");
        world.checkG(deal);
    }

    @Test
    @DisplayName("S068 a miner that cancels ends the deal on both sides")
    void minerCancels() {
        String deal = moving();
        cancel(world.miner(), deal);
        world.awaitError(deal);
        assertThat(world.miner().message(deal)).isEqualTo(CANCELLED);
        assertThat(world.daemon().message(deal)).isEqualTo(CANCELLED);
        world.checkG(deal);
    }

    @Test
    @DisplayName("S069 a transfer that is complete cannot be cancelled, and its deal goes on")
    void cancelTooLate() {
        String deal = world.deal(10_000);
        world.await(world.miner(), deal, PUBLISH);
        Await.until("the client knows", LIMIT, () -> transfer(world.daemon(), deal).path("status").asText().equals("COMPLETED"));
        for (Side side : List.of(world.miner(), world.daemon())) {
            assertThatThrownBy(() -> cancel(side, deal)).isInstanceOf(CliException.class)
                    .hasMessageContaining("T02 transfer-already-complete");
        }
        world.awaitActive(deal);
        world.checkG(deal);
    }

    @Test
    @DisplayName("S070 a push for a deal that nobody knows is refused")
    void unknownDeal() {
        try (ForeignSender stranger = sender()) {
            stranger.push();
            assertThat(stranger.await(stranger.proposalCid(), TransferStatus.FAILED).error()).isEqualTo("the miner refused the transfer");
            assertThat(world.miner().count("transfer_channel WHERE proposal_cid = '" + stranger.deal() + "'")).isZero();
        }
        world.checkG();
    }

    @Test
    @DisplayName("S071 a push of other data than the deal's is refused, and the deal waits on")
    void otherData() {
        try (ForeignSender own = sender(); ForeignSender other = sender()) {
            assertThat(own.propose().state()).isEqualTo(WAITING_FOR_DATA);
            own.pushOf(other);
            assertThat(own.await(own.proposalCid(), TransferStatus.FAILED).error()).isEqualTo("the miner refused the transfer");
            assertThat(world.miner().state(own.deal())).isEqualTo(WAITING_FOR_DATA);
            own.pushOf(own);
            world.await(world.miner(), own.deal(), ACTIVE);
            world.checkG(own.deal());
        }
    }

    @Test
    @DisplayName("S072 a push by another peer than the deal's is refused")
    void otherPeer() {
        try (ForeignSender own = sender(); ForeignSender thief = sender()) {
            assertThat(own.propose().state()).isEqualTo(WAITING_FOR_DATA);
            thief.pushFor(own.proposalCid(), own);
            assertThat(thief.await(own.proposalCid(), TransferStatus.FAILED).error()).isEqualTo("the miner refused the transfer");
            assertThat(world.miner().state(own.deal())).isEqualTo(WAITING_FOR_DATA);
            own.push();
            world.await(world.miner(), own.deal(), ACTIVE);
            world.checkG(own.deal());
        }
    }

    @Test
    @DisplayName("S073 a push that comes before the acceptance is committed waits for it")
    void earlyPush() throws Exception {
        try (ForeignSender early = sender()) {
            world.miner().chain().hold();
            CompletableFuture<ProposalResponse> answer = CompletableFuture.supplyAsync(early::propose);
            Await.until("the proposal is being judged", LIMIT, () -> world.miner().state(early.deal()) == VALIDATING);
            early.push();
            early.await(early.proposalCid(), TransferStatus.REQUESTED);
            world.miner().chain().restore();
            assertThat(answer.get(60, TimeUnit.SECONDS).state()).isIn(WAITING_FOR_DATA, TRANSFERRING, VERIFY_DATA);
            world.await(world.miner(), early.deal(), ACTIVE);
            assertThat(early.await(early.proposalCid(), TransferStatus.COMPLETED).restarts()).isZero();
            world.checkG(early.deal());
        } finally {
            world.miner().chain().restore();
        }
    }

    @Test
    @DisplayName("S074 a byte that changes on its way stores no wrong block")
    void flippedByte() {
        String deal = moving();
        world.libp2p().flipAfter(100_000);
        Await.until(() -> "the change is noticed\n" + world.story(deal) + world.logTail(), LIMIT,
                () -> transfer(world.daemon(), deal).path("attempt").asInt() > 1);
        world.awaitActive(deal);
        world.checkG(deal);
    }

    @Test
    @DisplayName("S075 data that is not the piece fails the deal before any collateral is held")
    void otherPiece() {
        Cid root = world.imported(world.file(10_000));
        JsonNode other = world.daemon().call("ClientDealPieceCID", Map.of("/", world.imported(world.file(10_001)).toString()));
        String deal = world.start(Offer.of(root).piece(Cid.parse(other.path("PieceCID").path("/").asText()),
                other.path("PieceSize").asLong() / 128 * 127));
        world.awaitError(deal);
        assertThat(world.miner().path(deal)).contains(VERIFY_DATA).doesNotContain(RESERVE_PROVIDER_FUNDS);
        assertThat(world.miner().message(deal)).contains("piece CID");
        assertThat(world.miner().count("fund_hold WHERE proposal_cid = '" + deal + "'")).isZero();
        world.checkG(deal);
    }

    @Test
    @DisplayName("S076 a client that is silent after the acceptance loses the deal when the push limit passes")
    void silentClient() {
        world.miner().chain().hold();
        String deal = world.deal(10_000);
        Await.until("the proposal is being judged", LIMIT, () -> world.miner().state(deal) == VALIDATING);
        world.daemon().kill();
        world.miner().chain().restore();
        world.await(world.miner(), deal, ERROR);
        assertThat(world.miner().path(deal)).contains(WAITING_FOR_DATA).doesNotContain(TRANSFERRING);
        assertThat(world.miner().message(deal)).contains("the client to send the data").contains("in vain");
        world.daemon().start();
        world.awaitError(deal);
        world.checkG(deal);
    }

    @Test
    @DisplayName("S078 a second channel for the same deal takes the first one's place, and keeps its data")
    void secondChannel() {
        try (ForeignSender client = sender()) {
            client.propose();
            client.fallSilentAfter(LEAVES / 2);
            client.push();
            awaitBytes(client.deal(), LEAF);
            JsonNode first = transfer(world.miner(), client.deal());
            long had = first.path("received").asLong();
            client.forgetChannels();
            client.speak();
            long before = world.libp2p().bytesUp();
            world.chain().call("Devnet.MpoolRule", Map.of("action", "hold", "match",
                    WorldChain.match(Methods.MARKET, Methods.MARKET_PUBLISH_STORAGE_DEALS))); // its row goes when the deal is finalized
            client.push();
            Await.until("the first channel's row to say that it was replaced", LIMIT, () -> world.miner()
                    .count("transfer_channel WHERE status = 'CANCELLED' AND proposal_cid = '" + client.deal() + "'") == 1);
            world.chain().call("Devnet.ClearFaults");
            world.await(world.miner(), client.deal(), ACTIVE);
            JsonNode second = transfer(world.miner(), client.deal());
            assertThat(second.path("transferId").asLong()).isNotEqualTo(first.path("transferId").asLong());
            assertThat(world.libp2p().bytesUp() - before).isLessThan(SIZE - had + SLACK);
            world.checkG(client.deal());
        }
    }

    private static ForeignSender sender() {
        return new ForeignSender(world, world.car(LEAVES, LEAF));
    }
}
