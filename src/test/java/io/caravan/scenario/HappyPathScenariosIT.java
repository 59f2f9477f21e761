package io.caravan.scenario;

import static io.caravan.model.DealState.ACCEPT_WAIT;
import static io.caravan.model.DealState.ACTIVE;
import static io.caravan.model.DealState.AWAITING_PRE_COMMIT;
import static io.caravan.model.DealState.CLIENT_FUNDING;
import static io.caravan.model.DealState.FINALIZING;
import static io.caravan.model.DealState.FUNDS_RESERVED;
import static io.caravan.model.DealState.PROVIDER_FUNDING;
import static io.caravan.model.DealState.PUBLISH;
import static io.caravan.model.DealState.PUBLISHING;
import static io.caravan.model.DealState.RESERVE_CLIENT_FUNDS;
import static io.caravan.model.DealState.RESERVE_PROVIDER_FUNDS;
import static io.caravan.model.DealState.SEALING;
import static io.caravan.model.DealState.STAGED;
import static io.caravan.model.DealState.TRANSFERRING;
import static io.caravan.model.DealState.VALIDATING;
import static io.caravan.model.DealState.VERIFY_DATA;
import static io.caravan.model.DealState.WAITING_FOR_DATA;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.chain.MarketDeal;
import io.caravan.chain.Methods;
import io.caravan.codec.Cid;
import io.caravan.model.DealProposal;
import io.caravan.model.DealState;
import io.caravan.model.TokenAmount;
import io.caravan.support.Await;
import io.caravan.support.ChainFacts;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Deals that go well (deal-lifecycle §15.1). */
@TestMethodOrder(MethodOrderer.DisplayName.class)
class HappyPathScenariosIT {

    /** The provider's way of an online deal, money apart. */
    private static final List<DealState> ONLINE = List.of(VALIDATING, ACCEPT_WAIT, WAITING_FOR_DATA, TRANSFERRING, VERIFY_DATA,
            RESERVE_PROVIDER_FUNDS, PUBLISH, PUBLISHING, STAGED, AWAITING_PRE_COMMIT, SEALING, FINALIZING, ACTIVE);

    /** What tests change at the miner, as it was. */
    private static final Map<String, String> USUAL = Map.of("miner.publish.period", "0s", "miner.publish.max", "8",
            "sealing.wait-deals.delay", "0s", "sealing.max-pieces", "256", "miner.seal.delay", "300ms");

    static World world;

    @BeforeAll
    static void start() {
        world = World.with().start();
    }

    @AfterAll
    static void end() {
        if (world != null) {
            world.close();
        }
    }

    @Test
    @DisplayName("S001 a file of one block becomes an active deal, through every state on both sides")
    void oneBlock() {
        String deal = world.deal(1_000);
        world.awaitActive(deal);
        assertThat(world.miner().path(deal)).filteredOn(state -> state != PROVIDER_FUNDING).isEqualTo(ONLINE);
        assertThat(world.daemon().path(deal)).startsWith(RESERVE_CLIENT_FUNDS, FUNDS_RESERVED).endsWith(ACTIVE);
        world.checkG(deal);
        // Before the miner has accepted the daemon shows its own states, then the miner's, skipping some, inventing none.
        List<DealState> shown = world.shownSoFar(deal);
        assertThat(shown).endsWith(ACTIVE);
        assertThat(world.miner().path(deal)).containsSubsequence(
                shown.subList(shown.lastIndexOf(FUNDS_RESERVED) + 1, shown.size()));
        assertThat(world.miner().files("staging")).isEmpty();
    }

    @Test
    @DisplayName("S002 a DAG of 1100 blocks is seen growing on both sides while it travels")
    void manyBlocks() {
        world.libp2p().throttle(2_000_000);
        String deal = world.start(Offer.of(world.importedCar(world.car(1_100, 4_800))));
        Map<Side, Set<Long>> received = Map.of(world.daemon(), new LinkedHashSet<>(), world.miner(), new LinkedHashSet<>()); // as they were seen
        Await.sharply(() -> "all bytes at the miner\n" + world.story(deal), Duration.ofSeconds(60), () -> {
            received.forEach((side, counts) -> transferred(side, deal).ifPresent(counts::add));
            DealState now = world.miner().state(deal);
            return now != null && world.miner().path(deal).contains(VERIFY_DATA);
        });
        String pieceCid = world.miner().value("SELECT piece_cid FROM transfer_channel WHERE proposal_cid = '" + deal + "'"); // gone with Finalizing
        world.libp2p().restore();
        assertThat(List.copyOf(received.get(world.miner()))).hasSizeGreaterThan(3).isSorted();
        assertThat(List.copyOf(received.get(world.daemon()))).hasSizeGreaterThan(3).isSorted();
        world.awaitActive(deal);
        assertThat(world.shownSoFar(deal)).contains(TRANSFERRING);
        assertThat(pieceCid).isEqualTo(world.proposal(deal).pieceCid().toString());
        world.checkG(deal);
    }

    @Test
    @DisplayName("S003 empty escrows are filled once on each side, with exactly what the deal needs")
    void emptyEscrows() {
        long height = world.chain().height();
        world.setAsk(TokenAmount.ofAtto(500_000_000), TokenAmount.ofAtto(50_000_000));
        String deal = world.deal(100_000);
        world.setAsk(TokenAmount.ZERO, TokenAmount.ZERO);
        world.awaitActive(deal);
        DealProposal proposal = world.proposal(deal);
        assertThat(world.daemon().path(deal)).startsWith(RESERVE_CLIENT_FUNDS, CLIENT_FUNDING, FUNDS_RESERVED);
        assertThat(world.miner().path(deal)).containsSubsequence(RESERVE_PROVIDER_FUNDS, PROVIDER_FUNDING, PUBLISH);
        ChainFacts facts = world.chain().facts(height);
        assertThat(proposal.clientBalanceRequirement()).isNotEqualTo(TokenAmount.ZERO);
        assertThat(facts.topUpValuesOf(world.names(world.wallet()))).containsExactly(proposal.clientBalanceRequirement());
        assertThat(facts.topUpValuesOf(world.names(world.minerAddress()))).containsExactly(proposal.providerBalanceRequirement());
        world.checkG(deal);
    }

    @Test
    @DisplayName("S004 escrows that hold enough are not filled, and nobody waits for funds")
    void filledEscrows() {
        world.chain().fillEscrow(world.wallet(), TokenAmount.ofFil(1));
        world.chain().fillEscrow(world.minerAddress(), TokenAmount.ofFil(1));
        world.setAsk(TokenAmount.ofAtto(500_000_000), TokenAmount.ofAtto(50_000_000));
        long height = world.chain().height() + 1;
        String deal = world.deal(100_000);
        world.setAsk(TokenAmount.ZERO, TokenAmount.ZERO);
        world.awaitActive(deal);
        assertThat(world.daemon().path(deal)).doesNotContain(CLIENT_FUNDING);
        assertThat(world.miner().path(deal)).isEqualTo(ONLINE);
        ChainFacts facts = world.chain().facts(height);
        assertThat(facts.topUpsOf(world.names(world.wallet()))).isZero();
        assertThat(facts.topUpsOf(world.names(world.minerAddress()))).isZero();
        world.checkG(deal);
    }

    @Test
    @DisplayName("S005 a deal that costs nothing, with no collateral, holds nothing")
    void costsNothing() {
        try (World free = World.with().noCollateral().start()) {
            String deal = free.start(Offer.of(free.imported(free.file(10_000))).price(TokenAmount.ZERO));
            free.awaitActive(deal);
            assertThat(free.proposal(deal).totalStorageFee()).isEqualTo(TokenAmount.ZERO);
            assertThat(free.proposal(deal).providerCollateral()).isEqualTo(TokenAmount.ZERO);
            assertThat(free.daemon().value("SELECT coalesce(sum(amount_atto), 0) FROM fund_hold")).isEqualTo("0");
            assertThat(free.miner().value("SELECT coalesce(sum(amount_atto), 0) FROM fund_hold")).isEqualTo("0");
            assertThat(free.chain().facts(0).topUpsOf(free.names(free.wallet()))).isZero();
            free.checkG(deal);
        }
    }

    @Test
    @DisplayName("S011 two small deals share one publish message and one sector")
    void twoShareAll() {
        world.miner().restart(Map.of("miner.publish.period", "1h", "miner.publish.max", "2", "sealing.wait-deals.delay", "1h", "sealing.max-pieces", "2"));
        long height = world.chain().height();
        String one = world.deal(3_000);
        String two = world.deal(3_000);
        world.awaitActive(one, two);
        world.miner().restart(USUAL);
        assertThat(world.chain().facts(height).publishSizes()).containsExactly(2);
        assertThat(piece(one, "sector_number")).isEqualTo(piece(two, "sector_number"));
        assertThat(piece(one, "offset_padded")).isNotEqualTo(piece(two, "offset_padded"));
        world.checkG(one, two);
    }

    @Test
    @DisplayName("S012 the same data twice, from different epochs on, is two deals")
    void sameDataTwice() {
        Cid root = world.imported(world.file(50_000));
        long start = world.chain().height() + World.START_AHEAD;
        String one = world.start(Offer.of(root).start(start));
        String two = world.start(Offer.of(root).start(start + 1));
        assertThat(one).isNotEqualTo(two);
        world.awaitActive(one, two);
        assertThat(world.miner().deal(one).path("dealId").asLong()).isNotEqualTo(world.miner().deal(two).path("dealId").asLong());
        world.checkG(one, two);
    }

    @Test
    @DisplayName("S014 a sector that is full is sealed before its time to wait is over")
    void fullSector() {
        world.miner().restart(Map.of("sealing.wait-deals.delay", "1h"));
        String one = world.deal(3_000_000);
        String two = world.deal(3_000_000);
        world.awaitActive(one, two);
        world.miner().restart(USUAL);
        assertThat(piece(one, "sector_number")).isEqualTo(piece(two, "sector_number"));
        assertThat(piece(one, "size_padded")).isEqualTo(Long.toString(4L << 20));
        world.checkG(one, two);
    }

    @Test
    @DisplayName("S015 a sector that is filled in part is sealed when its time to wait is over")
    void partlyFilledSector() {
        world.miner().restart(Map.of("sealing.wait-deals.delay", "2s"));
        String deal = world.deal(100_000);
        world.awaitActive(deal);
        world.miner().restart(USUAL);
        String sector = piece(deal, "sector_number");
        assertThat(world.miner().count("sector_piece WHERE sector_number = " + sector)).isEqualTo(1);
        assertThat(Double.parseDouble(world.miner().value("SELECT extract(epoch FROM min(e.at) - p.handed_at) FROM sector_piece p"
                + " JOIN sector_event e ON e.number = p.sector_number WHERE p.sector_number = " + sector
                + " AND e.to_state = 'PreCommitPhase2' GROUP BY p.handed_at"))).as("seconds from hand-off to sealing").isGreaterThanOrEqualTo(2);
        world.checkG(deal);
    }

    @Test
    @DisplayName("S018 a miner that was down while its sector was proven skips Sealing")
    void downWhileProven() {
        world.miner().restart(Map.of("miner.seal.delay", "1h")); // it looks once, and not again
        hold(Methods.MINER_PRE_COMMIT_SECTOR_BATCH2);
        String deal = world.deal(20_000);
        Await.until(() -> "the deal has looked for its promise\n" + world.story(deal), Duration.ofSeconds(60), () ->
                world.miner().state(deal) == AWAITING_PRE_COMMIT && world.miner().count("deal WHERE proposal_cid = '" + deal
                        + "' AND lease_until IS NULL AND run_after > now() + interval '30 minutes'") == 1);
        world.chain().interval(Duration.ZERO);
        world.chain().call("Devnet.ClearFaults");
        hold(Methods.MINER_PROVE_COMMIT_SECTORS3);
        world.chain().interval(Duration.ofMillis(100));
        Await.until(() -> "the proof is on its way\n" + world.story(deal), Duration.ofSeconds(60), () -> world.chain().reads().pending().stream()
                .anyMatch(signed -> signed.message().method() == Methods.MINER_PROVE_COMMIT_SECTORS3));
        assertThat(world.miner().state(deal)).isEqualTo(AWAITING_PRE_COMMIT);
        long id = world.miner().deal(deal).path("dealId").asLong();
        world.miner().kill();
        world.chain().call("Devnet.ClearFaults");
        Await.until("the chain has activated the deal", Duration.ofSeconds(60),
                () -> world.chain().deal(id).map(MarketDeal::sectorStart).orElse(-1L) >= 0);
        world.chain().mine(3);
        world.miner().start(USUAL);
        world.awaitActive(deal);
        assertThat(world.miner().path(deal)).doesNotContain(SEALING).endsWith(AWAITING_PRE_COMMIT, FINALIZING, ACTIVE);
        world.checkG(deal);
    }

    @Test
    @DisplayName("S019 the helper's price is the ask's for the piece, rounded up, and is taken")
    void helpersPrice() {
        world.setAsk(TokenAmount.ofAtto(500_000_001), TokenAmount.ZERO);
        String deal = world.deal(1_500);
        world.setAsk(TokenAmount.ZERO, TokenAmount.ZERO);
        assertThat(world.proposal(deal).pieceSize().bytes()).isEqualTo(2048);
        assertThat(world.proposal(deal).storagePricePerEpoch()).isEqualTo(TokenAmount.ofAtto(954)); // 953.67…
        world.awaitActive(deal);
        world.checkG(deal);
    }

    private static void hold(long method) {
        world.chain().call("Devnet.MpoolRule", Map.of("action", "hold", "match", WorldChain.match(world.minerAddress(), method)));
    }

    private static String piece(String deal, String column) {
        return world.miner().value("SELECT " + column + " FROM sector_piece WHERE proposal_cid = '" + deal + "'");
    }

    private static Optional<Long> transferred(Side side, String deal) {
        for (JsonNode transfer : side.call("Caravan.Transfers")) {
            if (transfer.path("proposalCid").asText().equals(deal)) {
                return Optional.of(transfer.path("received").asLong());
            }
        }
        return Optional.empty();
    }
}
