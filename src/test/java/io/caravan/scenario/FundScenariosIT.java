package io.caravan.scenario;

import static io.caravan.model.DealState.ACTIVE;
import static io.caravan.model.DealState.CLIENT_FUNDING;
import static io.caravan.model.DealState.ERROR;
import static io.caravan.model.DealState.EXPIRED;
import static io.caravan.model.DealState.FUNDS_RESERVED;
import static io.caravan.model.DealState.RESERVE_CLIENT_FUNDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.chain.Methods;
import io.caravan.model.FilAddress;
import io.caravan.model.MarketBalance;
import io.caravan.model.TokenAmount;
import io.caravan.node.cli.Cli;
import io.caravan.node.cli.CliException;
import io.caravan.node.cli.Terminal;
import io.caravan.support.Await;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Money in the market: reserved once, topped up by what is missing, never given away twice (deal-lifecycle §9, §15.6). */
class FundScenariosIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final long SHORT = 2_000;

    static World world;

    @BeforeAll
    static void start() {
        world = World.with().shortestDeal(SHORT).set("daemon.funds.every", "100ms").set("miner.funds.every", "100ms")
                .set("miner.settle.every", "300ms").set("daemon.funds.top-up-ceiling", "30 FIL").start();
    }

    @AfterAll
    static void end() {
        if (world != null) {
            world.close();
        }
    }

    /** With 10 FIL; named as rows name it. */
    private static String newWallet() {
        return newWallet(10);
    }

    private static String newWallet(long fil) {
        FilAddress wallet = FilAddress.parse(world.daemon().call("WalletNew", "secp256k1").asText());
        world.chain().faucet(wallet, TokenAmount.ofFil(fil));
        return wallet.toString();
    }

    private static MarketBalance balance(String address) {
        return world.chain().reads().marketBalance(FilAddress.parse(address));
    }

    private static long available(String address) {
        return balance(address).available().atto().longValueExact();
    }

    private static void landed(JsonNode message) {
        Await.until("message " + message + " to land", LIMIT, () ->
                !world.chain().call("StateSearchMsg", null, message, -1, true).isNull());
        String cid = message.path("/").asText();
        Await.until("the daemon to know that " + cid + " landed", LIMIT, () -> world.daemon().count(
                "chain_message WHERE cid = '" + cid + "' AND status = 'LANDED'") == 1);
    }

    private static long valueOf(JsonNode message) {
        return Long.parseLong(world.daemon().value("SELECT value_atto FROM chain_message WHERE cid = '"
                + message.path("/").asText() + "'"));
    }

    private static JsonNode reserve(String wallet, String address, long amount) {
        return world.daemon().call("MarketReserveFunds", wallet, address, Long.toString(amount));
    }

    private static long reserved(String address) {
        return world.daemon().call("MarketGetReserved", address).asLong();
    }

    private static JsonNode account(Side side, String address) {
        for (JsonNode account : side.call("Caravan.Funds").path("accounts")) {
            if (FilAddress.parse(account.path("address").asText()).equals(FilAddress.parse(address))) {
                return account;
            }
        }
        throw new AssertionError("no account " + address);
    }

    private static void requireThatItAddsUp(Side side) {
        JsonNode funds = side.call("Caravan.Funds");
        assertThat(funds.path("violations").asLong()).as("%s\n%s", funds.toPrettyString(), world.logTail()).isZero();
        for (JsonNode account : funds.path("accounts")) {
            TokenAmount left = atto(account, "reservedAtto").plus(atto(account, "freeAtto"));
            TokenAmount right = atto(account, "escrowAtto").minus(atto(account, "lockedAtto")).plus(atto(account, "onItsWayAtto"));
            assertThat(left).as(account.toPrettyString()).isEqualTo(right);
            assertThat(account.path("wrong").isNull()).as(account.toPrettyString()).isTrue();
        }
    }

    private static TokenAmount atto(JsonNode account, String field) {
        return TokenAmount.parseAtto(account.path(field).asText());
    }

    @Test
    @DisplayName("S079 the fund manager moves what the vectors of the specification say, on the chain")
    void vectors() {
        String wallet = newWallet();
        JsonNode first = reserve(wallet, wallet, 10);
        assertThat(valueOf(first)).isEqualTo(10);
        JsonNode second = reserve(wallet, wallet, 5); // waits for the message in flight
        assertThat(valueOf(second)).isEqualTo(5);
        assertThat(reserved(wallet)).isEqualTo(15);
        landed(second);
        assertThat(available(wallet)).isEqualTo(15);

        world.daemon().call("MarketReleaseFunds", wallet, "5");
        assertThat(reserve(wallet, wallet, 3).isNull()).isTrue();
        assertThat(reserved(wallet)).isEqualTo(13);
        world.daemon().call("MarketReleaseFunds", wallet, "5");
        JsonNode third = reserve(wallet, wallet, 8);
        assertThat(valueOf(third)).isEqualTo(1);
        assertThat(reserved(wallet)).isEqualTo(16);
        landed(third);

        world.chain().fillEscrow(FilAddress.parse(wallet), TokenAmount.ofAtto(100));
        assertThat(available(wallet)).isEqualTo(116);
        assertThat(reserve(wallet, wallet, 10).isNull()).isTrue();
        assertThat(reserved(wallet)).isEqualTo(26);
        assertThat(reserve(wallet, wallet, 0).isNull()).isTrue();

        long sent = withdrawals();
        assertThatThrownBy(() -> world.daemon().call("MarketWithdraw", wallet, wallet, "95"))
                .isInstanceOf(CliException.class).hasMessageContaining("withdraw more than available");
        assertThat(withdrawals()).isEqualTo(sent);
        landed(world.daemon().call("MarketWithdraw", wallet, wallet, "90"));
        assertThat(available(wallet)).isEqualTo(26);
        requireThatItAddsUp(world.daemon());
        world.checkG();
    }

    private static long withdrawals() {
        return world.daemon().count("chain_message WHERE method = 3");
    }

    @Test
    @DisplayName("S080 reservations that two wallets pay for are two messages, the second after the first landed")
    void twoWallets() {
        String one = newWallet();
        String two = newWallet();
        world.chain().call("Devnet.MpoolRule", Map.of("match", Map.of("from", one, "method", 2), "action", "HOLD"));
        JsonNode first = reserve(one, one, 7);
        List<JsonNode> later = new CopyOnWriteArrayList<>();
        Thread second = new Thread(() -> later.add(reserve(two, one, 4)));
        second.start();
        Await.until("the second reservation to queue", LIMIT, () -> world.daemon().count(
                "fund_hold WHERE address = '" + one + "' AND state = 'QUEUED'") == 1);
        assertThat(world.daemon().count("chain_message WHERE intent_key LIKE 'add-balance/" + one + "/%'")).isEqualTo(1);
        world.chain().call("Devnet.ClearFaults");
        landed(first);
        Await.until("the second message", LIMIT, () -> !later.isEmpty());
        landed(later.get(0));
        assertThat(valueOf(later.get(0))).isEqualTo(4);
        assertThat(world.daemon().value("SELECT sender FROM chain_message WHERE cid = '" + later.get(0).path("/").asText() + "'"))
                .isEqualTo(two);
        assertThat(Long.parseLong(world.daemon().value("SELECT b.landed_epoch - a.landed_epoch FROM chain_message a, chain_message b WHERE a.cid = '"
                + first.path("/").asText() + "' AND b.cid = '" + later.get(0).path("/").asText() + "'"))).isPositive();
        assertThat(available(one)).isEqualTo(11);
        world.checkG();
    }

    @Test
    @DisplayName("S059 a top-up that fails on chain fails its deal, and nothing stays reserved")
    void failedTopUp() {
        String wallet = newWallet();
        world.chain().call("Devnet.FailNext", Map.of("from", wallet, "method", 2), 16, 1);
        String deal = world.start(Offer.of(world.imported(world.file(500))).wallet(wallet).price(TokenAmount.ofAtto(1_000)));
        world.await(world.daemon(), deal, ERROR);
        assertThat(world.daemon().path(deal)).contains(CLIENT_FUNDING).doesNotContain(FUNDS_RESERVED);
        assertThat(world.daemon().message(deal)).contains("exit code 16");
        assertThat(reserved(wallet)).isZero();
        assertThat(world.daemon().count("fund_hold WHERE proposal_cid = '" + deal + "' AND state <> 'RELEASED'")).isZero();
        requireThatItAddsUp(world.daemon());
        world.checkG(deal);
    }

    @Test
    @DisplayName("S081 a kill between hold and event leaves one hold, counted once, and one message")
    void killedBetweenHoldAndEvent() {
        String wallet = newWallet();
        world.chain().call("Devnet.MpoolRule", Map.of("match", Map.of("from", wallet, "method", 2), "action", "REJECT", "count", 50));
        String deal = world.start(Offer.of(world.imported(world.file(600))).wallet(wallet).price(TokenAmount.ofAtto(1_000)));
        Await.until("the hold", LIMIT, () -> world.daemon().count("fund_hold WHERE proposal_cid = '" + deal + "' AND state = 'FUNDING'") == 1);
        assertThat(world.daemon().state(deal)).isEqualTo(RESERVE_CLIENT_FUNDS);
        world.daemon().kill();
        world.chain().call("Devnet.ClearFaults");
        world.daemon().start();
        world.awaitActive(deal);
        assertThat(world.daemon().count("fund_hold WHERE proposal_cid = '" + deal + "'")).isEqualTo(1);
        assertThat(world.daemon().events(deal)).containsOnlyOnce("FundsReserved");
        assertThat(world.daemon().count("chain_message WHERE intent_key LIKE 'add-balance/" + wallet + "/%' AND status <> 'FAILED'"))
                .isEqualTo(1);
        assertThat(balance(wallet).escrow()).isEqualTo(balance(wallet).locked());
        requireThatItAddsUp(world.daemon());
        world.checkG(deal);
    }

    @Test
    @DisplayName("S082 more than is free is not withdrawn: an error, nothing sent")
    void overdraft() {
        String wallet = newWallet();
        landed(world.daemon().call("MarketAddBalance", wallet, wallet, "100"));
        reserve(wallet, wallet, 60);
        long sent = withdrawals();
        TokenAmount before = balance(wallet).escrow();
        assertThatThrownBy(() -> world.daemon().call("MarketWithdraw", wallet, wallet, "41"))
                .isInstanceOf(CliException.class).hasMessageContaining("withdraw more than available");
        for (String amount : List.of("0", "-5", "9".repeat(60))) {
            assertThatThrownBy(() -> world.daemon().call("MarketWithdraw", wallet, wallet, amount)).isInstanceOf(CliException.class);
        }
        assertThatThrownBy(() -> world.daemon().call("MarketWithdraw", "f01", wallet, "1")).isInstanceOf(CliException.class);
        assertThat(withdrawals()).isEqualTo(sent);
        assertThat(balance(wallet).escrow()).isEqualTo(before);
        landed(world.daemon().call("MarketWithdraw", wallet, wallet, "40"));
        assertThat(available(wallet)).isEqualTo(60);
        requireThatItAddsUp(world.daemon());
        world.checkG();
    }

    @Test
    void aDealWhoseWalletIsEmptyWaitsForMoneyAndGoesOnWhenItComes() {
        String wallet = newWallet(); // 10 FIL, two deals of 6
        TokenAmount price = TokenAmount.ofFil(6).timesRatio(1, World.DURATION);
        List<String> deals = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            deals.add(world.start(Offer.of(world.imported(world.file(700 + i))).wallet(wallet).price(price)));
        }
        Await.until("one of the deals to wait for money", LIMIT, () -> deals.stream().anyMatch(FundScenariosIT::waitsForMoney));
        assertThat(deals.stream().filter(FundScenariosIT::waitsForMoney).map(deal -> world.daemon().deal(deal).path("waitsFor").asText()))
                .singleElement().asString().contains("wallet " + wallet, "needed in the escrow", "send ");
        requireThatItAddsUp(world.daemon());
        world.chain().faucet(FilAddress.parse(wallet), TokenAmount.ofFil(10));
        world.awaitActive(deals.toArray(String[]::new));
        world.checkG(deals.toArray(String[]::new));
    }

    private static boolean waitsForMoney(String deal) {
        return world.daemon().state(deal) == RESERVE_CLIENT_FUNDS && world.daemon().deal(deal).path("waitsFor").asText("").contains("money: wallet");
    }

    @Test
    void aTopUpBeyondTheCeilingWaitsForAnOperatorWhoAddsToTheEscrow() {
        String wallet = newWallet(80);
        TokenAmount price = TokenAmount.ofFil(35).timesRatio(1, World.DURATION); // the ceiling is 30
        String deal = world.start(Offer.of(world.imported(world.file(750))).wallet(wallet).price(price));
        Await.until("the deal to wait for an operator", LIMIT, () -> world.daemon().deal(deal).path("waitsFor").asText("")
                .contains("daemon.funds.top-up-ceiling = 30 FIL"));
        assertThat(world.daemon().deal(deal).path("waitsOn").asText()).isEqualTo("money");
        assertThat(world.daemon().count("chain_message WHERE sender = '" + wallet + "'")).isZero();
        world.daemon().call("MarketAddBalance", wallet, wallet, TokenAmount.ofFil(36).toAttoString());
        world.awaitActive(deal);
        requireThatItAddsUp(world.daemon());
        world.checkG(deal);
    }

    @Test
    void theFiguresAddUpAtEachEpochWhileDealsArePublished() {
        String wallet = newWallet();
        List<String> deals = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            deals.add(world.start(Offer.of(world.imported(world.file(800 + i))).wallet(wallet).price(TokenAmount.ofAtto(1_000))));
        }
        deals.forEach(deal -> Await.until("its money to be held", LIMIT, () -> world.daemon().count("fund_hold WHERE proposal_cid = '" + deal + "'") == 1));
        TokenAmount cost = deals.stream().map(deal -> TokenAmount.parseAtto(world.daemon().value(
                "SELECT amount_atto FROM fund_hold WHERE proposal_cid = '" + deal + "'"))).reduce(TokenAmount.ZERO, TokenAmount::plus);
        world.awaitActive(deals.toArray(String[]::new));
        requireThatItAddsUp(world.daemon());
        requireThatItAddsUp(world.miner());
        assertThat(balance(wallet)).as("no attoFIL was moved that no deal needed").isEqualTo(new MarketBalance(cost, cost));
        world.checkG(deals.toArray(String[]::new));
    }

    @Test
    void anExpiredDealIsSettledOnceAndItsCollateralComesBack() {
        String deal = world.start(Offer.of(world.imported(world.file(900))).duration(SHORT));
        world.awaitActive(deal);
        long dealId = Long.parseLong(world.miner().value("SELECT deal_id FROM deal WHERE proposal_cid = '" + deal + "'"));
        TokenAmount lockedBefore = world.chain().reads().marketBalance(world.minerAddress()).locked();
        long end = Long.parseLong(world.miner().value("SELECT end_epoch FROM deal WHERE proposal_cid = '" + deal + "'"));
        world.chain().warp(end + 1);
        world.awaitBoth(deal, EXPIRED);
        Await.until("the settlement", LIMIT, () -> world.miner().count("deal_settlement WHERE deal_id = " + dealId + " AND outcome = 'SETTLED'") == 1);
        assertThat(world.chain().deal(dealId)).isEmpty();
        assertThat(world.chain().reads().marketBalance(world.minerAddress()).locked()).isLessThan(lockedBefore);
        assertThat(world.miner().count("chain_message WHERE method = " + Methods.MARKET_SETTLE_DEAL_PAYMENTS
                + " AND intent_key = (SELECT message_key FROM deal_settlement WHERE deal_id = " + dealId + ")")).isEqualTo(1);
        assertThat(world.miner().path(deal)).contains(ACTIVE).endsWith(EXPIRED);
        requireThatItAddsUp(world.miner());
        world.checkG(deal);
    }

    private record Said(int exitCode, String out, String err) {}

    private static Said funds(Side side, String... words) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        List<String> line = new ArrayList<>(List.of("funds"));
        line.addAll(List.of(words));
        line.addAll(List.of("--home", side.home().root().toString(), "--role", side.name()));
        int exitCode = Cli.run(new Terminal(new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8),
                false), line.toArray(String[]::new));
        return new Said(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void theTerminalShowsWhereTheMoneyIsAndMovesItOnlyWhenToldTo() {
        String wallet = newWallet();
        Said unasked = funds(world.daemon(), "add", "1 FIL", "--wallet", wallet, "--address", wallet);
        assertThat(unasked.exitCode()).isEqualTo(2);
        assertThat(unasked.err()).contains("Move 1 FIL from wallet " + wallet);
        assertThat(funds(world.daemon(), "add", "0 FIL", "--yes").exitCode()).isEqualTo(2);
        assertThat(funds(world.daemon(), "add", "a lot", "--yes").exitCode()).isEqualTo(2);
        assertThat(world.daemon().count("chain_message WHERE sender = '" + wallet + "'")).isZero();

        Said added = funds(world.daemon(), "add", "1 FIL", "--wallet", wallet, "--address", wallet, "--yes");
        assertThat(added.exitCode()).as(added.err()).isZero();
        Await.until("the escrow", LIMIT, () -> balance(wallet).escrow().equals(TokenAmount.ofFil(1)));
        reserve(wallet, wallet, 60);
        assertThat(funds(world.daemon(), "withdraw", "1 FIL", "--wallet", wallet, "--address", wallet, "--yes"))
                .satisfies(said -> assertThat(said.exitCode()).isEqualTo(2))
                .satisfies(said -> assertThat(said.err()).contains("withdraw more than available"));
        Said shown = funds(world.daemon());
        assertThat(shown.exitCode()).as(shown.err()).isZero();
        assertThat(shown.out()).contains("escrow of ", "= reserved for deals to be published", "0.00000000000000006 FIL", "caller",
                "top-ups of the last 24 h", "of at most 30 FIL (daemon.funds.top-up-ceiling)").doesNotContain("DOES NOT ADD UP");
        assertThat(funds(world.miner(), "--json").out()).startsWith("{").contains("\"settlements\"");
        assertThat(funds(world.miner()).out()).contains("miner.funds.top-up-ceiling");
        assertThat(world.miner().call("Caravan.Health").path("findings")).anySatisfy(finding -> {
            assertThat(finding.path("code").asText()).isEqualTo("FUNDS");
            assertThat(finding.path("level").asText()).isEqualTo("ok");
        });
    }
}
