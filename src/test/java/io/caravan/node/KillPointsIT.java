package io.caravan.node;

import static io.caravan.support.KillPoint.Moment.ENTERED;
import static io.caravan.support.KillPoint.Moment.LEAVING;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.model.FilAddress;
import io.caravan.store.Database;
import io.caravan.support.Await;
import io.caravan.support.CaravanHome;
import io.caravan.support.CaravanProcess;
import io.caravan.support.ChainFacts;
import io.caravan.support.KillPoint;
import io.caravan.support.KillRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The table of kill points: kill -9 of the one JVM or of any of the three processes in any state of the happy path, then
 * start again. The deal goes on to Active on both sides, and the chain shows that nothing was done twice.
 *
 * <p>The default build runs the riskiest points; {@code -Pmatrix} runs all. The times are in {@code target/kill-points.md}.
 */
class KillPointsIT {

    /** A quick chain and no waiting for company: what is left is the flow itself. */
    private static final Map<String, String> QUICK = Map.ofEntries(Map.entry("devnet.interval", "100ms"),
            Map.entry("miner.publish.period", "0s"), Map.entry("sealing.wait-deals.delay", "0s"),
            Map.entry("daemon.confidence.funds", "2"), Map.entry("daemon.confidence.publish", "2"),
            Map.entry("daemon.confidence.state", "2"), Map.entry("miner.confidence.funds", "2"),
            Map.entry("miner.confidence.publish", "2"), Map.entry("miner.confidence.state", "2"));
    private static final Path REPORT = Path.of("target", "kill-points.md");
    private static final Path STORIES = Path.of("target", "kill-stories.txt");
    private static final Duration CLOSING = Duration.ofSeconds(30);
    private static final int SMALL = 200_000;
    private static final int LARGE = 3_000_000;

    private static final List<String> CLIENT = List.of("ReserveClientFunds", "ClientFunding", "FundsReserved", "StartDataTransfer",
            "TransferQueued", "Transferring", "CheckForAcceptance", "ProposalAccepted", "AwaitingPreCommit", "Sealing");
    private static final List<String> PROVIDER = List.of("Validating", "AcceptWait", "WaitingForData", "Transferring", "VerifyData",
            "ReserveProviderFunds", "ProviderFunding", "Publish", "Publishing", "Staged", "AwaitingPreCommit", "Sealing", "Finalizing");
    private static final List<String> SECTOR = List.of("PreCommitPhase1", "PreCommitPhase2", "WaitSeed", "CommitPhase1", "CommitPhase2",
            "Finalize");

    @TempDir
    static Path folder;
    private static CaravanHome one;
    private static CaravanHome three;

    @BeforeAll
    static void begin() throws IOException {
        Files.createDirectories(REPORT.getParent());
        Files.writeString(REPORT, "| kill | s to the kill | s to the first answer | s to Active |\n|---|---|---|---|\n");
    }

    @AfterAll
    static void end() {
        for (CaravanHome home : new CaravanHome[] {one, three}) {
            if (home != null) {
                home.close();
            }
        }
    }

    private static CaravanHome one() {
        if (one == null) {
            one = new CaravanHome(folder.resolve("one/home"), QUICK);
            one.start("up");
        }
        return one;
    }

    private static CaravanHome three() {
        if (three == null) {
            three = new CaravanHome(folder.resolve("three/home"), QUICK);
            three.start("devnet", "miner", "daemon");
        }
        return three;
    }

    static Stream<KillPoint> riskiest() {
        return Stream.of(
                deal("daemon", "client", "ClientFunding", ENTERED),
                deal("miner", "provider", "Transferring", ENTERED),
                deal("miner", "provider", "Publish", LEAVING),
                deal("devnet", "provider", "Validating", ENTERED),
                deal("devnet", "provider", "Publishing", ENTERED),
                new KillPoint("miner", "sector", "PreCommitPhase2", LEAVING),
                deal("up", "client", "Transferring", ENTERED));
    }

    /** Every client state at both moments, and the provider's side of the stream. */
    static Stream<KillPoint> ofTheDaemon() {
        List<KillPoint> points = new ArrayList<>();
        CLIENT.forEach(state -> bothMoments(points, "daemon", "client", "StorageDeal" + state));
        points.add(deal("daemon", "provider", "WaitingForData", ENTERED));
        points.add(deal("daemon", "provider", "Transferring", ENTERED));
        return points.stream();
    }

    /** Every provider state and sealing step at both moments, and the client's side of the streams. */
    static Stream<KillPoint> ofTheMiner() {
        List<KillPoint> points = new ArrayList<>();
        PROVIDER.forEach(state -> bothMoments(points, "miner", "provider", "StorageDeal" + state));
        SECTOR.forEach(state -> bothMoments(points, "miner", "sector", state));
        points.add(deal("miner", "client", "FundsReserved", ENTERED));
        points.add(deal("miner", "client", "StartDataTransfer", ENTERED));
        return points.stream();
    }

    /** Wherever somebody is about to ask the chain, or waits for it. */
    static Stream<KillPoint> ofTheDevnet() {
        List<KillPoint> points = new ArrayList<>();
        Stream.of("ReserveClientFunds", "ClientFunding", "ProposalAccepted", "AwaitingPreCommit")
                .forEach(state -> points.add(deal("devnet", "client", state, ENTERED)));
        Stream.of("Validating", "ProviderFunding", "Publish", "Publishing", "Staged")
                .forEach(state -> points.add(deal("devnet", "provider", state, ENTERED)));
        SECTOR.forEach(state -> points.add(new KillPoint("devnet", "sector", state, ENTERED)));
        return points.stream();
    }

    /** Every state of all three tables, at the worse moment. */
    static Stream<KillPoint> ofTheOneJvm() {
        List<KillPoint> points = new ArrayList<>();
        CLIENT.forEach(state -> points.add(deal("up", "client", state, LEAVING)));
        PROVIDER.forEach(state -> points.add(deal("up", "provider", state, LEAVING)));
        SECTOR.forEach(state -> points.add(new KillPoint("up", "sector", state, LEAVING)));
        return points.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("riskiest")
    void aDealOutlivesTheRiskiestKills(KillPoint point) throws Exception {
        outlives(point);
    }

    @Tag("matrix")
    @ParameterizedTest(name = "{0}")
    @MethodSource("ofTheDaemon")
    void aDealOutlivesAKillOfTheDaemon(KillPoint point) throws Exception {
        outlives(point);
    }

    @Tag("matrix")
    @ParameterizedTest(name = "{0}")
    @MethodSource("ofTheMiner")
    void aDealOutlivesAKillOfTheMiner(KillPoint point) throws Exception {
        outlives(point);
    }

    @Tag("matrix")
    @ParameterizedTest(name = "{0}")
    @MethodSource("ofTheDevnet")
    void aDealOutlivesAKillOfTheDevnet(KillPoint point) throws Exception {
        outlives(point);
    }

    @Tag("matrix")
    @ParameterizedTest(name = "{0}")
    @MethodSource("ofTheOneJvm")
    void aDealOutlivesAKillOfTheOneJvm(KillPoint point) throws Exception {
        outlives(point);
    }

    @Tag("matrix")
    @Test
    void aDealOutlivesKillsAtRandomMoments() throws Exception {
        long seed = Long.getLong("caravan.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int i = 0; i < 8; i++) {
            String victim = List.of("up", "daemon", "miner", "devnet").get(i % 4);
            CaravanHome home = victim.equals("up") ? one() : three();
            Duration delay = Duration.ofMillis(random.nextInt(6000));
            report("%s is killed after %d ms (seed %d)".formatted(victim, delay.toMillis(), seed), home,
                    KillRun.after(home, victim, delay, SMALL));
        }
    }

    /** The very first start makes a cluster, keys, a wallet with coins and a miner actor, each of them once. */
    @Test
    void aFirstStartThatIsKilledIsFinishedByTheNext() throws Exception {
        long seed = Long.getLong("caravan.seed", System.nanoTime());
        Random random = new Random(seed);
        try (CaravanHome home = new CaravanHome(folder.resolve("first/home"), QUICK)) {
            for (int i = 1; i <= 4; i++) {
                Duration delay = Duration.ofMillis(i * 1000L + random.nextInt(1500));
                CaravanProcess process = home.launch("up");
                long start = System.nanoTime();
                Await.sharply(() -> "the moment", Duration.ofSeconds(60), () -> System.nanoTime() - start >= delay.toNanos());
                assertThat(process.isAlive()).as("alive after %s (seed %d)\n%s", delay, seed, home.output()).isTrue();
                process.kill();
            }
            home.start("up");
            assertThat(ChainFacts.since(home, 0).minersMade()).as("seed %d", seed).isEqualTo(1);
            assertThat(home.call("daemon", "WalletList")).hasSize(1);
            assertThat(home.deal(home.imported(home.file(SMALL)))).startsWith("baf");
        }
    }

    @Test
    void theDatabaseServerOutlivesItsStarterAndIsStoppedByItsLastUser() {
        CaravanHome home = three();
        long server = home.postgresPid();
        home.kill("devnet"); // it came first and started the server
        assertThat(home.call("miner", "Caravan.Deals", 10)).isNotNull();
        home.start("devnet");
        assertThat(home.postgresPid()).isEqualTo(server);
        assertThat(ProcessHandle.of(server)).isPresent();
    }

    /** The file {@code api} of a killed devnet still names its port. */
    @Test
    void aMinerWhoseDevnetWasKilledSaysThatItDoesNotAnswer() throws Exception {
        try (CaravanHome home = new CaravanHome(folder.resolve("alone/home"), QUICK)) {
            Files.writeString(home.home().folder("devnet", "").resolve("api"), "/ip4/127.0.0.1/tcp/" + home.settings().get("devnet.port") + "/http");
            CaravanProcess miner = home.launch("miner");
            assertThat(miner.awaitEnd()).isEqualTo(1);
            assertThat(miner.tail()).startsWith("caravan: chain node http://127.0.0.1:" + home.settings().get("devnet.port"))
                    .contains("connection refused").hasLineCount(1);
        }
    }

    @Test
    void aSecondUpOnTheSameHomeSaysSoAndChangesNothing() {
        CaravanHome home = one();
        long before = home.lastEvent("daemon");
        CaravanProcess second = CaravanProcess.start("up", home.home(), home.settings());
        assertThat(second.awaitEnd()).isEqualTo(1);
        assertThat(second.tail()).contains("caravan: the devnet of the home folder " + home.home().root() + " runs already, as process ");
        assertThat(home.lastEvent("daemon")).isEqualTo(before);
        assertThat(home.process("up").isAlive()).isTrue();
    }

    private static void bothMoments(List<KillPoint> points, String victim, String topic, String state) {
        points.add(new KillPoint(victim, topic, state, ENTERED));
        points.add(new KillPoint(victim, topic, state, LEAVING));
    }

    private static KillPoint deal(String victim, String topic, String state, KillPoint.Moment moment) {
        return new KillPoint(victim, topic, "StorageDeal" + state, moment);
    }

    private static void outlives(KillPoint point) throws Exception {
        CaravanHome home = point.victim().equals("up") ? one() : three();
        int bytes = point.state().contains("Transfer") ? LARGE : SMALL;
        report(point.toString(), home, KillRun.of(home, point, bytes));
    }

    private static void report(String what, CaravanHome home, KillRun run) throws Exception {
        Files.writeString(STORIES, "==== " + what + "\n" + home.story("daemon", run.proposal()) + home.story("miner", run.proposal())
                + home.output(), StandardOpenOption.APPEND, StandardOpenOption.CREATE);
        everythingHappenedOnce(home, run);
        Files.writeString(REPORT, "| " + what + " | " + run.times() + " |\n", StandardOpenOption.APPEND); // only what held
    }

    private static void everythingHappenedOnce(CaravanHome home, KillRun run) throws Exception {
        JsonNode deal = run.deal();
        ChainFacts facts = ChainFacts.since(home, run.height());
        FilAddress miner = FilAddress.parse(home.call("miner", "ActorAddress").asText());
        FilAddress client = FilAddress.parse(home.call("daemon", "WalletDefaultAddress").asText());
        FilAddress clientId = FilAddress.parse(home.call("daemon", "StateLookupID", client.toString(), null).asText());
        long sector = deal.path("sector").asLong(-1);
        assertThat(facts.publishesOf(run.proposal())).as("publish messages\n%s", facts).isEqualTo(1);
        assertThat(facts.topUpsOf(Set.of(client, clientId))).as("top-ups of the client\n%s", facts).isEqualTo(1);
        assertThat(facts.topUpsOf(Set.of(miner))).as("top-ups of the provider\n%s", facts).isEqualTo(1);
        assertThat(facts.preCommitsOf(miner, sector)).as("pre-commits\n%s", facts).isEqualTo(1);
        assertThat(facts.provesOf(miner, sector)).as("prove-commits\n%s", facts).isEqualTo(1);
        assertThat(facts.failures()).as("messages that failed\n%s", facts).isZero();
        assertThat(home.call("daemon", "Caravan.Deal", Map.of("/", run.proposal())).path("dealId")).isEqualTo(deal.path("dealId"));
        assertThat(count(home, "miner", "sector_piece WHERE proposal_cid = '" + run.proposal() + "' AND sector_number = " + sector)).isEqualTo(1);
        assertThat(count(home, "miner", "sector_piece WHERE sector_number = " + sector)).isEqualTo(1);
        for (String role : List.of("daemon", "miner")) {
            // A deal may be Active on chain a few epochs before its sector's last message is deep enough to be closed.
            Await.until("no open holds of the " + role, CLOSING, () -> count(home, role, "fund_hold WHERE state <> 'RELEASED'") == 0);
            Await.until("no open messages of the " + role, CLOSING,
                    () -> count(home, role, "chain_message WHERE status IN ('INTENT', 'SIGNED', 'PUSHED')") == 0);
        }
        try (Stream<Path> staged = Files.walk(home.home().folder("miner", "staging"))) {
            assertThat(staged.filter(Files::isRegularFile)).as("staging files").isEmpty();
        }
    }

    private static long count(CaravanHome home, String role, String from) {
        try (Database database = Database.bare(home.database(role), "test"); var connection = database.dataSource().getConnection();
                var statement = connection.createStatement(); var row = statement.executeQuery("SELECT count(*) FROM " + from)) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot count " + from, e);
        }
    }
}
