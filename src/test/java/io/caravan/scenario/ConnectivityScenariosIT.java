package io.caravan.scenario;

import static io.caravan.model.DealState.CLIENT_FUNDING;
import static io.caravan.model.DealState.FUNDS_RESERVED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.crypto.PrivKey;
import io.caravan.node.IdentityFile;
import io.caravan.support.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Daemon and miner find each other, or somebody is told why not and what to do (libp2p §1.14). */
@TestMethodOrder(MethodOrderer.MethodName.class)
class ConnectivityScenariosIT {

    private static final Duration SOON = Duration.ofSeconds(60);

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

    private static JsonNode byMiner() {
        return world.miner().call("Caravan.Doctor");
    }

    private static JsonNode byDaemon() {
        return world.daemon().call("Caravan.Doctor", world.minerAddress().toString());
    }

    private static JsonNode finding(JsonNode diagnosis, String code) {
        for (JsonNode finding : diagnosis.path("findings")) {
            if (finding.path("code").asText().equals(code)) {
                return finding;
            }
        }
        throw new AssertionError("no " + code + " in " + diagnosis);
    }

    private static String level(JsonNode diagnosis, String code) {
        return finding(diagnosis, code).path("level").asText();
    }

    @Test
    void aHealthyMinerIsFoundHealthyFromBothSides() {
        String deal = world.deal(1500);
        world.awaitActive(deal);
        assertThat(byMiner().path("healthy").asBoolean()).as("%s", byMiner()).isTrue();
        JsonNode seen = byDaemon();
        assertThat(seen.path("sentence").asText()).contains("nothing is wrong");
        for (String code : new String[] {"NET-20", "NET-21", "NET-22", "NET-24", "NET-25", "NET-26", "NET-27", "NET-28", "NET-29"}) {
            assertThat(level(seen, code)).as("%s", seen).isEqualTo("ok");
        }
        world.checkG(deal);
    }

    @Test
    void bADeadLinkIsToldByAddressWithinAMinute() {
        world.libp2p().cut();
        try {
            JsonNode seen = byDaemon();
            assertThat(seen.path("healthy").asBoolean()).isFalse();
            assertThat(seen.path("sentence").asText()).startsWith("NET-2").contains("/ip4/127.0.0.1/tcp/").contains("Do: ");
        } finally {
            world.libp2p().restore();
        }
    }

    @Test
    void cWhatIsNoMinerIsRefusedInOneSentence() {
        assertThatThrownBy(() -> world.daemon().call("Caravan.Doctor", "not an address")).hasMessageContaining("miner");
        JsonNode seen = world.daemon().call("Caravan.Doctor", "t01");
        assertThat(level(seen, "NET-20")).isEqualTo("fail");
        assertThat(seen.path("findings")).hasSize(1);
    }

    @Test
    @DisplayName("S141 a miner whose peer id changed is named by the daemon and by health, and after publish-addrs the deal goes on")
    void dTheMinerIsAnotherPeerAfterAnUpgrade() throws IOException {
        Path kept = world.root().resolve("identity.json");
        String before = IdentityFile.exported(world.miner().home(), "miner", kept).toString();
        world.miner().stop();
        Path other = Files.writeString(world.root().resolve("other.json"), PrivKey.generate(new SecureRandom()).toKeyInfo().toJson());
        String now = IdentityFile.imported(world.miner().home(), "miner", other).toString();
        world.miner().start(Map.of());
        JsonNode health = world.miner().call("Caravan.Health");
        assertThat(health.path("healthy").asBoolean()).isFalse();
        assertThat(finding(health, "NET-03").path("sentence").asText()).contains(before).contains(now);
        assertThat(finding(health, "NET-03").path("fix").asText()).contains("./caravan net publish-addrs");
        String deal = world.deal(1600);
        world.await(world.daemon(), deal, FUNDS_RESERVED);
        Await.until("the daemon says whom it met instead", SOON,
                () -> world.daemon().deal(deal).path("lastError").asText().contains("another peer answers there: " + now));
        assertThat(finding(byDaemon(), "NET-25").path("sentence").asText()).contains(now);
        assertThat(world.miner().call("Caravan.NetPublishAddrs", (Object) null)).hasSize(1);
        world.awaitActive(deal);
        Await.until(() -> "healthy again, once it has looked again: " + world.miner().call("Caravan.Health"), SOON,
                () -> world.miner().call("Caravan.Health").path("healthy").asBoolean());
        assertThat(world.daemon().path(deal)).doesNotContain(CLIENT_FUNDING);
        world.checkG(deal);
    }

    @Test
    void eAFeeAboveTheCapSendsNothing() {
        world.miner().restart(Map.of("miner.libp2p.announce", "/ip4/127.0.0.1/tcp/9,/ip4/127.0.0.1/tcp/" + world.libp2p().port(),
                "miner.identity.publish", "ask"));
        assertThatThrownBy(() -> world.miner().call("Caravan.NetPublishAddrs", "1")).hasMessageContaining("miner.identity.max-fee")
                .hasMessageContaining("--max-fee");
        assertThat(finding(world.miner().call("Caravan.Health"), "NET-07").path("fix").asText()).contains("publish-addrs");
        assertThat(world.miner().count("chain_message WHERE method = 18 AND status IN ('INTENT', 'SIGNED', 'PUSHED')")).isZero();
        assertThat(world.miner().call("Caravan.NetPublishAddrs", (Object) null)).hasSize(1);
        Await.until("the chain has both addresses", SOON, () -> world.chain().reads().minerInfo(world.minerAddress()).multiaddrs().size() == 2);
        assertThat(world.miner().call("Caravan.NetPublishAddrs", (Object) null)).isEmpty();
    }
}
