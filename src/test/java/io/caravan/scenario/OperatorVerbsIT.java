package io.caravan.scenario;

import static io.caravan.model.DealState.ACTIVE;
import static io.caravan.model.DealState.PUBLISH;
import static io.caravan.model.DealState.TRANSFERRING;
import static io.caravan.model.DealState.VERIFY_DATA;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.node.cli.Cli;
import io.caravan.node.cli.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What an operator says to deals at the terminal, and what becomes of it on both sides. The miner publishes on demand. */
class OperatorVerbsIT {

    static World world;

    private record Said(int code, String out, String err) {

        JsonNode json() {
            try {
                return new ObjectMapper().readTree(out);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @BeforeAll
    static void start() {
        world = World.with().set("miner.publish.period", "1h").set("miner.ask.price", "500000000 attoFIL").start();
    }

    @AfterAll
    static void end() {
        if (world != null) {
            world.close();
        }
    }

    private static Said say(Side side, String... words) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        List<String> line = new ArrayList<>(List.of(words));
        line.addAll(List.of("--home", side.home().root().toString()));
        if (side == world.miner()) {
            line.add("--miner");
        }
        int code = Cli.run(new Terminal(new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8), false), line.toArray(String[]::new));
        return new Said(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static String shown(String deal) {
        var out = new ByteArrayOutputStream();
        Cli.run(new Terminal(new PrintStream(out, true, StandardCharsets.UTF_8), System.err, false), "show", deal, "--home",
                world.miner().home().root().toString());
        return out.toString(StandardCharsets.UTF_8);
    }

    private static void refused(String reason, Side side, String... words) {
        Said said = say(side, words);
        assertThat(said.code()).isEqualTo(2);
        assertThat(said.out()).isEmpty();
        assertThat(said.err()).contains(reason);
    }

    @Test
    void aCancelledTransferEndsOnBothSides() {
        world.libp2p().throttle(200_000);
        try {
            String deal = world.deal(3_000_000);
            world.awaitBoth(deal, TRANSFERRING);
            refused("nobody is here to confirm it, add --yes", world.daemon(), "deals", "cancel", deal);
            refused("OP6 still-needed", world.daemon(), "deals", "release-funds", deal, "--yes");
            Said said = say(world.daemon(), "deals", "cancel", deal, "--yes", "--reason", "wrong file");
            assertThat(said.code()).as(said.err()).isZero();
            world.awaitError(deal);
            assertThat(world.daemon().message(deal)).isEqualTo("data transfer cancelled");
            assertThat(world.miner().message(deal)).contains("cancelled");
            Said history = say(world.daemon(), "deals", "history", deal, "--json");
            assertThat(history.json()).hasSize(2);
            assertThat(history.json().path(1).path("reason").asText()).isEqualTo("wrong file");
            refused("OP2 has-ended", world.daemon(), "deals", "cancel", deal, "--yes");
            world.checkG(deal);
        } finally {
            world.libp2p().restore();
        }
    }

    @Test
    void aDealThatWaitsToBePublishedIsCancelledAtTheMiner() {
        String deal = world.deal(20_000);
        world.await(world.miner(), deal, PUBLISH);
        refused("OP3 not-before-publish: the miner has the data", world.daemon(), "deals", "cancel", deal, "--yes");
        Said said = say(world.miner(), "deals", "cancel", deal, "--yes", "--json");
        assertThat(said.code()).as(said.err()).isZero();
        world.awaitError(deal);
        assertThat(world.daemon().message(deal)).contains("cancelled by an operator");
        assertThat(world.miner().count("publish_queue WHERE proposal_cid = '" + deal + "'")).isZero();
        world.checkG(deal);
    }

    @Test
    void aRewoundDealGoesItsWayAgainAndIsPublishedOnce() {
        String deal = world.deal(30_000);
        world.await(world.miner(), deal, PUBLISH);
        assertThat(shown(deal)).contains("waits on", "gives up", "routes/miner/6-publish");
        refused("OP4 no-such-rewind", world.miner(), "deals", "rewind", deal, "--to", "Staged", "--yes");
        refused("OP5 no-such-state", world.miner(), "deals", "rewind", deal, "--to", "Nowhere", "--yes");
        Said said = say(world.miner(), "deals", "rewind", deal, "--to", "VerifyData", "--yes");
        assertThat(said.code()).as(said.err()).isZero();
        world.await(world.miner(), deal, PUBLISH);
        assertThat(world.miner().path(deal).stream().filter(VERIFY_DATA::equals)).hasSize(2);
        assertThat(say(world.miner(), "deals", "retry", deal).code()).isZero();
        world.miner().call("MarketPublishPendingDeals");
        world.awaitActive(deal);
        refused("OP3 not-before-publish", world.miner(), "deals", "cancel", deal, "--yes");
        refused("OP3 not-before-publish", world.daemon(), "deals", "fail", deal, "--yes");
        assertThat(say(world.miner(), "deals", "rewind", deal, "--to", "Finalizing", "--yes").code()).isZero();
        world.await(world.miner(), deal, ACTIVE);
        assertThat(world.daemon().call("Caravan.Deal", Map.of("/", deal)).path("operations")).hasSize(1);
        assertThat(world.miner().count("deal_operation WHERE outcome = 'done' AND proposal_cid = '" + deal + "'")).as("rewind, retry, publish now, rewind").isEqualTo(4);
        world.checkG(deal);
    }
}
