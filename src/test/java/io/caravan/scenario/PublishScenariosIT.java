package io.caravan.scenario;

import static io.caravan.model.DealState.AWAITING_PRE_COMMIT;
import static io.caravan.model.DealState.ERROR;
import static io.caravan.model.DealState.PROPOSAL_ACCEPTED;
import static io.caravan.model.DealState.PUBLISH;
import static io.caravan.model.DealState.PUBLISHING;
import static io.caravan.scenario.WorldChain.match;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.chain.AddBalanceParams;
import io.caravan.chain.ChainJson;
import io.caravan.chain.MarketDeal;
import io.caravan.chain.Message;
import io.caravan.chain.Methods;
import io.caravan.chain.PublishStorageDealsParams;
import io.caravan.chain.PublishStorageDealsReturn;
import io.caravan.chain.SignedMessage;
import io.caravan.chain.WithdrawBalanceParams;
import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.model.DealProposal;
import io.caravan.model.FilAddress;
import io.caravan.model.SignedProposal;
import io.caravan.model.TokenAmount;
import io.caravan.node.cli.Cli;
import io.caravan.node.cli.Terminal;
import io.caravan.support.Await;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * What publishing goes through (deal-lifecycle §15.6). Batches of this world stay open until an operator closes them, so
 * that a test says when.
 */
@TestMethodOrder(MethodOrderer.DisplayName.class)
class PublishScenariosIT {

    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final long PUBLISH_DEALS = Methods.MARKET_PUBLISH_STORAGE_DEALS;
    private static final TokenAmount USUAL_BASE_FEE = TokenAmount.ofAtto(100);

    static World world;

    @BeforeAll
    static void start() {
        world = World.with().set("miner.publish.period", "1h").set("miner.publish.try-wait", "300ms").set("miner.accept.seal-time", "1m")
                .set("miner.publish.replace-after", "15").set("miner.messages.every", "500ms")
                .set("miner.publish.recheck", "1s").set("daemon.publish.recheck", "1s")
                .set("miner.confidence.publish", "6").set("daemon.confidence.publish", "6").start();
        world.chain().fillEscrow(world.minerAddress(), TokenAmount.ofFil(1));
        world.chain().fillEscrow(world.wallet(), TokenAmount.ofFil(1));
    }

    @AfterAll
    static void end() {
        if (world != null) {
            world.close();
        }
    }

    @AfterEach
    void mend() {
        world.chain().call("Devnet.ClearFaults");
        world.chain().call("Devnet.SetBaseFee", USUAL_BASE_FEE.atto().toString());
        world.chain().interval(Duration.ofMillis(100));
    }

    @Test
    @DisplayName("S085 of a batch of three the deal whose start has passed fails alone")
    void oneStartPassed() {
        long start = world.chain().height() + 2_600;
        String late = world.start(offer().start(start));
        String one = world.start(offer());
        String two = world.start(offer());
        awaitQueued(late, one, two);
        long height = world.chain().height();
        world.chain().warp(start + 1);
        publishNow();
        world.awaitError(late);
        awaitPublished(one, two);
        assertThat(world.miner().message(late)).contains(Long.toString(start));
        assertThat(world.chain().facts(height).publishSizes()).containsExactly(2);
        world.checkG(late, one, two);
    }

    @Test
    @DisplayName("S086 of a batch of three the deal that fails simulation fails alone, the others go in one message")
    void oneFailsSimulation() {
        FilAddress poor = FilAddress.parse(world.daemon().call("WalletNew", "secp256k1").asText());
        world.chain().faucet(poor, TokenAmount.ofFil(1));
        String bad = world.start(offer().wallet(poor.toString()).price(TokenAmount.ofAtto(10)));
        String one = world.start(offer());
        String two = world.start(offer());
        awaitQueued(bad, one, two);
        withdrawAll(poor);
        long height = world.chain().height();
        publishNow();
        world.awaitError(bad);
        awaitPublished(one, two);
        assertThat(world.miner().message(bad)).contains("invalid at publication", "escrow holds");
        assertThat(world.chain().facts(height).publishSizes()).containsExactly(2);
        world.checkG(bad, one, two);
    }

    @Test
    @DisplayName("S087 with an empty publish wallet a deal stays Publish on both sides, until coins and an operator come")
    void emptyWallet() {
        FilAddress worker = worker();
        String deal = world.start(offer());
        awaitQueued(deal);
        TokenAmount had = world.chain().reads().walletBalance(worker);
        setBalance(worker, TokenAmount.ZERO);
        publishNow();
        Await.until(() -> "the reason at the miner\n" + world.story(deal), LIMIT, () ->
                world.miner().deal(deal).path("lastError").asText("").contains("the message needs"));
        assertThat(world.miner().state(deal)).isEqualTo(PUBLISH);
        assertThat(world.shown(deal)).isEqualTo(PUBLISH);
        setBalance(worker, had);
        world.miner().call("MarketRetryPublishDeal", Map.of("/", deal));
        world.await(world.miner(), deal, PUBLISHING);
        awaitPublished(deal);
        world.checkG(deal);
    }

    @Test
    @DisplayName("S088 a publish message that fails on chain fails its deals, and their money is free")
    void failsOnChain() {
        String one = world.start(offer());
        String two = world.start(offer());
        awaitQueued(one, two);
        world.chain().call("Devnet.FailNext", match(Methods.MARKET, PUBLISH_DEALS), 16, 1);
        publishNow();
        world.awaitError(one, two);
        assertThat(world.miner().message(one)).contains("exit code 16");
        world.checkG(one, two);
    }

    @Test
    @DisplayName("S089 of three deals the chain takes the first and the last: each has its number, the other fails alone")
    void oneDropped() {
        long start = world.chain().height() + World.START_AHEAD;
        List<String> deals = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            deals.add(world.start(offer().start(start + i)));
        }
        awaitQueued(deals.toArray(String[]::new));
        world.chain().call("Devnet.InvalidateDeal", Map.of("/", deals.get(1)));
        publishNow();
        world.awaitError(deals.get(1));
        awaitPublished(deals.get(0), deals.get(2));
        assertThat(world.miner().message(deals.get(1))).contains("invalid at publication");
        assertThat(dealId(deals.get(2))).isEqualTo(dealId(deals.get(0)) + 1);
        requireOnChain(deals.get(0));
        requireOnChain(deals.get(2));
        world.checkG(deals.toArray(String[]::new));
    }

    @Test
    @DisplayName("S090 a message that does not land is replaced by one with a higher fee, and that one's CID is kept")
    void replacedByFee() {
        String deal = world.start(offer());
        awaitQueued(deal);
        hold();
        publishNow();
        world.await(world.miner(), deal, PUBLISHING);
        Cid first = publishCid(deal);
        world.chain().call("Devnet.SetBaseFee", "1000000");
        world.chain().call("Devnet.ClearFaults");
        awaitPublished(deal);
        assertThat(publishCid(deal)).isNotEqualTo(first);
        Message landed = world.chain().reads().message(publishCid(deal)).orElseThrow();
        assertThat(landed.gasFeeCap()).isGreaterThan(TokenAmount.ofAtto(1_000_000));
        assertThat(world.chain().facts(0).publishesOf(deal)).isEqualTo(1);
        requireOnChain(deal);
        world.checkG(deal);
    }

    @Test
    @DisplayName("S091 a pending batch is shown, and goes at once when an operator says so")
    void forced() {
        String deal = world.start(offer());
        awaitQueued(deal);
        JsonNode pending = world.miner().call("MarketPendingDeals");
        assertThat(pending.path("Deals")).hasSize(1);
        assertThat(pending.path("Deals").get(0).path("Proposal").path("PieceCID").path("/").asText())
                .isEqualTo(world.proposal(deal).pieceCid().toString());
        assertThat(pending.path("PublishPeriod").asLong()).isEqualTo(Duration.ofHours(1).toNanos());
        assertThatThrownBy(() -> world.miner().call("MarketRetryPublishDeal", Map.of("/", Cid.rawSha256(new byte[1]).toString())))
                .hasMessageContaining("P1 deal-not-found");
        assertThat(cli("publish", "list", "--json")).contains(deal);
        assertThat(cli("publish", "now")).contains("1 deal is being published");
        awaitPublished(deal);
        assertThat(world.miner().count("deal_operation WHERE proposal_cid = '" + deal + "' AND reason = 'publish now'")).isEqualTo(1);
        assertThat(cli("publish", "list")).contains("no deal waits to be published");
        assertThat(world.miner().call("MarketPendingDeals").path("Deals")).isEmpty();
        assertThatThrownBy(() -> world.miner().call("MarketRetryPublishDeal", Map.of("/", deal)))
                .hasMessageContaining("P2 not-publishing");
        world.checkG(deal);
    }

    @Test
    @DisplayName("S092 a client whose miner names a stranger's message, one of another method or one without the deal fails")
    void lyingMiner() {
        String published = world.start(offer());
        awaitQueued(published);
        publishNow();
        awaitPublished(published);
        List<String> deals = List.of(world.start(offer()), world.start(offer()), world.start(offer()));
        awaitQueued(deals.toArray(String[]::new));
        List<Cid> lies = new ArrayList<>();
        try (ForeignClient stranger = world.foreign(TokenAmount.ZERO)) {
            lies.add(send(stranger, PUBLISH_DEALS, new PublishStorageDealsParams(List.of(signed(deals.get(0)))).toCbor(), 0));
            lies.add(send(stranger, Methods.MARKET_ADD_BALANCE, new AddBalanceParams(stranger.address()).toCbor(), 1));
        }
        lies.add(publishCid(published));
        world.libp2p().cut(); // the daemon hears nothing while its miner turns into a liar
        publishNow();
        for (int i = 0; i < deals.size(); i++) {
            world.await(world.miner(), deals.get(i), AWAITING_PRE_COMMIT);
            world.miner().value("UPDATE deal SET version = version + 1, publish_cid = '" + lies.get(i)
                    + "' WHERE proposal_cid = '" + deals.get(i) + "' RETURNING publish_cid");
        }
        world.libp2p().restore();
        for (String deal : deals) {
            world.await(world.daemon(), deal, ERROR);
            assertThat(world.daemon().path(deal)).contains(PROPOSAL_ACCEPTED);
        }
        assertThat(world.daemon().message(deals.get(0))).contains("may not act for miner");
        assertThat(world.daemon().message(deals.get(1))).contains("is no publish message");
        assertThat(world.daemon().message(deals.get(2))).contains("does not carry deal");
        world.checkG();
    }

    @Test
    @DisplayName("S093 a reorganisation before the message is deep enough gives the deal another number, everywhere")
    void renumbered() {
        String deal = world.start(offer());
        long number = published(deal, 2) - 1;
        reorganise(3);
        assertThat(numberNow(deal)).isEqualTo(number);
        world.chain().interval(Duration.ofMillis(100));
        awaitPublished(deal);
        assertThat(dealId(deal)).isEqualTo(number);
        assertThat(world.daemon().deal(deal).path("dealId").asLong()).isEqualTo(number);
        assertThat(world.miner().events(deal)).doesNotContain("PublishReverted");
        requireOnChain(deal);
        world.checkG(deal);
    }

    @Test
    void aReorganisationDeeperThanTheConfidenceRenumbersEverywhereAndIsWrittenDown() {
        String deal = world.start(offer());
        long number = published(deal, 12) - 1;
        awaitPublished(deal);
        world.chain().call("Devnet.MpoolRule", Map.of("action", "hold", "match",
                match(world.minerAddress(), Methods.MINER_PRE_COMMIT_SECTOR_BATCH2)));
        reorganise(13);
        world.chain().interval(Duration.ofMillis(100));
        for (Side side : List.of(world.miner(), world.daemon())) {
            Await.until(() -> "the new number at the " + side.name() + world.story(deal) + world.logTail(), LIMIT, () ->
                    side.deal(deal).path("dealId").asLong() == number);
            assertThat(side.events(deal)).contains("PublishReverted");
        }
        world.chain().call("Devnet.ClearFaults");
        world.awaitActive(deal);
        assertThat(world.miner().value("SELECT deal_id FROM sector_piece WHERE proposal_cid = '" + deal + "'"))
                .isEqualTo(Long.toString(number));
        requireOnChain(deal);
        world.checkG(deal);
    }

    private static Cid intruder;

    /** Publishes a stranger's deal and, one epoch later, ours; so many blocks lie on top. The clock stands; our number. */
    private static long published(String deal, int blocks) {
        awaitQueued(deal);
        hold();
        publishNow();
        world.await(world.miner(), deal, PUBLISHING);
        FilAddress genesis = FilAddress.ofId(1000);
        world.chain().fillEscrow(genesis, TokenAmount.ofFil(1));
        try (ForeignClient stranger = world.foreign()) {
            DealProposal p = stranger.terms();
            DealProposal theirs = new DealProposal(p.pieceCid(), p.pieceSize(), false, p.client(), genesis, p.label(),
                    p.startEpoch(), p.endEpoch(), p.storagePricePerEpoch(), p.providerCollateral(), p.clientCollateral());
            world.chain().interval(Duration.ZERO);
            Message publish = Message.of(FilAddress.parse(world.chain().call("WalletDefaultAddress").asText()), Methods.MARKET,
                    TokenAmount.ZERO, PUBLISH_DEALS, Bytes.wrap(new PublishStorageDealsParams(List.of(stranger.signed(theirs))).toCbor()));
            intruder = ChainJson.signedMessage(world.chain().call("MpoolPushMessage", ChainJson.json(publish), null)).cid();
        }
        world.chain().mine(1);
        world.chain().call("Devnet.ClearFaults");
        world.chain().mine(blocks);
        return numberNow(deal);
    }

    /** Takes so many blocks back, and mines others in which the stranger's deal never was. */
    private static void reorganise(int depth) {
        world.chain().call("Devnet.Reorg", depth, Map.of("drop", List.of(Map.of("/", intruder.toString()))));
        world.chain().mine(2);
    }

    @Test
    @DisplayName("S094 a chain that is away for sixty epochs while a deal is Publishing fails nothing")
    void chainAway() {
        String deal = world.start(offer());
        awaitQueued(deal);
        hold();
        publishNow();
        world.await(world.miner(), deal, PUBLISHING);
        world.miner().chain().cut();
        world.daemon().chain().cut();
        world.chain().awaitHeight(world.chain().height() + 60);
        world.miner().chain().restore();
        world.daemon().chain().restore();
        assertThat(world.miner().state(deal)).isEqualTo(PUBLISHING);
        world.chain().call("Devnet.ClearFaults");
        world.awaitActive(deal);
        assertThat(world.chain().facts(0).publishesOf(deal)).isEqualTo(1);
        world.checkG(deal);
    }

    @Test
    void aMessageThatTheMempoolForgetsIsPushedAgain() {
        String deal = world.start(offer());
        awaitQueued(deal);
        world.chain().call("Devnet.MpoolRule", Map.of("action", "evict", "match", match(Methods.MARKET, PUBLISH_DEALS)));
        publishNow();
        awaitPublished(deal);
        assertThat(world.chain().facts(0).publishesOf(deal)).isEqualTo(1);
        world.checkG(deal);
    }

    private static String cli(String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        List<String> line = new ArrayList<>(List.of(words));
        line.addAll(List.of("--home", world.miner().home().root().toString()));
        int code = Cli.run(new Terminal(new PrintStream(out, true, StandardCharsets.UTF_8), System.err, false),
                line.toArray(String[]::new));
        assertThat(code).isZero();
        return out.toString(StandardCharsets.UTF_8);
    }

    private static Offer offer() {
        return Offer.of(world.imported(world.file(2_000)));
    }

    private static void publishNow() {
        world.miner().call("MarketPublishPendingDeals");
    }

    /** Until the deals wait for a batch to close. */
    private static void awaitQueued(String... deals) {
        for (String deal : deals) {
            world.await(world.miner(), deal, PUBLISH);
            Await.until(() -> "a place in the queue\n" + world.story(deal), LIMIT, () ->
                    world.miner().count("publish_queue WHERE message_key IS NULL AND proposal_cid = '" + deal + "'") == 1);
        }
    }

    private static void awaitPublished(String... deals) {
        for (String deal : deals) {
            world.awaitBoth(deal, AWAITING_PRE_COMMIT);
        }
    }

    /** No block takes our miner's publish messages until the faults are cleared. */
    private static void hold() {
        world.chain().call("Devnet.MpoolRule", Map.of("action", "hold", "match",
                Map.of("to", Methods.MARKET.toString(), "method", PUBLISH_DEALS, "from", worker().toString())));
    }

    private static FilAddress worker() {
        return world.chain().reads().accountKey(world.chain().reads().minerInfo(world.minerAddress()).worker());
    }

    private static void setBalance(FilAddress account, TokenAmount amount) {
        world.chain().call("Devnet.SetBalance", account, amount.atto().toString());
        Await.until("the balance of " + account, LIMIT, () -> world.chain().reads().walletBalance(account).equals(amount));
    }

    private static long dealId(String deal) {
        return world.miner().deal(deal).path("dealId").asLong();
    }

    private static Cid publishCid(String deal) {
        return Cid.parse(world.miner().value("SELECT publish_cid FROM deal WHERE proposal_cid = '" + deal + "'"));
    }

    private static SignedProposal signed(String deal) {
        return SignedProposal.ofCbor(HexFormat.of().parseHex(world.miner().value(
                "SELECT encode(proposal, 'hex') FROM deal WHERE proposal_cid = '" + deal + "'")));
    }

    /** The number the market gave the deal, found without the miner's help. */
    private static long numberNow(String deal) {
        var receipt = world.chain().reads().search(publishCid(deal)).orElseThrow().receipt();
        return PublishStorageDealsReturn.ofCbor(receipt.returned().toArray()).idAt(0).orElseThrow();
    }

    private static void requireOnChain(String deal) {
        MarketDeal onChain = world.chain().deal(dealId(deal)).orElseThrow();
        assertThat(onChain.proposal().pieceCid()).isEqualTo(world.proposal(deal).pieceCid());
        assertThat(onChain.proposal().startEpoch()).isEqualTo(world.proposal(deal).startEpoch());
        assertThat(world.chain().facts(0).publishesOf(deal)).isEqualTo(1);
    }

    private static void withdrawAll(FilAddress client) {
        TokenAmount escrow = world.chain().reads().marketBalance(client).escrow();
        Message draft = world.chain().reads().estimateGas(Message.of(client, Methods.MARKET, TokenAmount.ZERO,
                Methods.MARKET_WITHDRAW_BALANCE, Bytes.wrap(new WithdrawBalanceParams(client, escrow).toCbor())))
                .withNonce(world.chain().reads().nextNonce(client));
        world.chain().call("MpoolPush", world.daemon().call("WalletSignMessage", client.toString(), ChainJson.json(draft)));
        Await.until("the escrow of " + client + " to be empty", LIMIT, () ->
                world.chain().reads().marketBalance(client).escrow().isZero());
    }

    private static Cid send(ForeignClient stranger, long method, byte[] params, long nonce) {
        Message message = Message.of(stranger.address(), Methods.MARKET, TokenAmount.ofAtto(method == PUBLISH_DEALS ? 0 : 1), method,
                Bytes.wrap(params)).withGas(100_000_000, TokenAmount.ofAtto(1_000), TokenAmount.ofAtto(100)).withNonce(nonce);
        return world.chain().reads().push(new SignedMessage(message, stranger.key().sign(message.signingBytes())));
    }
}
