package io.caravan.scenario;

import static io.caravan.model.DealState.ACTIVE;
import static io.caravan.model.DealState.TRANSFERRING;
import static io.caravan.model.DealState.TRANSFER_QUEUED;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.support.Await;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer.MethodName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** More transfers than places (deal-lifecycle §15.5). */
@TestMethodOrder(MethodName.class)
class TransferPlacesScenariosIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int PLACES = 20;
    private static final int DEALS = 25;

    static World world;

    @BeforeAll
    static void start() {
        world = World.with().noCollateral().set("miner.transfer.max-active", "1")
                .set("daemon.transfer.stall", "3s").set("miner.transfer.stall", "3s").set("miner.transfer.progress-every", "50ms").start();
    }

    @AfterAll
    static void end() {
        if (world != null) {
            world.close();
        }
    }

    @Test
    @DisplayName("S065 a sender that falls silent lends its place to another deal, and goes on later")
    void aSilentSender() {
        try (ForeignSender silent = new ForeignSender(world, world.car(50, 20_000))) {
            silent.propose();
            silent.fallSilentAfter(30);
            silent.push();
            world.await(world.miner(), silent.deal(), TRANSFERRING);
            String other = world.deal(10_000);
            world.awaitActive(other);
            assertThat(world.miner().state(silent.deal())).isEqualTo(TRANSFERRING);
            Await.until(() -> "the stall is told\n" + world.story(silent.deal()), LIMIT,
                    () -> world.miner().message(silent.deal()).startsWith("the data transfer has stalled"));
            assertThat(world.miner().events(silent.deal())).contains("DataTransferStalled");
            silent.speak();
            world.await(world.miner(), silent.deal(), ACTIVE);
            world.checkG(silent.deal(), other);
        }
    }

    @Test
    @DisplayName("S077 of 25 deals 20 have a place and 5 wait, the oldest first, and a new peer goes before them")
    void moreDealsThanPlaces() {
        world.miner().restart(Map.of("miner.transfer.max-active", String.valueOf(PLACES), "miner.transfer.stall", "60s"));
        // The daemon sends one at a time, and the first takes long: nothing is over while the others line up.
        world.daemon().restart(Map.of("daemon.transfer.max-active", "1", "daemon.transfer.stall", "60s"));
        world.libp2p().throttle(150_000);
        List<String> deals = new ArrayList<>();
        deals.add(world.start(Offer.of(world.importedCar(world.car(300, 20_000)))));
        world.await(world.miner(), deals.get(0), TRANSFERRING);
        while (deals.size() < DEALS) {
            deals.add(world.deal(10_000));
        }
        Await.until(() -> "all are accepted: " + statuses(), LIMIT, () -> transfers().size() == DEALS && line().size() == DEALS - PLACES);
        Await.until(() -> "each of the line says for what it waits: " + waiting(), LIMIT,
                () -> waiting().stream().allMatch(one -> one.path("reason").asText().startsWith("waits for a place")));
        assertThat(waiting()).hasSize(DEALS - PLACES);
        List<String> line = line();
        line.forEach(deal -> world.await(world.daemon(), deal, TRANSFER_QUEUED));
        try (ForeignSender stranger = new ForeignSender(world, world.car(5, 20_000))) {
            stranger.propose();
            stranger.push();
            Await.until(() -> "the stranger waits too: " + statuses(), LIMIT, () -> line().contains(stranger.deal()));
            endOneThatHasAPlace(deals, line);
            Await.until(() -> "the stranger has the place: " + statuses(), LIMIT, () -> !line().contains(stranger.deal()));
            assertThat(line()).isEqualTo(line);
            endOneThatHasAPlace(deals, line);
            Await.until(() -> "the next of the line has a place: " + statuses(), LIMIT, () -> line().size() < line.size());
            assertThat(line()).isEqualTo(line.subList(1, line.size()));
            world.libp2p().restore();
            world.awaitActive(deals.toArray(String[]::new));
            world.await(world.miner(), stranger.deal(), ACTIVE);
        }
        world.checkG(deals.toArray(String[]::new));
    }

    /** Cancels one that is not the first, whose data is on its way, and forgets it. */
    private static void endOneThatHasAPlace(List<String> deals, List<String> line) {
        String one = deals.stream().skip(1).filter(deal -> !line.contains(deal)).findFirst().orElseThrow();
        transfers().stream().filter(transfer -> transfer.path("proposalCid").asText().equals(one)).forEach(transfer ->
                world.miner().call("MarketCancelDataTransfer", transfer.path("transferId").asLong(),
                        transfer.path("otherPeer").asText(), false));
        deals.remove(one);
    }

    /** The deals that wait for a place, the oldest transfer first. */
    private static List<String> line() {
        return waiting().stream().sorted(Comparator.comparing(TransferPlacesScenariosIT::startedAt))
                .map(one -> one.path("proposalCid").asText()).toList();
    }

    /** The transfers of this test's deals at the miner that are not over. */
    private static List<JsonNode> transfers() {
        List<JsonNode> live = new ArrayList<>();
        world.miner().call("Caravan.Transfers").forEach(one -> {
            if (!List.of("COMPLETED", "CANCELLED", "FAILED").contains(one.path("status").asText())) {
                live.add(one);
            }
        });
        return live;
    }

    private static List<JsonNode> waiting() {
        return transfers().stream().filter(one -> one.path("status").asText().equals("REQUESTED")).toList();
    }

    private static List<String> statuses() {
        return transfers().stream().map(one -> one.path("status").asText() + " " + one.path("reason").asText("")).toList();
    }

    private static Instant startedAt(JsonNode transfer) {
        return Instant.parse(transfer.path("startedAt").asText());
    }
}
