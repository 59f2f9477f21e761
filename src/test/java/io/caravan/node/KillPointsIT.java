package io.caravan.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.model.DealEvent;
import io.caravan.model.DealFlow;
import io.caravan.model.DealState;
import io.caravan.model.FilAddress;
import io.caravan.model.Flow;
import io.caravan.model.SectorFlow;
import io.caravan.model.SectorState;
import io.caravan.store.DatabaseAddress;
import io.caravan.support.Await;
import io.caravan.support.CaravanHome;
import io.caravan.support.CaravanProcess;
import io.caravan.support.ChainFacts;
import io.caravan.support.KillPoint;
import io.caravan.support.KillPoint.Moment;
import io.caravan.support.KillRun;
import io.caravan.support.KillSwitch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The kill matrix: kill -9 of the one JVM or of any of the three processes in every state of both sides and of a sector, at
 * each of four moments ({@link Moment}), then start again. Every deal goes on to its end, and the chain and the tables
 * show that nothing was done twice, lost or left lying about.
 *
 * <p>The points come from the life cycles themselves. One kill meets several deals, each arrested at a point of its own
 * ({@link KillSwitch}). The default build runs a slice; {@code -Pmatrix} runs all. Results are in
 * {@code target/kill-matrix.md}.
 */
class KillPointsIT {

    /** A quick chain and no waiting for company; each piece has its own sector, so that each deal can be met in it. */
    private static final Map<String, String> QUICK = Map.ofEntries(Map.entry("devnet.interval", "100ms"),
            Map.entry("miner.publish.period", "0s"), Map.entry("sealing.wait-deals.delay", "0s"), Map.entry("sealing.max-pieces", "1"),
            Map.entry("daemon.confidence.funds", "2"), Map.entry("daemon.confidence.publish", "2"),
            Map.entry("daemon.confidence.state", "2"), Map.entry("miner.confidence.funds", "2"),
            Map.entry("miner.confidence.publish", "2"), Map.entry("miner.confidence.state", "2"),
            Map.entry("daemon.track.delay", "500ms"), Map.entry("miner.track.delay", "500ms"),
            Map.entry("sealing.precommit1.cron", "* * * * * ?"), Map.entry("sealing.precommit2.cron", "* * * * * ?"),
            Map.entry("sealing.waitseed.cron", "* * * * * ?"), Map.entry("sealing.commit1.cron", "* * * * * ?"),
            Map.entry("sealing.commit2.cron", "* * * * * ?"), Map.entry("sealing.finalize.cron", "* * * * * ?"));
    private static final Path REPORT = Path.of("target", "kill-matrix.md");
    private static final Path STORIES = Path.of("target", "kill-stories.txt");
    private static final Duration CLOSING = Duration.ofSeconds(30);
    /** A held move keeps a connection of its role's pool, so that not more are met at once. */
    private static final int AT_ONCE = 7;

    /** States that only a restart in Transferring leads to. */
    private static final Set<DealState> BY_RESTART = Set.of(DealState.PROVIDER_TRANSFER_AWAIT_RESTART, DealState.CLIENT_TRANSFER_RESTART);
    /** Active and Proving are left after half a year of epochs: ends are met in a test of their own. */
    private static final Set<String> LAST = Set.of(DealState.ACTIVE.wireName(), SectorState.PROVING.wireName());

    @TempDir
    static Path folder;
    private static CaravanHome one;
    private static CaravanHome three;

    @BeforeAll
    static void begin() throws IOException {
        Files.createDirectories(REPORT.getParent());
        Files.writeString(REPORT, "| killed | deals met | s to the kill | s to the first answer | s to the last end |\n|---|---|---|---|---|\n");
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
            three = new CaravanHome(folder.resolve("three/home"), QUICK).linked();
            three.start("devnet", "miner", "daemon");
        }
        return three;
    }

    private static CaravanHome home(String victim) {
        return victim.equals("up") ? one() : three();
    }

    /** The states of a side that a process can be killed in: not the ends, and not Unknown, which no row is committed in. */
    private static List<DealState> states(Flow<DealState, DealEvent> flow) {
        return flow.states().stream().filter(state -> !state.isFinal() && state != DealState.UNKNOWN).toList();
    }

    /** The points of a topic at a moment that are stable there, so that they can be met together. */
    private static List<KillPoint> stable(String topic, Moment moment) {
        Stream<String> names = topic.equals("sector")
                ? SectorFlow.SECTOR.states().stream().filter(state -> state != SectorState.UNKNOWN).map(SectorState::wireName)
                : states(flow(topic)).stream().filter(state -> !BY_RESTART.contains(state)).map(DealState::wireName);
        return names.filter(name -> moment != Moment.LEAVING || !LAST.contains(name)).map(name -> new KillPoint(topic, name, moment))
                .filter(point -> !point.isEndedByOthers() || moment == Moment.BEFORE || moment == Moment.LEAVING).toList();
    }

    private static Flow<DealState, DealEvent> flow(String topic) {
        return topic.equals("client") ? DealFlow.CLIENT : DealFlow.PROVIDER;
    }

    /** One kill: whom, and where the deals are. */
    record Kill(String victim, List<KillPoint> points) {
        @Override
        public String toString() {
            return victim + " at " + points.stream().map(KillPoint::toString).collect(Collectors.joining(", "));
        }
    }

    private static List<Kill> kills(String victim, List<KillPoint> points) {
        List<Kill> kills = new ArrayList<>();
        for (int from = 0; from < points.size(); from += AT_ONCE) {
            kills.add(new Kill(victim, points.subList(from, Math.min(from + AT_ONCE, points.size()))));
        }
        return kills;
    }

    /** The worse moment of the riskiest states: money, publishing, the hand-off, sealing, and the same for the client. */
    static Stream<Kill> slice() {
        return chosen(Stream.of(
                new Kill("miner", leaving("provider", DealState.ACCEPT_WAIT, DealState.RESERVE_PROVIDER_FUNDS, DealState.PUBLISH, DealState.PUBLISHING,
                        DealState.STAGED, DealState.REJECTING)),
                new Kill("miner", kills("miner", stable("sector", Moment.LEAVING)).get(0).points()),
                new Kill("daemon", leaving("client", DealState.RESERVE_CLIENT_FUNDS, DealState.FUNDS_RESERVED, DealState.START_DATA_TRANSFER,
                        DealState.CHECK_FOR_ACCEPTANCE, DealState.PROPOSAL_ACCEPTED, DealState.FAILING)),
                new Kill("devnet", committed("provider", DealState.VALIDATING, DealState.PUBLISH, DealState.PUBLISHING))));
    }

    private static List<KillPoint> leaving(String topic, DealState... states) {
        return Stream.of(states).map(state -> new KillPoint(topic, state.wireName(), Moment.LEAVING)).toList();
    }

    private static List<KillPoint> committed(String topic, DealState... states) {
        return Stream.of(states).map(state -> new KillPoint(topic, state.wireName(), Moment.COMMITTED)).toList();
    }

    /** Everything that can be met together: every topic at every moment with its keeper as the victim. */
    static Stream<Kill> together() {
        List<Kill> kills = new ArrayList<>();
        for (Moment moment : Moment.values()) {
            kills.addAll(kills("daemon", stable("client", moment)));
            kills.addAll(kills("miner", stable("provider", moment)));
            kills.addAll(kills("miner", stable("sector", moment)));
        }
        for (String topic : List.of("client", "provider", "sector")) {
            kills.addAll(kills("devnet", stable(topic, Moment.COMMITTED)));
            kills.addAll(kills("up", stable(topic, Moment.LEAVING)));
        }
        return chosen(kills.stream());
    }

    /** Those whose name holds {@code -Dcaravan.kills}, to look at a few alone. */
    private static Stream<Kill> chosen(Stream<Kill> kills) {
        String part = System.getProperty("caravan.kills", "");
        return kills.filter(kill -> kill.toString().contains(part));
    }

    /** States that others end, as soon as they are entered; either side of the stream is killed. */
    static Stream<Kill> alone() {
        List<Kill> kills = new ArrayList<>();
        for (String topic : List.of("client", "provider")) {
            for (DealState state : states(flow(topic))) {
                KillPoint committed = new KillPoint(topic, state.wireName(), Moment.COMMITTED);
                if (committed.isEndedByOthers()) {
                    kills.add(new Kill("daemon", List.of(committed)));
                    kills.add(new Kill("miner", List.of(committed)));
                    kills.add(new Kill(committed.keeper(), List.of(new KillPoint(topic, state.wireName(), Moment.DURING))));
                }
            }
        }
        return chosen(kills.stream());
    }

    static Stream<Kill> byRestart() {
        return chosen(Stream.of(Moment.values()).flatMap(moment -> Stream.of(
                new Kill("miner", List.of(new KillPoint("provider", DealState.PROVIDER_TRANSFER_AWAIT_RESTART.wireName(), moment))),
                new Kill("daemon", List.of(new KillPoint("client", DealState.CLIENT_TRANSFER_RESTART.wireName(), moment))))));
    }

    /** The table is whole: every state of every life cycle, at every moment that it has, is met by some kill. */
    @Test
    void everyStateHasAKillPointAtEveryMoment() {
        Set<KillPoint> met = Stream.of(together(), alone(), byRestart()).flatMap(kills -> kills).flatMap(kill -> kill.points().stream())
                .collect(Collectors.toSet());
        List<KillPoint> all = new ArrayList<>();
        for (Moment moment : Moment.values()) {
            states(DealFlow.CLIENT).forEach(state -> all.add(new KillPoint("client", state.wireName(), moment)));
            states(DealFlow.PROVIDER).forEach(state -> all.add(new KillPoint("provider", state.wireName(), moment)));
            SectorFlow.SECTOR.states().stream().filter(state -> state != SectorState.UNKNOWN)
                    .forEach(state -> all.add(new KillPoint("sector", state.wireName(), moment)));
        }
        all.removeIf(point -> point.moment() == Moment.LEAVING && LAST.contains(point.state()));
        assertThat(met).containsAll(all);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("slice")
    void dealsOutliveTheRiskiestKills(Kill kill) throws Exception {
        outlived(kill, KillRun::at);
    }

    @Tag("matrix")
    @ParameterizedTest(name = "{0}")
    @MethodSource("together")
    void dealsOutliveAKillThatMeetsManyOfThem(Kill kill) throws Exception {
        outlived(kill, KillRun::at);
    }

    @Tag("matrix")
    @ParameterizedTest(name = "{0}")
    @MethodSource("alone")
    void aTransferOutlivesAKillOfEitherEnd(Kill kill) throws Exception {
        outlived(kill, (home, victim, points) -> KillRun.assoon(home, victim, points.get(0)));
    }

    @Tag("matrix")
    @ParameterizedTest(name = "{0}")
    @MethodSource("byRestart")
    void aTransferOutlivesAKillWhileItIsTakenUpAgain(Kill kill) throws Exception {
        outlived(kill, (home, victim, points) -> KillRun.again(home, victim, points.get(0)));
    }

    @Tag("matrix")
    @Test
    void aDealOutlivesKillsAtRandomMoments() throws Exception {
        long seed = Long.getLong("caravan.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int i = 0; i < 8; i++) {
            String victim = List.of("up", "daemon", "miner", "devnet").get(i % 4);
            Duration delay = Duration.ofMillis(random.nextInt(6000));
            report("%s after %d ms (seed %d)".formatted(victim, delay.toMillis(), seed), home(victim), KillRun.after(home(victim), victim, delay));
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
            assertThat(home.deal(home.imported(home.file(200_000)))).startsWith("baf");
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

    /** How a kill is done. */
    private interface Way {
        KillRun run(CaravanHome home, String victim, List<KillPoint> points);
    }

    private static void outlived(Kill kill, Way way) throws Exception {
        CaravanHome home = home(kill.victim());
        try {
            report(kill.toString(), home, way.run(home, kill.victim(), kill.points()));
        } catch (AssertionError e) {
            String why = String.valueOf(e.getMessage()).strip().lines().findFirst().orElse("");
            Files.writeString(REPORT, "| " + kill.toString().replaceFirst(" ", " | ") + " | did not hold: " + why.substring(0, Math.min(why.length(), 200))
                    + " | | |\n", StandardOpenOption.APPEND);
            throw e;
        }
    }

    private static void report(String what, CaravanHome home, KillRun run) throws Exception {
        StringBuilder stories = new StringBuilder("==== " + what + "\n");
        run.active().forEach(deal -> stories.append(home.story("daemon", deal)).append(home.story("miner", deal)));
        Files.writeString(STORIES, stories.append(home.output()), StandardOpenOption.APPEND, StandardOpenOption.CREATE);
        everythingHappenedOnce(home, run);
        Files.writeString(REPORT, "| " + what.replaceFirst(" ", " | ") + " | " + run.times() + " |\n", StandardOpenOption.APPEND);
    }

    private static void everythingHappenedOnce(CaravanHome home, KillRun run) throws Exception {
        nothingIsOpen(home);
        ChainFacts facts = ChainFacts.since(home, run.height());
        FilAddress miner = FilAddress.parse(home.call("miner", "ActorAddress").asText());
        for (String proposal : run.active()) {
            JsonNode deal = home.call("miner", "Caravan.Deal", Map.of("/", proposal));
            long sector = deal.path("sector").asLong(-1);
            assertThat(facts.publishesOf(proposal)).as("publish messages of %s\n%s", proposal, facts).isEqualTo(1);
            assertThat(facts.preCommitsOf(miner, sector)).as("pre-commits of sector %s\n%s", sector, facts).isEqualTo(1);
            assertThat(facts.provesOf(miner, sector)).as("prove-commits of sector %s\n%s", sector, facts).isEqualTo(1);
            assertThat(home.call("daemon", "Caravan.Deal", Map.of("/", proposal)).path("dealId")).isEqualTo(deal.path("dealId"));
            assertThat(count(home, "miner", "sector_piece WHERE proposal_cid = '" + proposal + "' AND sector_number = " + sector)).isEqualTo(1);
            assertThat(count(home, "miner", "sector_piece WHERE sector_number = " + sector)).isEqualTo(1);
        }
        for (String proposal : run.refused()) {
            assertThat(facts.publishesOf(proposal)).isZero();
            assertThat(count(home, "miner", "sector_piece WHERE proposal_cid = '" + proposal + "'")).isZero();
        }
        assertThat(facts.failures()).as("messages that failed\n%s", facts).isZero();
        ChainFacts ever = ChainFacts.since(home, 0);
        List.of("daemon", "miner").forEach(role -> assertThat(ever.sentBy(senders(home, role)))
                .as("messages of the %s in the chain; its table must know each\n%s", role, facts)
                .isEqualTo(count(home, role, "chain_message WHERE status = 'LANDED'")));
        try (Stream<Path> staged = Files.walk(home.home().folder("miner", "staging"))) {
            assertThat(staged.filter(Files::isRegularFile)).as("staging files").isEmpty();
        }
    }

    /** The accounts that a role has sent from, under both of their names. */
    private static Set<FilAddress> senders(CaravanHome home, String role) {
        Set<FilAddress> senders = new HashSet<>();
        for (String sender : values(home, role, "SELECT DISTINCT sender FROM chain_message")) {
            senders.add(FilAddress.parse(sender));
            senders.add(FilAddress.parse(home.call("daemon", "StateLookupID", sender, null).asText()));
        }
        return senders;
    }

    /** A deal may be Active on chain a few epochs before its sector's last message is deep enough to be closed. */
    private static void nothingIsOpen(CaravanHome home) {
        for (String role : List.of("daemon", "miner")) {
            Await.until("no open holds of the " + role, CLOSING, () -> count(home, role, "fund_hold WHERE state <> 'RELEASED'") == 0);
            Await.until("nothing reserved by the " + role, CLOSING, () -> count(home, role, "fund_account WHERE reserved_atto <> 0") == 0);
            Await.until("no open messages of the " + role, CLOSING,
                    () -> count(home, role, "chain_message WHERE status IN ('INTENT', 'SIGNED', 'PUSHED')") == 0);
            Await.until("no parked deals of the " + role, CLOSING, () -> count(home, role, "deal WHERE parked") == 0);
        }
        Await.until("no sector on its way", CLOSING, () -> count(home, "miner", "sector WHERE state <> 'Proving'") == 0);
    }

    private static long count(CaravanHome home, String role, String from) {
        return Long.parseLong(values(home, role, "SELECT count(*) FROM " + from).get(0));
    }

    private static List<String> values(CaravanHome home, String role, String sql) {
        DatabaseAddress address = home.database(role);
        try (var connection = DriverManager.getConnection(address.url(), address.user(), address.password());
                var statement = connection.createStatement(); var row = statement.executeQuery(sql)) {
            List<String> values = new ArrayList<>();
            while (row.next()) {
                values.add(row.getString(1));
            }
            return values;
        } catch (SQLException e) {
            throw new IllegalStateException("cannot read " + sql, e);
        }
    }
}
