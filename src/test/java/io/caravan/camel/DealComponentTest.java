package io.caravan.camel;

import static io.caravan.support.DealBuilder.aDeal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.model.Deal;
import io.caravan.model.DealEvent;
import io.caravan.model.DealMove;
import io.caravan.model.DealState;
import io.caravan.model.FatalException;
import io.caravan.model.RejectedException;
import io.caravan.model.RetryableException;
import io.caravan.model.Role;
import io.caravan.model.WaitsOn;
import io.caravan.store.Backoff;
import io.caravan.store.Deadlines;
import io.caravan.store.PostgresDealStore;
import io.caravan.support.TestPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DealComponentTest {

    private static final Duration BOUND = Duration.ofSeconds(10);

    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    /** A phase whose work is given by the test; public because Camel calls it by name. */
    public static final class Phase {
        private final UnaryOperator<Deal> work;

        Phase(UnaryOperator<Deal> work) {
            this.work = work;
        }

        public Deal run(Deal deal) {
            return work.apply(deal);
        }
    }

    private final Clock clock = Clock.tickMillis(ZoneOffset.UTC);
    private final DefaultCamelContext context = new DefaultCamelContext();
    private PostgresDealStore store;

    @BeforeEach
    void open() throws Exception {
        POSTGRES.database().sql().write("test/empty", Map.of());
        store = new PostgresDealStore(POSTGRES.database().sql(), clock, "node", Deadlines.usual(),
                new Backoff(Duration.ofMillis(20), Duration.ofMillis(50), new Random(1)));
        context.disableJMX();
        context.addComponent("deal", new DealComponent(store, clock, Role.PROVIDER));
        load(context, Files.readString(Path.of("routes/errors.camel.yaml"))); // a configuration reaches routes loaded after it
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    private void route(String state, String options, String steps) throws Exception {
        load(context, yaml(state, options, steps));
    }

    private static String yaml(String state, String options, String steps) {
        return "- route:\n    id: " + state
                + "\n    routeConfigurationId: provider-errors\n    from:\n      uri: deal:" + state
                + "\n      parameters:\n        role: provider\n        delay: 50ms\n" + options.indent(8)
                + "      steps:\n" + steps.indent(8);
    }

    private static void load(DefaultCamelContext context, String yaml) throws Exception {
        PluginHelper.getRoutesLoader(context).loadRoutes(ResourceHelper.fromString("test.yaml", yaml));
    }

    private void start() throws Exception {
        context.start();
    }

    private void phase(String name, UnaryOperator<Deal> work) {
        context.getRegistry().bind(name, new Phase(work));
    }

    private static String bean(String name) {
        return "- to:\n    uri: bean:" + name + "?method=run\n";
    }

    private static String fire(String events) {
        return "- to:\n    uri: deal:fire/" + events + "\n";
    }

    private Deal awaited(Deal deal, Predicate<Deal> until) {
        return store.await(deal.proposalCid(), Role.PROVIDER, until, BOUND)
                .orElseThrow(() -> new AssertionError("still " + store.find(deal.proposalCid(), Role.PROVIDER)));
    }

    private Deal awaited(Deal deal, DealState state) {
        return awaited(deal, now -> now.state() == state);
    }

    @Test
    void movesADealThroughItsPhasesWithoutIdleTime() throws Exception {
        phase("check", deal -> deal.withMessage("checked"));
        phase("decide", deal -> deal);
        route("StorageDealValidating", "", bean("check") + fire("DealDeciding"));
        route("StorageDealAcceptWait", "", bean("decide") + fire("DataRequested"));
        route("StorageDealReserveProviderFunds", "", fire("FundsReserved,Funded"));
        start();
        Deal warm = store.insert(aDeal("warm").build(), DealEvent.OPEN).deal();
        awaited(warm, DealState.WAITING_FOR_DATA);
        long begin = System.nanoTime(); // by looks alone the two moves would take two seconds
        Deal deal = store.insert(aDeal("a").build(), DealEvent.OPEN).deal();
        assertThat(awaited(deal, DealState.WAITING_FOR_DATA).message()).isEqualTo("checked");
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofMillis(1900));
        store.signal(deal.proposalCid(), Role.PROVIDER, d -> d, DealEvent.VERIFIED_DATA);
        awaited(deal, DealState.PUBLISH);
        assertThat(store.events(deal.proposalCid(), Role.PROVIDER)).extracting(DealMove::event).containsExactly(
                DealEvent.OPEN, DealEvent.DEAL_DECIDING, DealEvent.DATA_REQUESTED, DealEvent.VERIFIED_DATA,
                DealEvent.FUNDS_RESERVED, DealEvent.FUNDED);
    }

    @Test
    void rejectsWithTheReasonForThePeerAndKeepsTheDetail() throws Exception {
        phase("check", deal -> {
            throw new RejectedException("price too low", "offered 1, ask 2");
        });
        route("StorageDealValidating", "", bean("check") + fire("DealDeciding"));
        start();
        Deal deal = store.insert(aDeal("a").in(DealState.VALIDATING).build()).deal();
        assertThat(awaited(deal, DealState.REJECTING).message()).isEqualTo("price too low");
        DealMove move = store.events(deal.proposalCid(), Role.PROVIDER).get(0);
        assertThat(move.event()).isEqualTo(DealEvent.DEAL_REJECTED);
        assertThat(move.note()).isEqualTo("offered 1, ask 2");
    }

    @Test
    void failsADealByItsStatesOwnEvent() throws Exception {
        phase("verify", deal -> {
            throw new FatalException("commP differs");
        });
        phase("verified", deal -> deal.withMessage("lost with the exception"));
        route("StorageDealVerifyData", "", bean("verified") + bean("verify") + fire("VerifiedData"));
        start();
        Deal deal = store.insert(aDeal("a").in(DealState.VERIFY_DATA).build()).deal();
        assertThat(awaited(deal, DealState.FAILING).message()).isEqualTo("commP differs");
        assertThat(store.events(deal.proposalCid(), Role.PROVIDER).get(0).event())
                .isEqualTo(DealEvent.DATA_VERIFICATION_FAILED);
    }

    @Test
    void triesAgainWhatTheWorldDidNotAllow() throws Exception {
        var tries = new AtomicInteger();
        phase("publish", deal -> {
            if (tries.incrementAndGet() < 5) {
                throw new RetryableException("node away");
            }
            return deal;
        });
        route("StorageDealPublish", "", bean("publish") + fire("DealPublishInitiated"));
        start();
        Deal deal = store.insert(aDeal("a").in(DealState.PUBLISH).build()).deal();
        awaited(deal, DealState.PUBLISHING);
        assertThat(tries).hasValue(5);
    }

    @Test
    void parksADealWhosePhaseHasABug() throws Exception {
        phase("publish", deal -> {
            throw new NullPointerException("a bug");
        });
        route("StorageDealPublish", "", bean("publish") + fire("DealPublishInitiated"));
        start();
        Deal deal = store.insert(aDeal("a").in(DealState.PUBLISH).build().withDeadline(clock.instant())).deal();
        Deal parked = awaited(deal, now -> now.turn().parked());
        assertThat(parked.state()).isEqualTo(DealState.PUBLISH); // though its deadline has passed
        assertThat(parked.turn().bugs()).isEqualTo(3);
    }

    @Test
    void keepsLookingUntilThereIsSomethingToFire() throws Exception {
        var looks = new AtomicInteger();
        phase("look", deal -> looks.incrementAndGet() < 4 ? deal.waitingFor(WaitsOn.PEER, "look " + looks.get(), clock.instant())
                : deal.withDealId(7));
        route("StorageDealPublishing", "", bean("look") + """
                - filter:
                    expression:
                      simple:
                        expression: ${body.dealId} != null
                    steps:
                      - to:
                          uri: deal:fire/DealPublished
                """);
        start();
        Deal deal = store.insert(aDeal("a").in(DealState.PUBLISHING).build()).deal();
        awaited(deal, now -> "look 2".equals(now.waiting().what()) || now.state() == DealState.STAGED);
        assertThat(awaited(deal, DealState.STAGED).dealId()).isEqualTo(7);
        assertThat(looks).hasValue(4);
    }

    @Test
    void givesUpAtTheDeadlineAfterALastLook() throws Exception {
        var looks = new AtomicInteger();
        phase("look", deal -> {
            looks.incrementAndGet();
            return deal.waitingFor(WaitsOn.PEER, "the client's push", clock.instant());
        });
        route("StorageDealWaitingForData", "", bean("look"));
        start();
        Deal deal = store.insert(aDeal("a").in(DealState.WAITING_FOR_DATA).build()
                .withDeadline(clock.instant().plusMillis(1500))).deal();
        Deal failing = awaited(deal, DealState.FAILING);
        assertThat(failing.message()).contains("waited ").contains("for the client's push, in vain");
        assertThat(looks.get()).isGreaterThan(1);
    }

    @Test
    void doesNotLetOneLongPhaseHoldUpTheOthers() throws Exception {
        var release = new CountDownLatch(1);
        Deal slow = aDeal("slow").in(DealState.VERIFY_DATA).build();
        phase("verify", deal -> {
            if (deal.proposalCid().equals(slow.proposalCid())) {
                await(release);
            }
            return deal;
        });
        route("StorageDealVerifyData", "lease: 300ms\n", bean("verify") + fire("VerifiedData"));
        start();
        store.insert(slow);
        Deal quick = store.insert(aDeal("quick").in(DealState.VERIFY_DATA).build()).deal();
        awaited(quick, DealState.RESERVE_PROVIDER_FUNDS);
        // the slow one is renewed beyond its lease, so nobody else gets it
        PostgresDealStore other = POSTGRES.deals(clock, "other");
        assertThat(other.await(slow.proposalCid(), Role.PROVIDER, now -> !other.claim(Role.PROVIDER,
                DealState.VERIFY_DATA, 1, Duration.ofMinutes(1)).isEmpty(), Duration.ofMillis(900))).isEmpty();
        release.countDown();
        awaited(slow, DealState.RESERVE_PROVIDER_FUNDS);
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(10, TimeUnit.SECONDS)) {
                throw new AssertionError("nobody let the phase go on");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void findsWhatAnotherNodeMovedIn() throws Exception {
        phase("publish", deal -> deal);
        route("StorageDealPublish", "", bean("publish") + fire("DealPublishInitiated"));
        start();
        Deal deal = POSTGRES.deals(clock, "other").insert(aDeal("a").in(DealState.PUBLISH).build()).deal();
        awaited(deal, DealState.PUBLISHING);
    }

    @Test
    void givesUpNothingWhenItWasOvertaken() throws Exception {
        phase("verify", deal -> {
            store.signal(deal.proposalCid(), Role.PROVIDER, d -> d, DealEvent.NODE_ERRORED);
            return deal;
        });
        route("StorageDealVerifyData", "", bean("verify") + fire("VerifiedData"));
        start();
        Deal deal = store.insert(aDeal("a").in(DealState.VERIFY_DATA).build()).deal();
        awaited(deal, DealState.FAILING);
        assertThat(store.events(deal.proposalCid(), Role.PROVIDER)).hasSize(1);
    }

    @Test
    void refusesRoutesThatCannotBeRight() throws Exception {
        refused("StorageDealVerifyingData", fire("VerifiedData"), "StorageDealVerifyingData");
        refused("StorageDealVerifyData", fire("VerifyData"), "VerifyData");
        refused("StorageDealVerifyData", fire("DealPublished"), "does not react to there");
        refused("StorageDealVerifyData",
                "- filter:\n    expression:\n      simple:\n        expression: ${body.dealId} != null\n"
                + "    steps:\n      - to:\n          uri: deal:fire/DealPublished\n", "does not react to there");
        refused("StorageDealVerifyData", fire("DealPublished,DealPublished"), "no state of the provider reacts");
        refused("StorageDealVerifyData", "- to:\n    uri: deal:StorageDealStaged\n", "names no event");
        refused("StorageDealExpired", fire("Finalized"), "no route can serve it");
        refused("StorageDealReserveClientFunds", fire("FundsReserved"), "no route can serve it");
    }

    /** By the build of the route: a context that never starts refuses it already. */
    private void refused(String state, String steps, String why) throws Exception {
        try (var scratch = new DefaultCamelContext()) {
            scratch.disableJMX();
            scratch.addComponent("deal", new DealComponent(store, clock, Role.PROVIDER));
            scratch.start();
            assertThatThrownBy(() -> load(scratch, yaml(state, "", steps).replace("id: " + state, "id: " + state
                    + "\n    autoStartup: false"))).hasStackTraceContaining(why);
        }
    }
}
