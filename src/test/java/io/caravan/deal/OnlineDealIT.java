package io.caravan.deal;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.model.Deal;
import io.caravan.model.DealMove;
import io.caravan.model.DealState;
import io.caravan.model.Role;
import io.caravan.store.FundStore.HoldState;
import io.caravan.store.FundStore.Purpose;
import java.time.Duration;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Both sides' phases and routes over real parts: PostgreSQL, libp2p on loopback, a devnet; only sealing is a stand-in.
 */
class OnlineDealIT {

    private static final Duration BATCH = Duration.ofSeconds(1);

    private DealWorld world;

    @AfterEach
    void stop() {
        world.close();
    }

    private static String path(DealWorld.Side side, Deal deal) {
        return side.deals().events(deal.proposalCid(), deal.role()).stream().filter(move -> move.from() != move.to())
                .map(DealMove::to).map(state -> String.valueOf(state.code())).collect(Collectors.joining(" "));
    }

    @Test
    void aFileBecomesAnActiveDealOnBothSides() throws Exception {
        world = DealWorld.start(BATCH);
        Deal deal = world.propose(1400);
        world.awaitActive(deal);
        assertThat(path(world.daemon(), deal)).isEqualTo("21 23 12 16 30 17 13 3 29 5 7");
        Deal atMiner = world.miner().deals().find(deal.proposalCid(), Role.PROVIDER).orElseThrow();
        assertThat(path(world.miner(), atMiner))
                .isIn("14 15 18 17 19 20 24 25 4 29 5 6 7", "14 15 18 17 19 20 22 24 25 4 29 5 6 7");
        Deal atDaemon = world.daemon().deals().find(deal.proposalCid(), Role.CLIENT).orElseThrow();
        assertThat(atDaemon.dealId()).isEqualTo(atMiner.dealId()).isNotNull();
        assertThat(atDaemon.chain().sector()).isEqualTo(atMiner.chain().sector()).isNotNull();
        assertThat(atDaemon.chain().publishCid()).isEqualTo(atMiner.chain().publishCid());
        assertThat(atMiner.files().inbound()).isNull();
        assertThat(world.daemon().funds().find(deal.proposalCid(), Purpose.CLIENT_PAYMENT).orElseThrow().state())
                .isEqualTo(HoldState.RELEASED);
        world.requireSentOnce();
    }

    @Test
    void twoDealsShareOnePublishMessage() throws Exception {
        world = DealWorld.start(Duration.ofSeconds(15));
        Deal one = world.propose(1200);
        Deal two = world.propose(1300);
        world.awaitActive(one);
        world.awaitActive(two);
        assertThat(world.miner().deals().find(one.proposalCid(), Role.PROVIDER).orElseThrow().chain().publishCid())
                .isEqualTo(world.miner().deals().find(two.proposalCid(), Role.PROVIDER).orElseThrow().chain()
                .publishCid());
        world.requireSentOnce();
    }

    @Test
    void aRefusalReachesTheClientWithItsReason() throws Exception {
        world = DealWorld.start(BATCH);
        Deal deal = world.proposeBelowTheAsk(1400);
        Deal failed = world.daemon().awaited(deal, Role.CLIENT, DealState.ERROR);
        assertThat(failed.message()).contains("V14 price-below-ask: 952 < 953");
        assertThat(path(world.daemon(), failed)).endsWith("12 11 26");
        Deal atMiner = world.miner().awaited(deal, Role.PROVIDER, DealState.ERROR);
        assertThat(path(world.miner(), atMiner)).isEqualTo("14 10 11 26");
        assertThat(world.daemon().funds().account(deal.proposal().proposal().client()).reserved().isZero()).isTrue();
    }

    /** A slice of the matrix below: the states with the most to lose. */
    @ParameterizedTest
    @EnumSource(value = DealState.class, names = {"TRANSFERRING", "PUBLISH"})
    void theMinerIsKilledAndComesBackIn(DealState state) throws Exception {
        killTheMinerIn(state);
    }

    @ParameterizedTest
    @EnumSource(value = DealState.class, names = {"CLIENT_FUNDING", "TRANSFERRING"})
    void theDaemonIsKilledAndComesBackIn(DealState state) throws Exception {
        killTheDaemonIn(state);
    }

    @Tag("matrix")
    @ParameterizedTest
    @EnumSource(value = DealState.class,
            names = {"VALIDATING", "WAITING_FOR_DATA", "VERIFY_DATA", "RESERVE_PROVIDER_FUNDS",
            "PROVIDER_FUNDING", "PUBLISHING", "STAGED", "AWAITING_PRE_COMMIT", "SEALING", "FINALIZING"})
    void theMinerIsKilledInAnyStateAndComesBack(DealState state) throws Exception {
        killTheMinerIn(state);
    }

    @Tag("matrix")
    @ParameterizedTest
    @EnumSource(value = DealState.class,
            names = {"RESERVE_CLIENT_FUNDS", "FUNDS_RESERVED", "START_DATA_TRANSFER", "TRANSFER_QUEUED",
            "CHECK_FOR_ACCEPTANCE", "PROPOSAL_ACCEPTED", "AWAITING_PRE_COMMIT", "SEALING"})
    void theDaemonIsKilledInAnyStateAndComesBack(DealState state) throws Exception {
        killTheDaemonIn(state);
    }

    private void killTheMinerIn(DealState state) throws Exception {
        world = DealWorld.start(BATCH);
        Deal deal = world.propose(1400);
        world.miner().awaitedAtLeast(deal, Role.PROVIDER, state);
        world.killMiner();
        world.awaitActive(deal);
        world.requireSentOnce();
    }

    private void killTheDaemonIn(DealState state) throws Exception {
        world = DealWorld.start(BATCH);
        Deal deal = world.propose(1400);
        world.daemon().awaitedAtLeast(deal, Role.CLIENT, state);
        world.killDaemon();
        world.awaitActive(deal);
        world.requireSentOnce();
    }
}
