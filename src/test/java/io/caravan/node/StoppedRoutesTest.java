package io.caravan.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.camel.DealComponent;
import io.caravan.model.ChainTime;
import io.caravan.model.Role;
import io.caravan.node.api.RouteStops.Stop;
import io.caravan.node.cli.RoleSettings;
import io.caravan.node.config.LiveSettings;
import io.caravan.node.net.Finding;
import io.caravan.node.observe.Checks;
import io.caravan.node.swap.RouteDesk;
import io.caravan.store.Backoff;
import io.caravan.store.Deadlines;
import io.caravan.store.PostgresDealStore;
import io.caravan.store.RouteBook;
import io.caravan.support.Await;
import io.caravan.support.TestPostgres;
import io.caravan.time.Timeline;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Random;
import org.apache.camel.ServiceStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What is said of deals whose phase nobody serves. */
class StoppedRoutesTest {

    private static final String STATE = "StorageDealVerifyData";
    private static final String FILE = "miner/4-verify.camel.yaml";

    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    @TempDir
    private Path root;
    private final Clock clock = Clock.tickMillis(ZoneOffset.UTC);
    private RoutesContext routes;
    private StoppedRoutes stops;

    /** What the phase calls. */
    public static final class Verifier {
        public Object verify(Object deal) {
            return deal;
        }
    }

    @BeforeEach
    void start() throws Exception {
        POSTGRES.database().sql().write("test/empty", Map.of());
        Path folder = root.resolve("routes");
        Files.createDirectories(folder.resolve("miner"));
        for (String name : new String[] {"errors.camel.yaml", FILE}) {
            Files.copy(Path.of("routes", name), folder.resolve(name));
        }
        Timeline timeline = Timeline.of(clock);
        var deals = new PostgresDealStore(POSTGRES.database().sql(), timeline, "node", Deadlines::usual,
                new Backoff(Duration.ofMillis(20), Duration.ofMillis(50), new Random(1)));
        routes = new RoutesContext("miner", Role.PROVIDER, new LiveSettings(RoleSettings.load(root, Map.of("caravan.routes.folder", folder.toString(), "caravan.routes.look", "100ms"))),
                new RouteBook(POSTGRES.database().sql(), "node", timeline.clock()), timeline);
        routes.bind(Map.of("deal", new DealComponent(deals, timeline, Role.PROVIDER, ChainTime.NONE), "pieceVerifier", new Verifier()));
        routes.start("miner");
        stops = new StoppedRoutes("miner");
    }

    @AfterEach
    void end() {
        routes.close();
    }

    private Stop stop() {
        return stops.of(STATE).orElseThrow();
    }

    @Test
    void sayWhatADealWaitsForByWhomItWasStoppedAndHowItGoesOn() throws Exception {
        assertThat(stops.of(STATE)).isEmpty(); // nothing is watched yet
        stops.watch(routes.camel(), routes.desk());
        assertThat(stops.of(STATE)).isEmpty();
        Instant before = clock.instant();
        routes.camel().getRouteController().stopRoute(STATE);
        assertThat(stop().waitsFor()).isEqualTo("the route StorageDealVerifyData, stopped on this node, to be started again");
        assertThat(stop().since()).isAfterOrEqualTo(before);
        assertThat(stop().who()).isNull();
        routes.camel().halts().asked(STATE, "kim");
        assertThat(stop().waitsFor()).isEqualTo("the route StorageDealVerifyData, stopped on this node by kim, to be started again");
        assertThat(stop().todo()).startsWith("start it: ./caravan routes start StorageDealVerifyData, or");
        assertThat(stop().who()).isEqualTo("kim");
        assertThat(routes.desk().start(STATE, "lou").state()).isEqualTo("Started");
        assertThat(stops.of(STATE)).isEmpty();
        routes.camel().getRouteController().stopRoute(STATE);
        assertThat(stop().who()).as("another stop, by nobody knows whom").isNull();
    }

    @Test
    void aSuspendedRouteIsNoBetterAndGoesOnByTheSameWord() throws Exception {
        stops.watch(routes.camel(), routes.desk());
        routes.camel().getRouteController().suspendRoute(STATE);
        routes.camel().halts().asked(STATE, "kim");
        assertThat(stop().waitsFor()).contains("stopped on this node by kim");
        assertThat(stop().since()).isNotNull();
        routes.desk().start(STATE, "kim");
        assertThat(stops.of(STATE)).isEmpty();
        assertThat(routes.camel().getRouteController().getRouteStatus(STATE)).isEqualTo(ServiceStatus.Started);
    }

    @Test
    void aStateWhoseFileIsGoneNeedsItsFileBack() throws Exception {
        stops.watch(routes.camel(), routes.desk());
        Files.delete(root.resolve("routes").resolve(FILE));
        Await.until("its route is gone", Duration.ofSeconds(20), () -> stops.of(STATE).isPresent());
        assertThat(stop().waitsFor()).isEqualTo("a route for StorageDealVerifyData: miner/4-verify.camel.yaml has none any more on this node");
        assertThat(stop().todo()).startsWith("put it back: ./caravan routes rollback miner/4-verify;");
        assertThat(stop().route()).isNull();
        routes.desk().rollback("miner/4-verify", null, "kim");
        assertThat(stops.of(STATE)).isEmpty();
    }

    @Test
    void statesWithoutARouteAndANodeThatGoesDownAreNotComplainedAbout() throws Exception {
        stops.watch(routes.camel(), routes.desk());
        assertThat(stops.of("StorageDealExpired")).isEmpty();
        assertThat(stops.of("PreCommitPhase1")).as("not for this node as it is set up").isEmpty();
        routes.camel().stop();
        assertThat(stops.of(STATE)).isEmpty();
    }

    @Test
    void healthSaysWhichRouteIsStoppedByWhomAndWhatToDo() throws Exception {
        RouteDesk desk = routes.desk();
        var check = Checks.routes(routes.camel(), routes.camel().halts());
        assertThat(check.look().get()).singleElement().extracting(Finding::level).isEqualTo(Finding.Level.OK);
        routes.camel().getRouteController().stopRoute(STATE);
        routes.camel().halts().asked(STATE, "kim");
        assertThat(check.look().get()).singleElement().satisfies(finding -> {
            assertThat(finding.sentence()).matches("stopped: StorageDealVerifyData \\(by kim, since [0-9TZ:.-]+\\); what is in its state waits");
            assertThat(finding.fix()).startsWith("start it: ./caravan routes start StorageDealVerifyData, or the page Routes");
        });
        assertThat(desk.list()).flatExtracting(RouteDesk.FileView::routes).filteredOn(route -> route.id().equals(STATE)).singleElement().satisfies(route -> {
            assertThat(route.state()).isEqualTo("Stopped");
            assertThat(route.stop().who()).isEqualTo("kim");
        });
    }
}
