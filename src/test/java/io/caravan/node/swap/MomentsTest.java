package io.caravan.node.swap;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.store.QuartzDatabase;
import io.caravan.store.RouteBook;
import io.caravan.store.RouteBook.Swap;
import io.caravan.store.RouteBook.Verdict;
import io.caravan.support.Await;
import io.caravan.support.TestPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.camel.component.quartz.QuartzComponent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.quartz.SchedulerException;
import org.quartz.TriggerKey;

/** What becomes of a clock that nodes share when a route goes for which it rings. */
class MomentsTest {

    private static final Duration BOUND = Duration.ofSeconds(20);
    private static final String FILE = "miner/5-own.camel.yaml";
    private static final TriggerKey KEY = TriggerKey.triggerKey("tick-own", "sealing");
    private static final String ROUTE = """
            - route:
                id: tick-own
                description: Ring.
                group: miner-own
                routeConfigurationId: rpc-errors
                from:
                  uri: quartz:sealing/tick-own
                  parameters:
                    cron: "* * * * * ?"
                  steps:
                    - to:
                        uri: bean:proposalRules?method=ring
            """;

    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    @TempDir
    private Path root;
    private Stage stage;

    @BeforeEach
    void open() throws SchedulerException {
        POSTGRES.database().sql().write("test/empty", Map.of());
        stage = started(Stage.folder(root, Stage.phase("one")));
        stage.write(FILE, ROUTE);
        Await.until("the clock rings for it", BOUND, () -> newest().verdict() == Verdict.TAKEN && rings());
    }

    @AfterEach
    void close() throws SchedulerException {
        clock().getScheduler().unscheduleJob(KEY);
        stage.close();
    }

    private static Stage started(Path root) {
        Stage stage = new Stage(POSTGRES, root);
        QuartzComponent quartz = new QuartzComponent();
        quartz.setProperties(QuartzDatabase.properties(POSTGRES.database().dataSource(), "node"));
        stage.context.getRegistry().bind("quartz", quartz);
        return stage.start();
    }

    private QuartzComponent clock() {
        return stage.context.getComponent("quartz", QuartzComponent.class);
    }

    private boolean rings() {
        try {
            return clock().getScheduler().checkExists(KEY);
        } catch (SchedulerException e) {
            throw new IllegalStateException(e);
        }
    }

    private Swap newest() {
        return stage.book.swaps(FILE, null, 1).stream().findFirst()
                .orElseGet(() -> new Swap(0, stage.clock.instant(), "", FILE, null, null, Verdict.UNDERWAY, null, ""));
    }

    private Swap dropped() throws Exception {
        long before = newest().id();
        Files.delete(root.resolve(FILE));
        Await.until("it is gone", BOUND, () -> newest().id() > before && newest().verdict() == Verdict.TAKEN);
        return newest();
    }

    @Test
    void theClockIsSharedAndRingsNoMoreForARouteThatIsGone() throws Exception {
        assertThat(clock().getScheduler().getMetaData().isJobStoreClustered()).isTrue();
        assertThat(dropped().reason()).isEqualTo("the clock rings for tick-own no more");
        assertThat(rings()).isFalse();
        CountDownLatch rung = new CountDownLatch(2);
        stage.rules.bell = rung::countDown;
        stage.write(FILE, ROUTE);
        Await.until("it rings for the route that is back", BOUND, () -> rung.getCount() == 0);
    }

    @Test
    void itGoesOnRingingWhereAnotherNodeHasTheRoute() throws Exception {
        RouteBook other = new RouteBook(POSTGRES.database().sql(), "node-b", stage.clock);
        RouteFile file = new RouteFile(FILE, ROUTE);
        other.found(FILE, file.hash(), file.text());
        assertThat(dropped().reason()).isEqualTo("the clock goes on ringing for tick-own, which runs at node-b too");
        assertThat(rings()).isTrue();
    }

    @Test
    void aFileThatWentWhileTheNodeWasDownIsRungForNoMoreEither() throws Exception {
        stage.close();
        Files.delete(root.resolve(FILE));
        stage = started(root);
        assertThat(newest().reason()).isEqualTo("the clock rings for tick-own no more");
        assertThat(rings()).isFalse();
    }

    @Test
    void aRouteThatMovesToAnotherFileIsRungFor() throws Exception {
        stage.write("miner/6-own.camel.yaml", ROUTE);
        dropped();
        Await.until("it runs by the other file", BOUND, () -> stage.routes.deployer().deployed().containsKey("miner/6-own.camel.yaml"));
        CountDownLatch rung = new CountDownLatch(2);
        stage.rules.bell = rung::countDown;
        Await.until("it is rung for", BOUND, () -> rung.getCount() == 0);
    }
}
