package io.caravan.scenario;

import static io.caravan.model.DealState.ACTIVE;
import static io.caravan.model.DealState.AWAITING_PRE_COMMIT;
import static io.caravan.model.DealState.ERROR;
import static io.caravan.model.DealState.EXPIRED;
import static io.caravan.model.DealState.FAILING;
import static io.caravan.model.DealState.PUBLISHING;
import static io.caravan.model.DealState.SEALING;
import static io.caravan.model.DealState.SLASHED;
import static io.caravan.model.DealState.STAGED;
import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.chain.Methods;
import io.caravan.model.DealProposal;
import io.caravan.model.DealState;
import io.caravan.model.FilAddress;
import io.caravan.model.MarketBalance;
import io.caravan.model.TokenAmount;
import io.caravan.support.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * How deals end on chain (deal-lifecycle §15.1 and §15.7). Deals of this world are short; each test crosses times, so they
 * run one after the other, those that cross the longest last.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class EndOfLifeScenariosIT {

    private static final Duration LIMIT = Duration.ofSeconds(120);
    private static final long DURATION = 3_000;
    private static final long BUFFER = 20;
    private static final long UPDATES = 86_400;
    private static final TokenAmount PRICE = TokenAmount.ofAtto(1_000);

    static World world;

    @BeforeAll
    static void start() {
        world = World.with().shortestDeal(DURATION).set("miner.accept.seal-time", "30s")
                .set("miner.publish.start-buffer", Long.toString(BUFFER)).set("sealing.start-epoch-buffer", Long.toString(BUFFER))
                .set("miner.track.sweep", "2s").set("daemon.track.sweep", "2s").start();
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
    }

    /** A paid deal that starts so many epochs from now. */
    private static String deal(long ahead) {
        return world.start(Offer.of(world.imported(world.file(1_000))).price(PRICE).duration(DURATION)
                .start(world.chain().height() + ahead));
    }

    private static String column(Side side, String deal, String name) {
        return side.value("SELECT " + name + " FROM deal WHERE proposal_cid = '" + deal + "'");
    }

    private static long number(String deal, String name) {
        return Long.parseLong(column(world.miner(), deal, name));
    }

    private static long sector(String deal) {
        return number(deal, "sector_number");
    }

    private static DealProposal terms(String deal) {
        return world.chain().deal(number(deal, "deal_id")).orElseThrow().proposal();
    }

    private static MarketBalance market(FilAddress address) {
        return world.chain().reads().marketBalance(address);
    }

    private static void hold(FilAddress to, long method) {
        world.chain().call("Devnet.MpoolRule", Map.of("action", "hold", "match",
                Map.of("to", to.toString(), "method", method)));
    }

    private static void awaitStage(long sector, String stage) {
        Await.until(() -> "sector " + sector + " " + stage + "\n" + world.logTail(), LIMIT, () -> world.miner()
                .count("sector WHERE state = 'Proving' AND sub_state = '" + stage + "' AND number = " + sector) == 1);
    }

    @Test
    @Order(1)
    @DisplayName("S101 a fault that is declared and later recovered leaves the deal Active")
    void fault() {
        String deal = deal(2_000);
        world.awaitActive(deal);
        awaitStage(sector(deal), "computing");
        Await.until("the deal to be shown as Active", LIMIT, () -> world.shown(deal) == ACTIVE);
        world.chain().call("Devnet.FaultSector", world.minerAddress(), sector(deal));
        awaitStage(sector(deal), "faulty");
        assertThat(world.shown(deal)).isEqualTo(ACTIVE);
        world.chain().call("Devnet.RecoverSector", world.minerAddress(), sector(deal));
        awaitStage(sector(deal), "computing");
        assertThat(world.miner().state(deal)).isEqualTo(ACTIVE);
        assertThat(world.miner().value("SELECT string_agg(event, ',' ORDER BY seq) FROM sector_event WHERE number = "
                + sector(deal))).endsWith("Faulted,Recovered");
        world.checkG(deal);
    }

    @Test
    @Order(2)
    @DisplayName("S099 a terminated sector slashes its deal on both sides in the same epoch, burns the collateral and refunds the client")
    void terminated() {
        long start = world.chain().height() + 2_000;
        String deal = world.start(Offer.of(world.imported(world.file(1_000))).price(PRICE).duration(DURATION).start(start));
        world.awaitActive(deal);
        DealProposal terms = terms(deal);
        MarketBalance provider = market(world.minerAddress());
        MarketBalance client = market(world.wallet());
        world.chain().warp(start + 100);
        world.chain().call("Devnet.TerminateSector", world.minerAddress(), sector(deal));
        world.awaitBoth(deal, SLASHED);
        long slashed = number(deal, "slash_epoch");
        assertThat(slashed).isGreaterThanOrEqualTo(start + 100);
        assertThat(column(world.daemon(), deal, "slash_epoch")).isEqualTo(Long.toString(slashed));
        TokenAmount paid = PRICE.times(slashed - start);
        assertThat(market(world.minerAddress()).escrow())
                .isEqualTo(provider.escrow().minus(terms.providerCollateral()).plus(paid));
        assertThat(market(world.wallet()).escrow()).isEqualTo(client.escrow().minus(paid));
        assertThat(client.locked().minus(market(world.wallet()).locked()))
                .isEqualTo(PRICE.times(terms.endEpoch().value() - start));
        world.checkG(deal);
    }

    @Test
    @Order(3)
    @DisplayName("S017 at its end epoch a deal is Expired on both sides, and settling brings the collateral back")
    void expired() {
        String deal = deal(2_000);
        world.awaitActive(deal);
        DealProposal terms = terms(deal);
        TokenAmount locked = market(world.minerAddress()).locked();
        world.chain().warp(terms.endEpoch().value());
        world.awaitBoth(deal, EXPIRED);
        Await.until(() -> "the collateral to come back\n" + world.logTail(), LIMIT, () -> !market(world.minerAddress()).locked()
                .plus(terms.providerCollateral()).isMoreThan(locked));
        world.checkG(deal);
    }

    @Test
    @Order(4)
    @DisplayName("S100 a sector that is terminated when its deal has ended leaves the deal Expired")
    void terminatedAfterTheEnd() {
        String deal = deal(2_000);
        world.awaitActive(deal);
        long sector = sector(deal);
        world.chain().warp(terms(deal).endEpoch().value());
        world.chain().call("Devnet.TerminateSector", world.minerAddress(), sector);
        world.awaitBoth(deal, EXPIRED);
        assertThat(column(world.miner(), deal, "slash_epoch")).isEqualTo("null");
        world.checkG(deal);
    }

    @Test
    @Order(5)
    @DisplayName("S098 while sealing stands still the start passes: the deals fail in 29 and 5, the fee is free, the collateral burnt")
    void missedStart() {
        Await.until(() -> "all earlier deals to be settled\n" + world.logTail(), LIMIT,
                () -> market(world.minerAddress()).locked().isZero() && market(world.wallet()).locked().isZero());
        TokenAmount escrow = market(world.minerAddress()).escrow();
        String sealing = missed(Methods.MINER_PROVE_COMMIT_SECTORS3, SEALING);
        DealProposal one = terms(sealing);
        String waiting = missed(Methods.MINER_PRE_COMMIT_SECTOR_BATCH2, AWAITING_PRE_COMMIT);
        DealProposal two = terms(waiting);
        long update = Math.max(nextUpdate(sealing, one), nextUpdate(waiting, two));
        assertThat(market(world.wallet()).locked().isZero()).isFalse();
        world.chain().warp(update + 1);
        world.chain().mine(2);
        assertThat(market(world.wallet()).locked().isZero()).isTrue();
        assertThat(market(world.minerAddress()).escrow())
                .isEqualTo(escrow.minus(one.providerCollateral()).minus(two.providerCollateral()));
        world.checkG(sealing, waiting);
    }

    /** A deal whose sector's messages of one kind do not land before its start; it is stuck in that state until then. */
    private static String missed(long method, DealState state) {
        hold(world.minerAddress(), method);
        String deal = deal(3_000);
        world.await(world.miner(), deal, state);
        world.chain().warp(terms(deal).startEpoch().value() + 10);
        world.awaitError(deal);
        assertThat(world.miner().path(deal)).containsSubsequence(state, FAILING, ERROR);
        assertThat(world.shown(deal)).isEqualTo(ERROR);
        assertThat(world.daemon().message(deal)).contains("not activated by start epoch");
        world.chain().call("Devnet.ClearFaults");
        return deal;
    }

    @Test
    @Order(6)
    @DisplayName("S097 a start that comes too near before a piece is taken fails the deal; the collateral burns when the chain looks next")
    void tooLateForASector() throws IOException {
        hold(Methods.MARKET, Methods.MARKET_PUBLISH_STORAGE_DEALS);
        String deal = deal(3_000);
        world.await(world.miner(), deal, PUBLISHING);
        Path staged = Path.of(column(world.miner(), deal, "inbound_path"));
        byte[] data = Files.readAllBytes(staged);
        data[data.length / 2] ^= 1;
        Files.write(staged, data);
        mend();
        Await.until(() -> "a failed try\n" + world.story(deal) + world.logTail(), LIMIT,
                () -> world.miner().count("piece_setback WHERE tries > 0 AND proposal_cid = '" + deal + "'") == 1);
        assertThat(world.miner().state(deal)).isEqualTo(STAGED);
        DealProposal terms = terms(deal);
        long update = nextUpdate(deal, terms);
        world.chain().warp(terms.startEpoch().value() - BUFFER + 1);
        world.awaitError(deal);
        assertThat(world.miner().message(deal)).contains("too late to seal").contains("commitment");
        TokenAmount escrow = market(world.minerAddress()).escrow();
        world.chain().interval(Duration.ZERO);
        world.chain().warp(update - 1);
        assertThat(market(world.minerAddress()).escrow()).isEqualTo(escrow);
        world.chain().mine(2);
        assertThat(market(world.minerAddress()).escrow()).isEqualTo(escrow.minus(terms.providerCollateral()));
        world.chain().interval(Duration.ofMillis(100));
        world.checkG(deal);
    }

    /** Where the chain's own clock looks at a deal that was not activated (deal-lifecycle §10.5). */
    private static long nextUpdate(String deal, DealProposal terms) {
        long offset = number(deal, "deal_id") % UPDATES;
        long distance = terms.startEpoch().value() - offset;
        long rounds = distance / UPDATES;
        return distance % UPDATES == 0 || distance < 0 ? rounds * UPDATES + offset : (rounds + 1) * UPDATES + offset;
    }
}
