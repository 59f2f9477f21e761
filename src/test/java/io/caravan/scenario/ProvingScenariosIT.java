package io.caravan.scenario;

import static io.caravan.model.DealState.ACTIVE;
import static io.caravan.model.DealState.SLASHED;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.chain.Methods;
import io.caravan.devnet.ProvingRules;
import io.caravan.model.DealProposal;
import io.caravan.model.SectorNumber;
import io.caravan.model.TokenAmount;
import io.caravan.support.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Sectors that are sealed for real and have to be proven, deadline after deadline, to a chain that checks every part. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ProvingScenariosIT {

    private static final Duration LIMIT = Duration.ofSeconds(180);
    /** Three seconds a deadline, twelve a period: routes look once a second. */
    private static final ProvingRules PROVING = new ProvingRules(30, 4, 5, 34, 2, true);
    /** Far enough for anything to be repaired before; crossed at once when it is wanted. */
    private static final long FAULT_LIMIT = 20_000;

    static World world;

    @BeforeAll
    static void start() {
        world = World.with().sealed().rules(rules -> rules.withProving(PROVING).withFaultMaxAge(FAULT_LIMIT))
                .set("miner.track.sweep", "2s").set("daemon.track.sweep", "2s").start();
    }

    @AfterAll
    static void end() {
        if (world != null) {
            world.close();
        }
    }

    @Test
    @Order(1)
    void aDealOfARealSectorBecomesActiveAndIsProvenAgainPeriodAfterPeriod() throws IOException {
        String deal = world.deal(1_000);
        world.awaitActive(deal);
        JsonNode sector = sector(deal);
        Await.until(() -> "Proving: " + sector(deal), LIMIT, () -> sector(deal).path("state").asText().equals("Proving"));
        assertThat(Files.size(replica(deal))).isEqualTo(2048);
        assertThat(world.chain().reads().sector(world.minerAddress(), SectorNumber.of(sector.path("number").asLong()))
                .orElseThrow().sealed().toString()).isEqualTo(sector(deal).path("commR").path("/").asText());
        assertThat(Long.parseLong(world.miner().value("SELECT length(proof) FROM sector WHERE number = " + number(deal))))
                .as("the whole vanilla proof").isGreaterThan(10_000);
        long height = world.chain().height();
        Await.until(() -> "two window proofs\n" + world.logTail(), LIMIT, () -> proofs(height).size() >= 2);
        assertThat(proofs(height)).containsOnly(0L);
        world.checkG(deal);
    }

    @Test
    @Order(2)
    void aDamagedReplicaIsFaultyUntilItIsRepairedAndTerminatedWhenItIsNotSoThatItsDealIsSlashed() throws IOException {
        String repaired = world.deal(1_000);
        String left = world.deal(1_001);
        world.awaitActive(repaired, left);
        byte[] whole = damage(repaired);
        damage(left);
        awaitStage(repaired, "faulty");
        awaitStage(left, "faulty");
        for (String deal : List.of(repaired, left)) {
            assertThat(sector(deal).path("message").asText()).contains("the replica s-t0", "is damaged");
            assertThat(world.shown(deal)).as("a fault is not the end").isEqualTo(ACTIVE);
        }
        assertThat(audit()).anyMatch(one -> one.path("proposalCid").asText().equals(left) && one.path("code").asText().equals("A10")
                && one.path("sentence").asText().contains("is damaged"));
        Files.write(replica(repaired), whole);
        awaitStage(repaired, "computing");
        assertThat(sector(repaired).path("message").isNull()).isTrue();
        assertThat(world.miner().value("SELECT string_agg(event, ',' ORDER BY seq) FROM sector_event WHERE number = " + number(repaired)))
                .contains("Faulted,Recovered");

        DealProposal terms = terms(left);
        TokenAmount escrow = escrow();
        world.chain().warp(world.chain().height() + FAULT_LIMIT);
        world.awaitBoth(left, SLASHED);
        assertThat(escrow()).as("the collateral is burnt").isEqualTo(escrow.minus(terms.providerCollateral()));
        assertThat(world.miner().state(repaired)).isEqualTo(ACTIVE);
        assertThat(world.chain().facts(0).exitCodesOf(world.minerAddress(), Methods.MINER_TERMINATE_SECTORS))
                .as("by the chain's clock, not by a message").isEmpty();
        world.checkG(repaired, left);
    }

    /** The exit codes of the window proofs that landed. */
    private static List<Long> proofs(long since) {
        return world.chain().facts(since).exitCodesOf(world.minerAddress(), Methods.MINER_SUBMIT_WINDOWED_POST);
    }

    /** Changes the whole replica: whichever leaves are challenged, they are wrong. Returns what it was. */
    private static byte[] damage(String deal) throws IOException {
        awaitStage(deal, "computing");
        byte[] whole = Files.readAllBytes(replica(deal));
        byte[] damaged = whole.clone();
        for (int i = 0; i < damaged.length; i++) {
            damaged[i] ^= 1;
        }
        Files.write(replica(deal), damaged);
        return whole;
    }

    private static void awaitStage(String deal, String stage) {
        Predicate<JsonNode> isThere = one -> one.path("state").asText().equals("Proving") && one.path("stage").asText().equals(stage);
        Await.until(() -> "Proving, " + stage + ": " + sector(deal) + "\n" + world.logTail(), LIMIT, () -> isThere.test(sector(deal)));
    }

    private static Path replica(String deal) {
        return world.miner().files("sectors/sealed").stream().filter(file -> file.getFileName().toString().endsWith("-" + number(deal)))
                .findFirst().orElseThrow();
    }

    private static long number(String deal) {
        return Long.parseLong(world.miner().value("SELECT sector_number FROM sector_piece WHERE proposal_cid = '" + deal + "'"));
    }

    private static JsonNode sector(String deal) {
        long number = number(deal);
        for (JsonNode one : world.miner().call("Caravan.Sectors", null, null).path("sectors")) {
            if (one.path("number").asLong() == number) {
                return one;
            }
        }
        throw new AssertionError("no sector " + number);
    }

    private static List<JsonNode> audit() {
        List<JsonNode> found = new ArrayList<>();
        world.miner().call("Caravan.Audit", 100).path("disagreements").forEach(found::add);
        return found;
    }

    private static DealProposal terms(String deal) {
        return world.chain().deal(world.miner().deal(deal).path("dealId").asLong()).orElseThrow().proposal();
    }

    private static TokenAmount escrow() {
        return world.chain().reads().marketBalance(world.minerAddress()).escrow();
    }
}
