package io.caravan.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.chain.Methods;
import io.caravan.devnet.DevnetConfig;
import io.caravan.devnet.DevnetNode;
import io.caravan.devnet.PostCheck;
import io.caravan.devnet.ProofChecks;
import io.caravan.devnet.SealCheck;
import io.caravan.model.DealState;
import io.caravan.node.NodeHome;
import io.caravan.node.OneRole;
import io.caravan.node.StartException;
import io.caravan.node.config.ConfigException;
import io.caravan.store.DatabaseAddress;
import io.caravan.support.TestPool;
import io.caravan.support.TestPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With which sealing engine a miner does not start, and what it says then. */
class EngineStartIT {

    private static final AtomicInteger NUMBER = new AtomicInteger();

    @TempDir
    Path folder;

    /** The genesis miner of the chain is not ours, but that is found out later than what is tested here. */
    private void startAgainst(UnaryOperator<DevnetConfig> chain, Map<String, String> more) throws Exception {
        DevnetConfig config = chain.apply(DevnetConfig.standard().at("127.0.0.1", 0).withInterval(Duration.ofMillis(100)));
        DevnetNode node = new DevnetNode(config, TestPool.of(TestPostgres.empty()), Clock.systemUTC(),
                Files.createDirectories(folder.resolve("chain-" + NUMBER.get())));
        node.start();
        try {
            int number = NUMBER.incrementAndGet();
            DatabaseAddress rows = TestPostgres.fresh("engine_" + number + "_miner");
            Map<String, String> settings = new HashMap<>(Map.of("chain.url", node.endpoint().toString(), "chain.token", node.token(),
                    "miner.address", "t01000", "miner.port", "0", "miner.libp2p.port", "0", "caravan.db.url",
                    rows.url().replace("_" + number + "_miner", "_" + number), "caravan.db.user", rows.user(), "caravan.db.password", rows.password()));
            settings.putAll(more);
            OneRole.miner(new NodeHome(Files.createDirectories(folder.resolve("miner-" + number))), settings).close();
        } finally {
            node.close();
        }
    }

    private static DevnetConfig named(DevnetConfig old, String name) {
        return new DevnetConfig(old.host(), old.port(), old.interval(), name, old.rules(), old.checks(), old.genesis(), old.statesKept(),
                old.blocksKept());
    }

    @Test
    void theDefaultEngineIsRefusedOnAChainThatIsNoDevnetWithWhyAndWhatToDo() {
        assertThatThrownBy(() -> startAgainst(config -> named(config.withChecks(ProofChecks.vanilla()), "calibrationnet"), Map.of()))
                .isInstanceOf(ConfigException.class).hasMessageStartingWith("sealing.engine = java (")
                .hasMessageContaining("does not fit this chain: it is calibrationnet").hasMessageContaining("every sector would lose its deposit")
                .hasMessageContaining("Set chain.url to a devnet, or sealing.engine = lotus-miner");
    }

    @Test
    void aDevnetThatTakesOtherProofsAndSectorsTooLargeAreRefusedToo() {
        assertThatThrownBy(() -> startAgainst(config -> config, Map.of())).isInstanceOf(ConfigException.class)
                .hasMessageContaining("does not fit this devnet: it takes placeholder proofs");
        assertThatThrownBy(() -> startAgainst(config -> config.withChecks(ProofChecks.vanilla())
                .withGenesis(config.genesis().withSectorSize(32L << 30)), Map.of())).isInstanceOf(ConfigException.class)
                .hasMessageContaining("does not fit this miner: its sectors have 34359738368 bytes");
    }

    @Test
    void anotherEngineDoesNotTouchASectorInTheMiddleAndTheOneBeforeGoesOn() {
        ProofChecks unsaid = new ProofChecks("", SealCheck.PLACEHOLDER, PostCheck.NONE);
        try (World world = World.with().checks(unsaid).start()) {
            world.chain().call("Devnet.MpoolRule", Map.of("action", "hold", "match",
                    WorldChain.match(world.minerAddress(), Methods.MINER_PRE_COMMIT_SECTOR_BATCH2)));
            String deal = world.deal(1_000);
            world.await(world.miner(), deal, DealState.AWAITING_PRE_COMMIT);
            world.miner().stop();
            List<Path> before = world.miner().files("sectors");
            assertThatThrownBy(() -> world.miner().start(Map.of("sealing.engine", "java"))).isInstanceOf(StartException.class)
                    .hasMessage("sealing.engine = java cannot go on with the sector that sealing.engine = placeholder looks after; set it to "
                            + "placeholder again (with devnet.proofs = placeholder) until ./caravan sectors shows all of them in Proving, or run "
                            + "java with a home folder of its own");
            assertThat(world.miner().files("sectors")).isEqualTo(before);
            world.chain().call("Devnet.ClearFaults");
            world.miner().start(Map.of("sealing.engine", "placeholder"));
            world.awaitActive(deal);
            world.checkG(deal);
        }
    }
}
