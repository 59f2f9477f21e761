package io.caravan.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.support.Await;
import io.caravan.support.CaravanHome;
import io.caravan.support.CaravanProcess;
import io.caravan.support.ChainFacts;
import io.caravan.support.KillAct;
import io.caravan.support.KillMatrix;
import io.caravan.support.KillMatrix.Kill;
import io.caravan.support.KillPoint;
import io.caravan.support.KillPoint.Moment;
import io.caravan.support.KillProof;
import io.caravan.support.KillRun;
import io.caravan.support.KillSwitch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
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
@Tag("busy")
class KillPointsIT {

    /** A quick chain, quick sectors and no waiting for company; each piece has its own sector, so that each deal can be met in it. */
    private static final Map<String, String> QUICK = Map.ofEntries(Map.entry("devnet.interval", "100ms"),
            Map.entry("miner.publish.period", "0s"), Map.entry("sealing.wait-deals.delay", "0s"), Map.entry("sealing.max-pieces", "1"),
            Map.entry("sealing.engine", "placeholder"), Map.entry("devnet.proofs", "placeholder"),
            Map.entry("daemon.confidence.funds", "2"), Map.entry("daemon.confidence.publish", "2"),
            Map.entry("daemon.confidence.state", "2"), Map.entry("miner.confidence.funds", "2"),
            Map.entry("miner.confidence.publish", "2"), Map.entry("miner.confidence.state", "2"),
            Map.entry("daemon.track.delay", "500ms"), Map.entry("miner.track.delay", "500ms"),
            Map.entry("sealing.precommit1.cron", "* * * * * ?"), Map.entry("sealing.precommit2.cron", "* * * * * ?"),
            Map.entry("sealing.waitseed.cron", "* * * * * ?"), Map.entry("sealing.commit1.cron", "* * * * * ?"),
            Map.entry("sealing.commit2.cron", "* * * * * ?"), Map.entry("sealing.finalize.cron", "* * * * * ?"),
            Map.entry("sealing.proving.cron", "* * * * * ?"), Map.entry("sealing.proving.delay", "1s"));
    private static final Path REPORT = Path.of("target", "kill-matrix.md");
    private static final Path STORIES = Path.of("target", "kill-stories.txt");
    private static final int FIRST_STARTS = 2;
    private static final Map<CaravanHome, KillProof> PROOFS = new HashMap<>();

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
            killFirstStarts(one);
            one.start("up");
        }
        return one;
    }

    /** Kills what has never been up, at moments of its first seconds. */
    private static void killFirstStarts(CaravanHome home) {
        long seed = Long.getLong("caravan.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int i = 0; i < FIRST_STARTS; i++) {
            Duration delay = Duration.ofMillis(1000 + i * 2000L + random.nextInt(2500));
            System.out.printf("first start killed after %s (seed %d)%n", delay, seed);
            CaravanProcess process = home.launch("up");
            long start = System.nanoTime();
            Await.sharply(() -> "the moment", Duration.ofSeconds(60), () -> System.nanoTime() - start >= delay.toNanos());
            assertThat(process.isAlive()).as("alive after %s (seed %d)\n%s", delay, seed, home.output()).isTrue();
            process.kill();
        }
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

    /** Those whose name holds {@code -Dcaravan.kills}, to look at a few alone. */
    private static <K> Stream<K> chosen(List<K> kills) {
        String part = System.getProperty("caravan.kills", "");
        return kills.stream().filter(kill -> kill.toString().contains(part));
    }

    static Stream<Kill> slice() {
        return chosen(KillMatrix.slice());
    }

    static Stream<Kill> together() {
        return chosen(KillMatrix.together());
    }

    static Stream<Kill> claims() {
        return chosen(KillMatrix.claims());
    }

    static Stream<Kill> alone() {
        return chosen(KillMatrix.alone());
    }

    static Stream<Kill> byRestart() {
        return chosen(KillMatrix.byRestart());
    }

    static Stream<Kill> ends() {
        return chosen(KillMatrix.ends());
    }

    static Stream<KillAct> acts() {
        return chosen(KillAct.all());
    }

    /** The table is whole: every state of every life cycle is met at every moment by a kill of its keeper, or says why not. */
    @Test
    void everyStateHasAKillAtEveryMomentOrAReasonToHaveNone() {
        Set<String> met = new HashSet<>();
        KillMatrix.all().forEach(kill -> kill.points().forEach(point -> met.add(kill.victim() + " at " + point)));
        for (String topic : KillMatrix.TOPICS) {
            for (String state : KillMatrix.states(topic)) {
                for (Moment moment : Moment.values()) {
                    KillPoint point = new KillPoint(topic, state, moment);
                    assertThat(met.contains(point.keeper() + " at " + point)).as("a kill at %s", point).isEqualTo(!KillMatrix.NEVER.containsKey(state));
                }
            }
        }
    }

    @ParameterizedTest(name = "{0}", allowZeroInvocations = true)
    @MethodSource("slice")
    void dealsOutliveTheRiskiestKills(Kill kill) throws Exception {
        outlived(kill, KillRun::at);
    }

    @Tag("matrix")
    @ParameterizedTest(name = "{0}", allowZeroInvocations = true)
    @MethodSource("together")
    void dealsOutliveAKillThatMeetsManyOfThem(Kill kill) throws Exception {
        outlived(kill, KillRun::at);
    }

    @Tag("matrix")
    @ParameterizedTest(name = "{0}", allowZeroInvocations = true)
    @MethodSource("claims")
    void aTransferOutlivesAKillBetweenAClaimAndItsFirstAct(Kill kill) throws Exception {
        outlived(kill, KillRun::at);
    }

    @Tag("matrix")
    @ParameterizedTest(name = "{0}", allowZeroInvocations = true)
    @MethodSource("ends")
    void anActiveDealOutlivesAKillWhileItEnds(Kill kill) throws Exception {
        outlived(kill, KillRun::atTheEnd);
    }

    @Tag("matrix")
    @ParameterizedTest(name = "{0}", allowZeroInvocations = true)
    @MethodSource("acts")
    void whatIsDoneIsNotDoneAgainWhenTheKillComesBeforeItIsWrittenDown(KillAct act) throws Exception {
        outlived(act.toString(), act.victim(), home -> KillRun.inAct(home, act));
    }

    @Tag("matrix")
    @ParameterizedTest(name = "{0}", allowZeroInvocations = true)
    @MethodSource("alone")
    void aTransferOutlivesAKillOfEitherEnd(Kill kill) throws Exception {
        outlived(kill, (home, victim, points) -> KillRun.assoon(home, victim, points.get(0)));
    }

    @Tag("matrix")
    @ParameterizedTest(name = "{0}", allowZeroInvocations = true)
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
    void aFirstStartThatIsKilledIsFinishedByTheNext() {
        CaravanHome home = one();
        assertThat(ChainFacts.since(home, 0).minersMade()).isEqualTo(1);
        assertThat(home.call("daemon", "WalletList")).hasSize(1);
        assertThat(home.deal(home.imported(home.file(200_000)))).startsWith("baf");
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
        CaravanProcess second = CaravanProcess.start("up", home.home(), home.settings());
        assertThat(second.awaitEnd()).isEqualTo(1);
        assertThat(second.tail()).contains("caravan: the devnet of the home folder " + home.home().root() + " runs already, as process ");
        assertThat(ChainFacts.since(home, 0).minersMade()).isEqualTo(1);
        assertThat(home.call("daemon", "WalletList")).hasSize(1);
        assertThat(home.process("up").isAlive()).isTrue();
    }

    /** How a kill is done. */
    private interface Way {
        KillRun run(CaravanHome home, String victim, List<KillPoint> points);
    }

    private static void outlived(Kill kill, Way way) throws Exception {
        outlived(kill.toString(), kill.victim(), home -> way.run(home, kill.victim(), kill.points()));
    }

    private static void outlived(String kill, String victim, Function<CaravanHome, KillRun> way) throws Exception {
        CaravanHome home = home(victim);
        long server = home.postgresPid();
        try {
            report(kill, home, way.apply(home));
            // it outlives whoever started it, and is stopped by its last user
            assertThat(home.postgresPid()).isEqualTo(server);
        } catch (Exception | AssertionError e) {
            String why = e.toString().strip().lines().findFirst().orElse("");
            Files.writeString(REPORT, "| " + kill.replaceFirst(" ", " | ") + " | did not hold: " + why.substring(0, Math.min(why.length(), 200))
                    + " | | |\n", StandardOpenOption.APPEND);
            throw e;
        }
    }

    private static void report(String what, CaravanHome home, KillRun run) throws Exception {
        StringBuilder stories = new StringBuilder("==== " + what + "\n");
        run.active().forEach(deal -> stories.append(home.story("daemon", deal)).append(home.story("miner", deal)));
        Files.writeString(STORIES, stories.append(home.output()), StandardOpenOption.APPEND, StandardOpenOption.CREATE);
        PROOFS.computeIfAbsent(home, KillProof::new).everythingHappenedOnce(run);
        String busy = what.contains(" during") ? " (%d at work)".formatted(run.atWork()) : "";
        Files.writeString(REPORT, "| " + what.replaceFirst(" ", " | ") + busy + " | " + run.times() + " |\n", StandardOpenOption.APPEND);
    }
}
