package io.caravan.scenario;

import static io.caravan.model.DealState.*;
import static io.caravan.support.KillPoint.Moment.BEFORE;
import static io.caravan.support.KillPoint.Moment.COMMITTED;
import static io.caravan.support.KillPoint.Moment.LEAVING;
import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.chain.Methods;
import io.caravan.model.DealState;
import io.caravan.model.SectorFlow;
import io.caravan.model.SectorState;
import io.caravan.model.TokenAmount;
import io.caravan.support.Await;
import io.caravan.support.ChainFacts;
import io.caravan.support.KillPoint;
import io.caravan.support.KillPoint.Moment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Deals whose side is killed under them (deal-lifecycle §15.8): they go on where they were, and nothing is done twice. The
 * kill matrix ({@code node/KillPointsIT}) does the same to real processes, everywhere.
 */
@TestMethodOrder(MethodOrderer.DisplayName.class)
class RestartScenariosIT {

    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final int SMALL = 20_000;
    private static final int LARGE = 3_000_000;
    /** Slow enough that a large deal is met while its bytes travel. */
    private static final long SLOW = 1_500_000;

    static World world;
    static Side miner;
    static Side daemon;

    @BeforeAll
    static void start() {
        world = World.with().set("miner.ask.price", "500000000 attoFIL").set("sealing.max-pieces", "1").start();
        miner = world.miner();
        daemon = world.daemon();
    }

    @AfterAll
    static void end() {
        if (world != null) {
            world.close();
        }
    }

    @Test
    @Tag("matrix")
    @DisplayName("S106 a miner killed in Validating and AcceptWait accepts once")
    void judging() {
        String[] deals = killed(miner, points(miner, COMMITTED, VALIDATING, ACCEPT_WAIT), points(miner, LEAVING, VALIDATING, ACCEPT_WAIT));
        active(deals);
        assertThat(deals).allSatisfy(deal -> assertThat(miner.path(deal)).containsOnlyOnce(WAITING_FOR_DATA));
    }

    @Test
    @Tag("matrix")
    @DisplayName("S107 a miner killed in Rejecting and Failing ends the deals, and their clients learn the reason")
    void refusing() {
        Arrest arrest = Arrest.at(world, miner, concat(points(miner, COMMITTED, REJECTING, FAILING), points(miner, LEAVING, REJECTING, FAILING)));
        for (int i = 0; i < 4; i++) {
            arrest.deal(world.start(Offer.of(world.imported(world.file(SMALL))).price(TokenAmount.ZERO)));
        }
        String[] deals = arrest.awaitCaught().killAndStart();
        world.awaitError(deals);
        assertThat(deals).allSatisfy(deal -> {
            assertThat(miner.message(deal)).startsWith("V14");
            assertThat(daemon.message(deal)).contains("V14");
        });
        world.checkG(deals);
    }

    @Test
    @Tag("matrix")
    @DisplayName("S108 a miner killed in WaitingForData takes the push after its restart")
    void awaitingData() {
        active(killed(miner, points(miner, BEFORE, WAITING_FOR_DATA)));
        active(killed(miner, points(miner, LEAVING, WAITING_FOR_DATA)));
    }

    @Test
    @DisplayName("S109 a miner killed in Transferring gets the rest of the blocks, none twice")
    void receiving() {
        world.libp2p().throttle(SLOW / 3); // so much is left at the kill that a disk which takes its time loses no race
        String deal = world.deal(LARGE);
        awaitBytes(deal, 1_000_000);
        long sent = world.libp2p().bytesUp();
        miner.kill();
        world.libp2p().throttle(SLOW);
        miner.start();
        world.await(miner, deal, VERIFY_DATA);
        // Finalizing removes the miner's row of the transfer, so it is read before.
        String blocks = "SELECT blocks FROM transfer_channel WHERE proposal_cid = '" + deal + "'";
        assertThat(miner.value(blocks)).isEqualTo(daemon.value(blocks)).isNotEmpty();
        active(deal);
        world.libp2p().restore();
        assertThat(miner.path(deal)).containsSubsequence(TRANSFERRING, PROVIDER_TRANSFER_AWAIT_RESTART, TRANSFERRING, VERIFY_DATA);
        // What had arrived is not sent again: together both rounds are hardly more than the data.
        assertThat(world.libp2p().bytesUp() - sent).as("bytes after the kill").isLessThan(LARGE);
    }

    @Test
    @Tag("matrix")
    @DisplayName("S110 a miner killed three times while it awaits the client's restart fails at the deadline it had noted first")
    void awaitingRestart() {
        world.libp2p().throttle(SLOW / 3);
        String deal = world.deal(LARGE);
        awaitBytes(deal, 100_000);
        daemon.kill();
        miner.kill();
        miner.start();
        world.await(miner, deal, PROVIDER_TRANSFER_AWAIT_RESTART);
        String row = "deal WHERE role = 'provider' AND proposal_cid = '" + deal + "'";
        miner.run("UPDATE deal SET deadline = now() + interval '15 seconds' WHERE role = 'provider' AND proposal_cid = '" + deal + "'");
        String deadline = miner.value("SELECT deadline FROM " + row);
        for (int i = 0; i < 2; i++) {
            miner.kill();
            miner.start();
            assertThat(miner.value("SELECT deadline FROM " + row + " AND state = 27")).isIn(deadline, "");
        }
        world.await(miner, deal, ERROR);
        assertThat(miner.path(deal)).containsSubsequence(PROVIDER_TRANSFER_AWAIT_RESTART, FAILING, ERROR).doesNotContain(VERIFY_DATA);
        world.libp2p().restore();
        daemon.start();
        world.awaitError(deal);
        world.checkG(deal);
    }

    @Test
    @Tag("matrix")
    @DisplayName("S111 a miner killed in VerifyData verifies again")
    void verifying() {
        active(killed(miner, points(miner, COMMITTED, VERIFY_DATA), points(miner, LEAVING, VERIFY_DATA)));
    }

    @Test
    @Tag("matrix")
    @DisplayName("S112 a miner killed while it reserves and funds holds once and sends one AddBalance a need")
    void reserving() {
        long height = world.chain().height();
        String[] deals = killed(miner, points(miner, LEAVING, RESERVE_PROVIDER_FUNDS, PROVIDER_FUNDING), points(miner, COMMITTED, PROVIDER_FUNDING));
        active(deals);
        assertThat(deals).allSatisfy(deal -> assertThat(miner.count("fund_hold WHERE proposal_cid = '" + deal + "'")).isEqualTo(1));
        assertThat(world.chain().facts(height).topUpsOf(world.names(world.minerAddress()))).isLessThanOrEqualTo(deals.length);
        assertMessagesKnown(miner);
    }

    @Test
    @DisplayName("S113 a miner killed before and after the push of a publish message has one in the chain")
    void publishing() {
        long height = world.chain().height();
        String[] deals = killed(miner, points(miner, COMMITTED, PUBLISH), points(miner, LEAVING, PUBLISH));
        active(deals);
        ChainFacts facts = world.chain().facts(height);
        assertThat(deals).allSatisfy(deal -> assertThat(facts.publishesOf(deal)).isEqualTo(1));
        assertThat(facts.failures()).isZero();
        assertMessagesKnown(miner);
    }

    @Test
    @Tag("matrix")
    @DisplayName("S114 a miner that was dead while its publish message landed finds the deal's number")
    void landing() {
        Arrest arrest = Arrest.at(world, miner, points(miner, COMMITTED, PUBLISHING));
        String deal = world.deal(SMALL);
        arrest.deal(deal).awaitCaught().kill();
        Await.until("the message lands", LIMIT, () -> world.chain().facts(0).publishesOf(deal) == 1);
        world.chain().mine(3);
        miner.start();
        active(deal);
        assertThat(miner.deal(deal).path("dealId").asLong()).isEqualTo(daemon.deal(deal).path("dealId").asLong()).isPositive();
    }

    @Test
    @Tag("matrix")
    @DisplayName("S115 a miner killed before and after a hand-off has the piece in one sector")
    void handingOff() {
        String[] deals = killed(miner, points(miner, COMMITTED, STAGED), points(miner, LEAVING, STAGED));
        active(deals);
        assertThat(deals).allSatisfy(deal -> assertThat(miner.count("sector_piece WHERE proposal_cid = '" + deal + "' AND sector_number IS NOT NULL")).isEqualTo(1));
    }

    @Test
    @Tag("matrix")
    @DisplayName("S116 a miner killed after publication goes on, cleans up what is left, and sees the deal's end")
    void afterPublication() {
        String[] deals = killed(miner, points(miner, COMMITTED, AWAITING_PRE_COMMIT, SEALING, FINALIZING, ACTIVE), points(miner, LEAVING, FINALIZING));
        active(deals);
        assertThat(miner.files("staging")).isEmpty();
        world.chain().warp(world.proposal(deals[0]).endEpoch().value() + 100_000);
        world.awaitBoth(deals[0], EXPIRED);
        world.checkG(deals);
    }

    @Test
    @DisplayName("S117 a miner killed in any step of sealing does the step again, or goes on in it")
    void sealing() {
        for (Moment moment : List.of(COMMITTED, LEAVING)) {
            KillPoint[] points = SectorFlow.SECTOR.states().stream().filter(state -> state != SectorState.UNKNOWN)
                    .filter(state -> moment == COMMITTED || state != SectorState.PROVING)
                    .map(state -> new KillPoint("sector", state.wireName(), moment)).toArray(KillPoint[]::new);
            long height = world.chain().height();
            String[] deals = killed(miner, points);
            active(deals);
            ChainFacts facts = world.chain().facts(height);
            assertThat(deals).allSatisfy(deal -> {
                long sector = miner.deal(deal).path("sector").asLong();
                assertThat(facts.preCommitsOf(world.minerAddress(), sector)).isEqualTo(1);
                assertThat(facts.provesOf(world.minerAddress(), sector)).isEqualTo(1);
            });
        }
    }

    @Test
    @Tag("matrix")
    @DisplayName("S118 a daemon killed while it reserves and funds holds once and sends one AddBalance a need")
    void clientFunds() {
        long height = world.chain().height();
        world.setAsk(TokenAmount.parse("1 FIL"), TokenAmount.ZERO); // more than what earlier deals left in escrow
        String[] deals = killed(daemon, points(daemon, LEAVING, RESERVE_CLIENT_FUNDS, CLIENT_FUNDING), points(daemon, COMMITTED, CLIENT_FUNDING));
        world.setAsk(TokenAmount.ofAtto(500_000_000), TokenAmount.ZERO);
        active(deals);
        assertThat(deals).allSatisfy(deal -> assertThat(daemon.count("fund_hold WHERE proposal_cid = '" + deal + "'")).isEqualTo(1));
        assertThat(world.chain().facts(height).topUpsOf(world.names(world.wallet()))).isLessThanOrEqualTo(deals.length);
        assertMessagesKnown(daemon);
    }

    @Test
    @Tag("matrix")
    @DisplayName("S119 a daemon killed before, while and after it proposes has one deal at the miner")
    void proposing() {
        Arrest thinking = Arrest.at(world, miner, points(miner, COMMITTED, VALIDATING)); // its daemon waits for the answer
        String asked = world.deal(SMALL);
        thinking.deal(asked).awaitCaught();
        String[] deals = killed(daemon, points(daemon, COMMITTED, FUNDS_RESERVED), points(daemon, LEAVING, FUNDS_RESERVED));
        thinking.letGo();
        active(asked);
        active(deals);
    }

    @Test
    @Tag("matrix")
    @DisplayName("S120 a daemon killed as it opens its channel has one channel, and the data arrives")
    void opening() {
        String[] deals = killed(daemon, points(daemon, COMMITTED, START_DATA_TRANSFER), points(daemon, LEAVING, START_DATA_TRANSFER, TRANSFER_QUEUED));
        active(deals);
        assertThat(deals).allSatisfy(deal -> assertThat(daemon.count("transfer_channel WHERE proposal_cid = '" + deal + "'")).isEqualTo(1));
    }

    @Test
    @Tag("matrix")
    @DisplayName("S121 a daemon killed in Transferring, and again as it takes the transfer up, resumes")
    void sending() {
        world.libp2p().throttle(SLOW);
        String deal = world.deal(LARGE);
        awaitBytes(deal, 500_000);
        daemon.kill();
        Arrest again = Arrest.at(world, daemon, points(daemon, COMMITTED, CLIENT_TRANSFER_RESTART));
        daemon.start();
        again.deal(deal).awaitCaught().killAndStart();
        active(deal);
        assertThat(daemon.path(deal)).containsSubsequence(TRANSFERRING, CLIENT_TRANSFER_RESTART, TRANSFERRING, CHECK_FOR_ACCEPTANCE);
    }

    @Test
    @Tag("matrix")
    @DisplayName("S122 a daemon that was dead while its transfer completed goes from its restart to asking")
    void completedMeanwhile() {
        Arrest arrest = Arrest.at(world, daemon, points(daemon, LEAVING, TRANSFERRING));
        String deal = world.deal(SMALL);
        arrest.deal(deal).awaitCaught().kill();
        world.await(miner, deal, VERIFY_DATA);
        daemon.start();
        active(deal);
        assertThat(daemon.path(deal)).containsSubsequence(CLIENT_TRANSFER_RESTART, CHECK_FOR_ACCEPTANCE);
    }

    @Test
    @Tag("matrix")
    @DisplayName("S123 a daemon killed after its data was sent goes on, and shows what the miner has")
    void following() {
        active(killed(daemon, points(daemon, COMMITTED, CHECK_FOR_ACCEPTANCE, PROPOSAL_ACCEPTED, AWAITING_PRE_COMMIT, DealState.SEALING, ACTIVE)));
    }

    @Test
    @Tag("matrix")
    @DisplayName("S124 a daemon killed in Failing ends the deal and holds nothing")
    void failing() {
        Arrest arrest = Arrest.at(world, daemon, concat(points(daemon, COMMITTED, FAILING), points(daemon, LEAVING, FAILING)));
        for (int i = 0; i < 2; i++) {
            arrest.deal(world.start(Offer.of(world.imported(world.file(SMALL))).price(TokenAmount.ofAtto(1))));
        }
        String[] deals = arrest.awaitCaught().killAndStart();
        world.awaitError(deals);
        assertThat(deals).allSatisfy(deal -> assertThat(daemon.count("fund_hold WHERE state <> 'RELEASED' AND proposal_cid = '" + deal + "'")).isZero());
        world.checkG(deals);
    }

    @Test
    @DisplayName("S125 a transfer whose both ends were killed resumes")
    void bothEnds() {
        world.libp2p().throttle(SLOW);
        String deal = world.deal(LARGE);
        awaitBytes(deal, 500_000);
        daemon.kill();
        miner.kill();
        miner.start();
        daemon.start();
        active(deal);
    }

    @Test
    @DisplayName("S126 ten seconds without PostgreSQL lose no event and double none")
    void noDatabase() {
        String[] deals = {world.deal(SMALL), world.deal(LARGE), world.deal(SMALL)};
        world.await(miner, deals[0], WAITING_FOR_DATA);
        daemon.database().cut();
        miner.database().cut();
        long until = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        Await.until("ten seconds", LIMIT, () -> System.nanoTime() >= until);
        daemon.database().restore();
        miner.database().restore();
        active(deals);
        for (Side side : List.of(daemon, miner)) {
            assertThat(side.count("(SELECT proposal_cid FROM deal_event GROUP BY proposal_cid, role HAVING max(seq) <> count(*)) gaps")).isZero();
            assertThat(side.count("(SELECT 1 FROM outbox WHERE topic <> 'sector' GROUP BY topic, key, seq HAVING count(*) > 1) doubles")).isZero();
        }
    }

    @Test
    @Tag("matrix")
    @DisplayName("S127 deals that reserve, publish and are sealed wait while the chain's node is down, then go on")
    void noChain() {
        Arrest arrest = Arrest.at(world, miner, points(miner, COMMITTED, RESERVE_PROVIDER_FUNDS, PUBLISHING, AWAITING_PRE_COMMIT)).deals(SMALL);
        world.stopChain();
        arrest.letGo(); // each asks now, and nobody answers
        long until = System.nanoTime() + Duration.ofSeconds(15).toNanos(); // a hundred and fifty of these epochs
        Await.until("a while without a chain", LIMIT, () -> System.nanoTime() >= until);
        assertThat(arrest.proposals()).allSatisfy(deal -> assertThat(miner.state(deal)).isNotIn(FAILING, ERROR));
        world.startChain();
        active(arrest.proposals());
    }

    @Test
    @Tag("matrix")
    @DisplayName("S128 a miner look-up that fails as a daemon starts holds up no other deal")
    void failingLookUp() {
        Arrest arrest = Arrest.at(world, daemon, points(daemon, COMMITTED, FUNDS_RESERVED, START_DATA_TRANSFER, CHECK_FOR_ACCEPTANCE)).deals(SMALL);
        arrest.kill();
        world.chain().call("Devnet.RpcFault", Map.of("method", "Filecoin.StateMinerInfo", "mode", "error", "code", 1, "count", 1));
        daemon.start();
        active(arrest.proposals());
        world.chain().call("Devnet.ClearFaults");
    }

    private static String[] killed(Side side, KillPoint[]... points) {
        return Arrest.at(world, side, concat(points)).deals(SMALL).killAndStart();
    }

    private static void active(String... deals) {
        world.awaitActive(deals);
        world.libp2p().restore();
        world.checkG(deals);
    }

    private static KillPoint[] points(Side side, Moment moment, DealState... states) {
        return Arrest.points(side, moment, states);
    }

    private static KillPoint[] concat(KillPoint[]... points) {
        List<KillPoint> all = new ArrayList<>();
        Stream.of(points).forEach(some -> all.addAll(List.of(some)));
        return all.toArray(KillPoint[]::new);
    }

    /** The chain has no message of that side which its table does not know, and none twice. */
    private static void assertMessagesKnown(Side side) {
        Await.until("the " + side.name() + "'s messages are closed", LIMIT, () -> side.count("chain_message WHERE status IN ('INTENT', 'SIGNED', 'PUSHED')") == 0);
        assertThat(side.count("(SELECT 1 FROM chain_message WHERE method = " + Methods.MARKET_ADD_BALANCE + " GROUP BY intent_key HAVING count(*) > 1) doubles")).isZero();
    }

    private static void awaitBytes(String deal, long bytes) {
        Await.sharply(() -> bytes + " bytes at the miner\n" + world.story(deal), LIMIT, () -> {
            for (var transfer : miner.call("Caravan.Transfers")) {
                if (transfer.path("proposalCid").asText().equals(deal) && transfer.path("received").asLong() >= bytes) {
                    return true;
                }
            }
            return false;
        });
    }
}
