package io.caravan.scenario;

import static io.caravan.model.DealState.AWAITING_PRE_COMMIT;
import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.node.StandInLotusMiner;
import io.caravan.node.StandInLotusMiner.Fault;
import io.caravan.support.Await;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A whole deal of the real roles with {@code sealing.engine = lotus-miner}, as far as a stand-in for that miner goes. */
class LotusMinerIT {

    private static final StandInLotusMiner LOTUS = new StandInLotusMiner();
    static World world;

    @BeforeAll
    static void start() {
        world = World.with().set(Map.of("sealing.engine", "lotus-miner", "sealing.lotus.url", LOTUS.url().toString(),
                "sealing.lotus.token", StandInLotusMiner.TOKEN, "sealing.lotus.pieces.cron", "* * * * * ?",
                "sealing.lotus.sectors.cron", "* * * * * ?")).start();
        LOTUS.actor = world.minerAddress().toString();
    }

    @AfterAll
    static void end() {
        LOTUS.close();
        if (world != null) {
            world.close();
        }
    }

    private static String state(long sector) {
        return world.miner().call("SectorsStatus", sector, false).path("State").asText();
    }

    @Test
    void aDealsPieceIsFetchedOnceByTheMinerAndItsSectorIsFollowedThroughRestarts() {
        assertThat(world.miner().live().followed()).contains("sealing.lotus.piece-url", "sealing.lotus.add-timeout", "sealing.lotus.timeout",
                "sealing.lotus.settle", "sealing.lotus.max-asks").doesNotContainAnyElementsOf(world.miner().live().fixed());
        LOTUS.next = Fault.ADDED_AND_SILENT;
        String deal = world.deal(700);
        world.await(world.miner(), deal, AWAITING_PRE_COMMIT);
        assertThat(LOTUS.added).isEqualTo(1);
        assertThat(state(70)).isEqualTo("PreCommitPhase1");
        world.miner().restart(Map.of());
        LOTUS.stop();
        LOTUS.state(70, "WaitSeed");
        LOTUS.start();
        Await.until(() -> "the sector waits for its seed\n" + world.story(deal), Duration.ofSeconds(60),
                () -> state(70).equals("WaitSeed"));
        assertThat(LOTUS.added).isEqualTo(1);
    }
}
