package io.caravan.node.swap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.model.Deal;
import io.caravan.model.DealEvent;
import io.caravan.model.DealState;
import io.caravan.model.Role;
import io.caravan.node.net.Finding;
import io.caravan.store.Database;
import io.caravan.store.RouteBook.Swap;
import io.caravan.store.RouteBook.Verdict;
import io.caravan.support.Await;
import io.caravan.support.DealBuilder;
import io.caravan.support.TestPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.Route;
import org.apache.camel.ServiceStatus;
import org.apache.camel.support.LifecycleStrategySupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A file of routes changes while its node runs. */
class DeployerTest {

    private static final Duration BOUND = Duration.ofSeconds(20);
    private static final String VALIDATING = "StorageDealValidating";
    /** Passes every rule and does not start. */
    private static final String NO_PORT = """

            - route:
                id: p2p-taken
                description: A port that is no port.
                group: miner-hear
                routeConfigurationId: rpc-errors
                from:
                  uri: netty-http:http://256.256.256.256:1/x
                  steps:
                    - to:
                        uri: bean:proposalRules?method=check
            """;

    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    @TempDir
    private Path root;
    private Stage stage;
    private int deals;

    @BeforeEach
    void open() {
        POSTGRES.database().sql().write("test/empty", Map.of());
        stage = new Stage(POSTGRES, Stage.folder(root, Stage.phase("one"))).start();
    }

    @AfterEach
    void close() {
        stage.close();
    }

    private Swap newest() {
        return stage.book.swaps(Stage.FILE, null, 1).get(0);
    }

    private void awaitRuns(String version) {
        Await.until(() -> version + ", not " + stage.runs(VALIDATING) + " " + stage.routes.deployer().refusals(), BOUND,
                () -> stage.runs(VALIDATING).equals(version));
    }

    private Deal aDeal() {
        return stage.deals.insert(DealBuilder.aDeal("deal " + ++deals).as(Role.PROVIDER).in(DealState.UNKNOWN).build(), DealEvent.OPEN).deal();
    }

    private Deal awaited(Deal deal, DealState state) {
        return stage.deals.await(deal.proposalCid(), Role.PROVIDER, now -> now.state() == state, BOUND).orElseThrow();
    }

    @Test
    void aChangedFileRunsSoonAndTheChangeIsWrittenDown() {
        Instant before = stage.clock.instant();
        stage.write(Stage.FILE, Stage.phase("two"));
        awaitRuns("two");
        assertThat(Duration.between(before, stage.clock.instant())).isLessThan(Duration.ofSeconds(10));
        Swap swap = newest();
        assertThat(swap.verdict()).isEqualTo(Verdict.TAKEN);
        assertThat(swap.diff()).contains("-    description: one").contains("+    description: two");
        assertThat(swap.from()).isEqualTo(1);
        assertThat(swap.to()).isEqualTo(2);
        assertThat(swap.who()).endsWith("(the file)");
        awaited(aDeal(), DealState.ACCEPT_WAIT);
    }

    @Test
    void aDealInFlightEndsOnTheVersionItBeganWithAndHoldsTheNextOneUpForNothing() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        stage.rules.script.put("check", deal -> {
            begun.countDown();
            try {
                assertThat(mayEnd.await(20, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return deal;
        });
        Deal slow = aDeal();
        assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
        stage.write(Stage.FILE, Stage.phase("two"));
        awaitRuns("two");
        stage.rules.script.clear();
        awaited(aDeal(), DealState.ACCEPT_WAIT); // by the new version, while the old one is at work
        assertThat(stage.deals.find(slow.proposalCid(), Role.PROVIDER).orElseThrow().state()).isEqualTo(DealState.VALIDATING);
        mayEnd.countDown();
        awaited(slow, DealState.ACCEPT_WAIT);
        assertThat(stage.deals.events(slow.proposalCid(), Role.PROVIDER)).filteredOn(move -> move.event() == DealEvent.DEAL_DECIDING).hasSize(1);
        Await.until("the old version is gone", BOUND, () -> stage.context.sweep() == 0);
    }

    @Test
    void whatDoesNotStartIsRolledBackAndWhatRanRunsOn() {
        stage.write(Stage.FILE, Stage.phase("two") + NO_PORT);
        Await.until("it is judged", BOUND, () -> newest().verdict() == Verdict.ROLLED_BACK);
        assertThat(newest().reason()).startsWith("R16 not-started: " + Stage.FILE);
        assertThat(stage.runs(VALIDATING)).isEqualTo("one");
        assertThat(stage.context.getRoute("p2p-taken")).isNull();
        awaited(aDeal(), DealState.ACCEPT_WAIT);
        stage.write(Stage.FILE, Stage.phase("three"));
        awaitRuns("three");
        awaited(aDeal(), DealState.ACCEPT_WAIT);
    }

    @Test
    void aBrokenFileIsRefusedWithItsReasonAndChangesNothing() {
        stage.write(Stage.FILE, Stage.phase("two").replace("DealDeciding", "DealPublished"));
        Await.until("it is judged", BOUND, () -> newest().verdict() == Verdict.REFUSED);
        assertThat(newest().reason()).isEqualTo("R9 illegal-event: miner/3-accept.camel.yaml:14: StorageDealValidating does not react to DealPublished");
        assertThat(stage.runs(VALIDATING)).isEqualTo("one");
        assertThat(stage.routes.desk().findings()).anySatisfy(finding -> {
            assertThat(finding.sentence()).contains("R9 illegal-event");
            int runs = stage.routes.desk().list().stream().filter(file -> file.file().equals(Stage.FILE)).findFirst().orElseThrow().version();
            assertThat(finding.fix()).contains("routes rollback " + Stage.FILE + " " + runs);
        });
        awaited(aDeal(), DealState.ACCEPT_WAIT);
        stage.write(Stage.FILE, Stage.phase("one"));
        Await.until("the trouble is over", BOUND, () -> stage.routes.deployer().refusals().isEmpty());
    }

    @Test
    void aFileThatIsBeingWrittenIsNoChange() {
        for (int i = 0; i < 20; i++) {
            stage.write(Stage.FILE, "");
            stage.write(Stage.FILE, Stage.phase("one").substring(0, 40));
            stage.write(Stage.FILE, Stage.phase("one"));
        }
        stage.write(Stage.FILE, Stage.phase("two"));
        awaitRuns("two");
        assertThat(stage.book.swaps(Stage.FILE, null, 10)).filteredOn(swap -> swap.verdict() == Verdict.REFUSED).isEmpty();
    }

    @Test
    void filesComeAndGoAndNeedEachOther() throws Exception {
        stage.write("miner/9-own.camel.yaml", """
                - route:
                    id: StorageDealAcceptWait
                    description: Decide.
                    group: miner-own
                    routeConfigurationId: own-errors
                    from:
                      uri: deal:StorageDealAcceptWait
                      steps:
                        - to:
                            uri: direct:own
                        - to:
                            uri: deal:fire/DataRequested
                """);
        stage.write("miner/9-owned.camel.yaml", """
                - routeConfiguration:
                    id: own-errors
                    onException:
                      - onException:
                          exception:
                            - io.caravan.model.FatalException
                          handled:
                            constant:
                              expression: "true"
                          steps:
                            - to:
                                uri: deal:fail
                - route:
                    id: filter-own
                    description: Decide for others.
                    group: miner-own
                    from:
                      uri: direct:own
                      steps:
                        - to:
                            uri: bean:proposalRules?method=decide
                """);
        awaited(aDeal(), DealState.WAITING_FOR_DATA);
        Files.delete(root.resolve("miner/9-owned.camel.yaml"));
        Await.until("the drop is refused", BOUND, () -> stage.routes.deployer().refusals().stream()
                .anyMatch(one -> one.sentence().startsWith("R13 nobody-answers: miner/9-owned.camel.yaml")));
        awaited(aDeal(), DealState.WAITING_FOR_DATA);
        Files.delete(root.resolve("miner/9-own.camel.yaml"));
        Await.until("both are gone", BOUND, () -> stage.context.getRoute("filter-own") == null && stage.context.getRoute("StorageDealAcceptWait") == null);
        Swap swap = stage.book.swaps("miner/9-own.camel.yaml", null, 1).get(0);
        assertThat(swap.reason()).isEqualTo("no route serves StorageDealAcceptWait any more: deals stay there");
    }

    @Test
    void aChangedErrorConfigurationReachesTheRoutesThatNameIt() throws Exception {
        stage.write(RouteFile.ERRORS, Files.readString(root.resolve(RouteFile.ERRORS)) + "\n# looked at\n");
        Await.until("it is taken", BOUND, () -> stage.book.swaps(RouteFile.ERRORS, null, 1).stream().anyMatch(swap -> swap.verdict() == Verdict.TAKEN));
        assertThat(stage.book.swaps(RouteFile.ERRORS, null, 1).get(0).reason()).isEqualTo("built anew with it: " + Stage.FILE);
        awaited(aDeal(), DealState.ACCEPT_WAIT);
    }

    @Test
    void rollsBackInTheFileToo() throws Exception {
        stage.write(Stage.FILE, Stage.phase("two"));
        awaitRuns("two");
        assertThat(stage.routes.desk().rollback("miner/3-accept", null, "the operator")).isEqualTo(1);
        assertThat(stage.runs(VALIDATING)).isEqualTo("one");
        assertThat(root.resolve(Stage.FILE)).hasContent(Stage.phase("one"));
        assertThat(newest().who()).isEqualTo("the operator");
        assertThat(stage.routes.desk().rollback(Stage.FILE, 2, "the operator")).isEqualTo(2);
        assertThat(stage.routes.desk().list()).anySatisfy(file -> assertThat(file.version()).isEqualTo(2));
    }

    @Test
    void aFileBrokenAtTheStartRunsAsItRanLast() {
        stage.write(Stage.FILE, Stage.phase("two"));
        awaitRuns("two");
        Await.until("it is written down", BOUND, () -> newest().verdict() == Verdict.TAKEN && newest().to() == 2);
        stage.close();
        stage.write(Stage.FILE, "- route: [");
        stage.write(RouteFile.ERRORS, "no list");
        stage = new Stage(POSTGRES, root).start();
        assertThat(stage.runs(VALIDATING)).isEqualTo("two");
        assertThat(stage.routes.deployer().refusals()).extracting(Deployer.Refusal::sentence).anySatisfy(one ->
                assertThat(one).startsWith("R2 not-yaml: " + Stage.FILE + ":")).anySatisfy(one -> assertThat(one).startsWith("R3 not-a-route: errors"));
        awaited(aDeal(), DealState.ACCEPT_WAIT);
        stage.write(RouteFile.ERRORS, stage.routes.deployer().deployed().get(RouteFile.ERRORS).text().file().text());
        stage.write(Stage.FILE, Stage.phase("three"));
        awaitRuns("three");
    }

    @Test
    void aBrokenFileThatIsRemovedIsNoTroubleAnyMore() throws Exception {
        String other = "miner/4-broken.camel.yaml";
        stage.write(other, "- route: {id: broken");
        Await.until("it is refused", BOUND, () -> !stage.routes.desk().list().stream().allMatch(one -> one.trouble() == null));
        Files.delete(root.resolve(other));
        Await.until("nobody speaks of it", BOUND, () -> stage.routes.desk().list().stream().allMatch(one -> one.trouble() == null));
        assertThat(stage.routes.desk().list()).noneMatch(one -> one.file().equals(other));
    }

    @Test
    void aFolderThatIsAwayOrAFileThatCannotBeReadStopsNoRoute() throws Exception {
        Files.createDirectories(root.resolve("sealing"));
        RouteFolder folder = new RouteFolder(root, List.of("miner", "sealing"), file -> false);
        RouteWatch watch = new RouteWatch(stage.routes.deployer(), folder, () -> false);
        stage.routes.stopWatching();
        Files.move(root.resolve("miner"), root.resolve("away"));
        for (int look = 0; look < 10; look++) {
            watch.look();
        }
        assertThat(stage.runs(VALIDATING)).isEqualTo("one");
        Files.move(root.resolve("away"), root.resolve("miner"));
        Files.delete(root.resolve(Stage.FILE));
        Files.createSymbolicLink(root.resolve(Stage.FILE), Path.of("/proc/self/mem")); // is there and cannot be read
        for (int look = 0; look < 10; look++) {
            watch.look();
        }
        assertThat(stage.runs(VALIDATING)).isEqualTo("one");
        Files.delete(root.resolve(Stage.FILE));
        stage.write(Stage.FILE, Stage.phase("two"));
        for (int look = 0; look < 10; look++) {
            watch.look();
        }
        assertThat(stage.runs(VALIDATING)).isEqualTo("two");
    }

    @Test
    void aDatabaseThatGoesAwayInTheMiddleOfASwapLeavesNoDoubtAboutWhatRuns() throws Exception {
        stage.close();
        Database dying = Database.open(POSTGRES.address(), "dying");
        stage = new Stage(POSTGRES, root, dying.sql()).start();
        stage.routes.stopWatching();
        stage.context.addLifecycleStrategy(new LifecycleStrategySupport() {
            @Override
            public void onRoutesAdd(Collection<Route> routes) {
                dying.close();
            }
        });
        assertThatThrownBy(() -> stage.routes.deployer().take(new RouteFile(Stage.FILE, Stage.phase("two")), "the test", true))
                .isNotInstanceOf(RouteRefusedException.class);
        assertThat(stage.runs(VALIDATING)).isEqualTo("two");
        assertThat(stage.routes.desk().running(Stage.FILE)).isEqualTo(Stage.phase("two"));
    }

    @Test
    void aRouteThatSomebodyStoppedStaysStoppedWhenItsFileChanges() throws Exception {
        stage.context.getRouteController().stopRoute(VALIDATING);
        stage.context.halts().asked(VALIDATING, "kim");
        stage.write(Stage.FILE, Stage.phase("two"));
        awaitRuns("two");
        Await.until("it is written down", BOUND, () -> newest().verdict() == Verdict.TAKEN);
        assertThat(newest().reason()).isEqualTo("StorageDealValidating stays stopped, as it was");
        Deal deal = aDeal();
        stage.write(Stage.FILE, Stage.phase("three").replace("route:", "route:\n    autoStartup: true"));
        awaitRuns("three");
        assertThat(stage.context.getRouteController().getRouteStatus(VALIDATING)).isEqualTo(ServiceStatus.Stopped);
        assertThat(stage.context.halts().of(VALIDATING)).hasValueSatisfying(halt -> assertThat(halt.who()).isEqualTo("kim"));
        stage.write(Stage.FILE, Stage.phase("four") + NO_PORT);
        Await.until("it is judged", BOUND, () -> newest().verdict() == Verdict.ROLLED_BACK);
        assertThat(stage.runs(VALIDATING)).isEqualTo("three");
        assertThat(stage.context.halts().isBySomebody(VALIDATING)).isTrue();
        assertThat(stage.deals.find(deal.proposalCid(), Role.PROVIDER).orElseThrow().state()).isEqualTo(DealState.VALIDATING);
        assertThat(stage.routes.desk().list()).flatExtracting(RouteDesk.FileView::routes).filteredOn(route -> route.id().equals(VALIDATING))
                .singleElement().extracting(RouteDesk.RouteView::state).isEqualTo("Stopped");
        stage.routes.desk().start(VALIDATING, "lou");
        awaited(deal, DealState.ACCEPT_WAIT);
        stage.write(Stage.FILE, Stage.phase("five"));
        awaitRuns("five");
        awaited(aDeal(), DealState.ACCEPT_WAIT);
    }

    @Test
    void whatDoesNotEvenStartAsItWasServesOnIsTriedAgainAndTold() {
        AtomicBoolean isBroken = new AtomicBoolean();
        stage.context.addLifecycleStrategy(new LifecycleStrategySupport() {
            @Override
            public void onRoutesAdd(Collection<Route> routes) {
                if (isBroken.get()) {
                    throw new IllegalStateException("no route can be added now");
                }
            }
        });
        isBroken.set(true);
        stage.write(Stage.FILE, Stage.phase("two"));
        Await.until("it is judged", BOUND, () -> newest().verdict() == Verdict.ROLLED_BACK);
        assertThat(newest().reason()).contains("no route can be added now; the version before did not start again either");
        awaited(aDeal(), DealState.ACCEPT_WAIT); // by what ran before
        awaited(aDeal(), DealState.ACCEPT_WAIT);
        assertThat(stage.routes.desk().findings()).anySatisfy(finding -> {
            assertThat(finding.level()).isEqualTo(Finding.Level.FAIL);
            assertThat(finding.sentence()).startsWith(Stage.FILE + ": neither a new text nor the one before it starts");
        });
        assertThat(stage.routes.desk().list()).flatExtracting(RouteDesk.FileView::routes).filteredOn(route -> route.id().equals(VALIDATING))
                .singleElement().extracting(RouteDesk.RouteView::state).isEqualTo("Astray");
        isBroken.set(false);
        awaitRuns("one");
        awaited(aDeal(), DealState.ACCEPT_WAIT);
        assertThat(stage.routes.desk().findings()).singleElement().satisfies(finding -> {
            assertThat(finding.level()).isEqualTo(Finding.Level.WARN);
            assertThat(finding.sentence()).contains("it did not start").doesNotContain("did not start again");
        });
        Await.until("nothing of it is left", BOUND, () -> stage.context.sweep() == 0);
        stage.write(Stage.FILE, Stage.phase("three"));
        awaitRuns("three");
        awaited(aDeal(), DealState.ACCEPT_WAIT);
    }

    @Test
    void oneHundredSwapsLeaveNothingBehind() {
        for (int i = 0; i < 100; i++) {
            stage.routes.deployer().take(new RouteFile(Stage.FILE, Stage.phase("v" + i).replace("delay:", "batch: " + (i + 1) + "\n        delay:")), "the test", true);
        }
        Await.until("all are gone", BOUND, () -> stage.context.sweep() == 0);
        assertThat(stage.context.getEndpoints().stream().filter(one -> one.getEndpointUri().contains("Validating"))).hasSize(1);
        assertThat(stage.context.getRoutes()).hasSize(1);
        assertThat(stage.book.versions(Stage.FILE)).hasSizeLessThanOrEqualTo(51);
        assertThat(List.copyOf(stage.context.getRouteDefinitions())).hasSize(1);
    }
}
