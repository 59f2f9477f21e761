package io.caravan.scenario;

import static io.caravan.model.DealState.ACCEPT_WAIT;
import static io.caravan.model.DealState.ACTIVE;
import static io.caravan.model.DealState.AWAITING_PRE_COMMIT;
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

import io.caravan.model.DealState;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Deals that go well (deal-lifecycle §15.1). */
class HappyPathScenariosIT {

    /** The provider's way of an online deal, money apart. */
    private static final List<DealState> ONLINE = List.of(VALIDATING, ACCEPT_WAIT, WAITING_FOR_DATA, TRANSFERRING, VERIFY_DATA,
            RESERVE_PROVIDER_FUNDS, PUBLISH, PUBLISHING, STAGED, AWAITING_PRE_COMMIT, SEALING, FINALIZING, ACTIVE);

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
}
