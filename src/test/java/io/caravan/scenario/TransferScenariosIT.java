package io.caravan.scenario;

import static io.caravan.model.DealState.ACTIVE;
import static io.caravan.model.DealState.TRANSFERRING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.node.cli.CliException;
import io.caravan.support.Await;
import java.time.Duration;
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
    private static final String CANCELLED = "data transfer cancelled";

    static World world;

    @BeforeAll
    static void start() {
        world = World.with().noCollateral()
                .set("daemon.transfer.stall", "2s").set("miner.transfer.stall", "2s")
                .set("daemon.transfer.restart-debounce", "300ms").set("daemon.transfer.restart-backoff", "1s")
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
    }

    /** A deal whose data is under way, slowly enough to be met there. */
    private static String moving() {
        world.libp2p().throttle(SLOW);
        String deal = started();
        awaitBytes(deal, SIZE / 6);
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
        return com.fasterxml.jackson.databind.node.MissingNode.getInstance();
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
}
