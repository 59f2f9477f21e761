package io.caravan.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.model.FatalException;
import io.caravan.model.FilAddress;
import io.caravan.model.RetryableException;
import io.caravan.model.Sector;
import io.caravan.model.SectorEvent;
import io.caravan.model.SectorMove;
import io.caravan.model.SectorNumber;
import io.caravan.model.SectorStage;
import io.caravan.model.SectorState;
import io.caravan.model.WaitsOn;
import io.caravan.store.Backoff;
import io.caravan.store.Deadlines;
import io.caravan.store.PostgresSectorStore;
import io.caravan.store.QuartzDatabase;
import io.caravan.store.SectorStore;
import io.caravan.support.Await;
import io.caravan.support.SettableClock;
import io.caravan.support.TestPostgres;
import io.caravan.time.Timeline;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.apache.camel.component.quartz.QuartzComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.quartz.impl.SchedulerRepository;

class SectorComponentTest {

    private static final String CLAIM = """
            - route:
                id: PreCommitPhase1
                routeConfigurationId: sector-errors
                from:
                  uri: direct:run
                  steps:
                    - to:
                        uri: sector:claim/PreCommitPhase1
                    - filter:
                        expression:
                          simple:
                            expression: ${body} != null
                        steps:
                          - to:
                              uri: bean:step?method=run
                          - to:
                              uri: sector:fire/TicketTaken,PreCommit1Done
            """;

    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    /** A step whose work is given by the test; public because Camel calls it by name. */
    public static final class Step {
        private final UnaryOperator<Sector> work;

        Step(UnaryOperator<Sector> work) {
            this.work = work;
        }

        public Sector run(Sector sector) {
            return work.apply(sector);
        }
    }

    private final Clock clock = Clock.tickMillis(ZoneOffset.UTC);
    private final DefaultCamelContext context = new DefaultCamelContext();
    private PostgresSectorStore store;

    @BeforeEach
    void open() throws Exception {
        POSTGRES.database().sql().write("test/empty", Map.of());
        store = new PostgresSectorStore(POSTGRES.database().sql(), clock, "node", Deadlines.usual(),
                new Backoff(Duration.ofMillis(20), Duration.ofMillis(50), new Random(1)));
        context.disableJMX();
        context.addComponent("sector", new SectorComponent(store, clock));
        load(Files.readString(Path.of("routes/errors.camel.yaml")));
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    private void load(String yaml) throws Exception {
        PluginHelper.getRoutesLoader(context).loadRoutes(ResourceHelper.fromString("test.yaml", yaml));
    }

    private void step(UnaryOperator<Sector> work) {
        context.getRegistry().bind("step", new Step(work));
    }

    private Sector opened() {
        return store.open(FilAddress.ofId(1000), 8, null);
    }

    private Sector now(Sector sector) {
        return store.find(sector.number()).orElseThrow();
    }

    private Object run() {
        return context.createProducerTemplate().requestBody("direct:run", (Object) null);
    }

    @Test
    void claimsOneSectorOrNone() throws Exception {
        step(sector -> sector);
        load(CLAIM);
        context.start();
        assertThat(run()).isNull();
        Sector sector = opened();
        run();
        assertThat(now(sector).state()).isEqualTo(SectorState.PRE_COMMIT_PHASE_2);
        assertThat(store.events(sector.number())).extracting(SectorMove::event).containsExactly(SectorEvent.OPEN,
                SectorEvent.TICKET_TAKEN, SectorEvent.PRE_COMMIT_1_DONE);
    }

    /** A gate that the test opens and shuts. */
    private static final class Gate implements StepGate {
        private final AtomicReference<String> shut = new AtomicReference<>();
        private final AtomicInteger inside = new AtomicInteger();
        private final AtomicInteger forgotten = new AtomicInteger();
        private final AtomicReference<SectorNumber> holder = new AtomicReference<>();

        @Override
        public Answer enter(SectorState state, Runnable again) {
            if (shut.get() != null) {
                return new Answer(null, shut.get());
            }
            inside.incrementAndGet();
            return new Answer(new Pass() {
                private final AtomicBoolean isOpen = new AtomicBoolean(true);

                @Override
                public void of(SectorNumber sector) {
                    holder.set(sector);
                }

                @Override
                public void close() {
                    if (isOpen.getAndSet(false)) {
                        inside.decrementAndGet();
                    }
                }
            }, null);
        }

        @Override
        public void forget(SectorState state) {
            forgotten.incrementAndGet();
        }
    }

    @Test
    void aSectorWaitsForWhatItsStepTakesWithoutATryAndSaysForWhat() throws Exception {
        var gate = new Gate();
        context.getComponent("sector", SectorComponent.class).gatedBy(gate);
        var during = new AtomicInteger();
        step(sector -> {
            during.set(gate.inside.get());
            assertThat(now(sector).waiting().what()).isNull();
            return sector;
        });
        load(CLAIM);
        context.start();
        Sector sector = computing();
        gate.shut.set("1 of 2 cpu; sector 12 has 1");
        run();
        Sector waiting = now(sector);
        assertThat(waiting.waiting().on()).isEqualTo(WaitsOn.NODE);
        assertThat(waiting.waiting().what()).isEqualTo("1 of 2 cpu; sector 12 has 1");
        assertThat(waiting.turn().attempt()).isZero();
        assertThat(waiting.turn().lease()).isNull();
        assertThat(waiting.turn().runAfter()).isEqualTo(sector.turn().runAfter()); // another node may take it at once
        gate.shut.set(null);
        run();
        assertThat(now(sector).state()).isEqualTo(SectorState.PRE_COMMIT_PHASE_2);
        assertThat(during).hasValue(1);
        assertThat(gate.holder.get()).isEqualTo(sector.number());
        assertThat(gate.inside).hasValue(0);
    }

    @Test
    void aShutGateKeepsOnlyThoseOutWhoWouldCompute() throws Exception {
        var gate = new Gate();
        context.getComponent("sector", SectorComponent.class).gatedBy(gate);
        step(sector -> sector);
        load(CLAIM);
        context.start();
        gate.shut.set("2 of 2 cpu");
        run();
        assertThat(gate.forgotten).hasValue(1); // nobody waits
        Sector sent = opened();
        store.signal(sent.number(), one -> one.withStage(SectorStage.LANDING));
        run();
        assertThat(now(sent).state()).isEqualTo(SectorState.PRE_COMMIT_PHASE_2);
    }

    @Test
    void givesBackWhatAStepTookThatFailed() throws Exception {
        var gate = new Gate();
        context.getComponent("sector", SectorComponent.class).gatedBy(gate);
        step(sector -> {
            throw new RetryableException("no");
        });
        load(CLAIM);
        context.start();
        computing();
        run();
        assertThat(gate.inside).hasValue(0);
        run();
        assertThat(gate.inside).hasValue(0); // and when nobody was there
    }

    private Sector computing() {
        return store.signal(opened().number(), one -> one.withStage(SectorStage.COMPUTING)).orElseThrow();
    }

    @Test
    void givesASectorBackThatDidNotMove() throws Exception {
        step(sector -> sector.waitingFor(WaitsOn.PEER, "a piece", clock.instant()));
        load(CLAIM.replace("uri: sector:fire/TicketTaken,PreCommit1Done", "uri: sector:fire/PieceAdded"));
        context.start();
        Sector sector = opened();
        run();
        assertThat(now(sector).turn().lease()).isNull();
        assertThat(now(sector).waiting().what()).isEqualTo("a piece");
        assertThat(now(sector).turn().runAfter()).isAfter(sector.turn().runAfter());
    }

    @Test
    void triesAgainOrGivesUpAsTheFailureSays() throws Exception {
        var failure = new AtomicReference<RuntimeException>(new RetryableException("no space"));
        step(sector -> {
            throw failure.get();
        });
        load(CLAIM);
        context.start();
        Sector sector = opened();
        run(); // no failure to whoever runs the route: Quartz would log it with its stack
        assertThat(now(sector).turn().attempt()).isEqualTo(1);
        assertThat(now(sector).waiting().lastError()).isEqualTo("no space");
        failure.set(new FatalException("the disk is gone"));
        store.resume(sector.number());
        run();
        assertThat(now(sector).state()).isEqualTo(SectorState.UNKNOWN);
        assertThat(store.events(sector.number()).get(1).note()).isEqualTo("the disk is gone");
    }

    @Test
    void triesAgainSoonWhenAStepFailsAfterItNotedProgress() throws Exception {
        step(sector -> {
            store.advance(sector.withMessage("half way"), SectorEvent.TICKET_TAKEN);
            throw new RetryableException("the chain is away");
        });
        load(CLAIM);
        context.start();
        Sector sector = opened();
        run();
        assertThat(now(sector).message()).isEqualTo("half way");
        assertThat(now(sector).turn().lease()).isNull();
        assertThat(now(sector).turn().attempt()).isEqualTo(1);
    }

    @Test
    void feedsARouteDirectlyToo() throws Exception {
        step(sector -> sector);
        load(CLAIM.replace("uri: direct:run", "uri: sector:PreCommitPhase1?stage=staging&delay=20ms")
                .replace("- to:\n            uri: sector:claim/PreCommitPhase1\n",
                        "- to:\n            uri: log:claimed?level=TRACE\n"));
        context.start();
        var moved = new CountDownLatch(1);
        store.onMove(move -> {
            if (move.to() == SectorState.PRE_COMMIT_PHASE_2) {
                moved.countDown();
            }
        });
        opened();
        assertThat(moved.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void isDrivenByQuartzWhoseJobsAreInTheDatabase() throws Exception {
        step(sector -> sector.withStage(SectorStage.COMPUTING));
        var quartz = new QuartzComponent();
        quartz.setProperties(QuartzDatabase.properties(POSTGRES.database().dataSource(), "test"));
        context.addComponent("quartz", quartz);
        load(CLAIM.replace("uri: direct:run", "uri: quartz:sealing/PreCommitPhase1?cron=*+*+*+*+*+?&stateful=true"));
        context.start();
        var moved = new CountDownLatch(1);
        store.onMove(move -> {
            if (move.to() == SectorState.PRE_COMMIT_PHASE_2) {
                moved.countDown();
            }
        });
        opened();
        assertThat(moved.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(POSTGRES.database().sql().list("test/triggers", Map.of(), (row, n) -> row.getString(1)))
                .anySatisfy(trigger -> assertThat(trigger).startsWith("caravan-").endsWith(" sealing/PreCommitPhase1"));
    }

    @Test
    void saysOnceAMinuteThatStepsArePutOff() {
        var time = SettableClock.at(Instant.parse("2026-01-01T12:00:00Z"));
        var log = new CalmLog(time);
        var away = new RetryableException("the chain is away");
        assertThat(log.later("tick-pack", away)).isTrue();
        time.forward(Duration.ofSeconds(59));
        assertThat(log.later("WaitSeed", away)).isFalse();
        time.forward(Duration.ofSeconds(1));
        assertThat(log.later("WaitSeed", away)).isTrue();
    }

    @Test
    void aLongStepKeepsItsSector() throws Exception {
        context.getComponent("sector", SectorComponent.class).leases(Duration.ofSeconds(1), Duration.ofMillis(100));
        var begun = new CountDownLatch(1);
        var end = new CountDownLatch(1);
        step(sector -> {
            begun.countDown();
            awaited(end);
            return sector;
        });
        load(CLAIM);
        context.start();
        Sector sector = opened();
        var ran = CompletableFuture.runAsync(this::run);
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
        Instant third = clock.instant().plusSeconds(3);
        Await.until("three leases to pass", Duration.ofSeconds(20), () -> {
            assertThat(another().claim(SectorState.PRE_COMMIT_PHASE_1, null, 1, Duration.ofSeconds(1))).isEmpty();
            return clock.instant().isAfter(third);
        });
        end.countDown();
        ran.get(10, TimeUnit.SECONDS);
        assertThat(now(sector).state()).isEqualTo(SectorState.PRE_COMMIT_PHASE_2);
    }

    @Test
    void aStepWhoseSectorIsTakenEndsAndWritesNothing() throws Exception {
        context.getComponent("sector", SectorComponent.class).leases(Duration.ofSeconds(1), Duration.ofMillis(100));
        var begun = new CountDownLatch(1);
        var isEnded = new AtomicReference<Boolean>();
        step(sector -> {
            begun.countDown();
            isEnded.set(awaited(new CountDownLatch(1)));
            return sector;
        });
        load(CLAIM);
        context.start();
        Sector sector = opened();
        var ran = CompletableFuture.runAsync(this::run);
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
        store.signal(sector.number(), held -> held, SectorEvent.RESTART); // whoever held it has lost it
        Sector others = another().claim(SectorState.PRE_COMMIT_PHASE_1, null, 1, Duration.ofMinutes(1)).get(0);
        ran.get(10, TimeUnit.SECONDS);
        assertThat(isEnded.get()).as("the step was interrupted").isFalse();
        assertThat(now(sector)).isEqualTo(others);
        assertThat(store.events(sector.number())).extracting(SectorMove::event).containsExactly(SectorEvent.OPEN, SectorEvent.RESTART);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void aStepEndsThatCouldNotProlongItsLeaseForAsLongAsItLasts() throws Exception {
        Sector sector = opened();
        SectorStore away = (SectorStore) Proxy.newProxyInstance(SectorStore.class.getClassLoader(), new Class<?>[] {SectorStore.class},
                (proxy, method, arguments) -> {
                    throw new IllegalStateException("the database is away");
                });
        var component = new SectorComponent(store, clock).leases(Duration.ofSeconds(1), Duration.ofMillis(100));
        context.addComponent("kept", component);
        component.start();
        var lease = component.kept(new SectorTurnstile(away, SectorState.PRE_COMMIT_PHASE_1, null, Duration.ofSeconds(1),
                Duration.ofSeconds(1)), sector);
        Instant begun = clock.instant();
        assertThat(awaited(new CountDownLatch(1))).as("interrupted").isFalse();
        assertThat(Duration.between(begun, clock.instant())).isBetween(Duration.ofMillis(900), Duration.ofSeconds(10));
        lease.end();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void twoNodesWorkOnTheSameStateAtTheSameTime() throws Exception {
        var both = new CountDownLatch(2);
        step(sector -> {
            both.countDown();
            awaited(both); // neither ends before the other has begun
            return sector;
        });
        load(CLAIM.replace("uri: direct:run", "uri: quartz:sealing/PreCommitPhase1?cron=*+*+*+*+*+?&stateful=true"));
        clocked(context, "one");
        try (var other = new DefaultCamelContext()) {
            other.disableJMX();
            other.setNameStrategy(context.getNameStrategy());
            PostgresSectorStore others = another();
            other.addComponent("sector", new SectorComponent(others, clock));
            other.getRegistry().bind("step", context.getRegistry().lookupByName("step"));
            for (String yaml : List.of(Files.readString(Path.of("routes/errors.camel.yaml")),
                    CLAIM.replace("uri: direct:run", "uri: quartz:sealing/PreCommitPhase1?cron=*+*+*+*+*+?&stateful=true"))) {
                PluginHelper.getRoutesLoader(other).loadRoutes(ResourceHelper.fromString("test.yaml", yaml));
            }
            List<Sector> sectors = List.of(opened(), opened());
            context.start();
            // Schedulers of one process are told apart by name: the first is only known to itself from now on.
            SchedulerRepository.getInstance().remove(context.getComponent("quartz", QuartzComponent.class).getScheduler().getSchedulerName());
            clocked(other, "two");
            other.start();
            Await.until("both sectors to move", Duration.ofSeconds(30), () -> sectors.stream()
                    .allMatch(sector -> now(sector).state() == SectorState.PRE_COMMIT_PHASE_2));
            sectors.forEach(sector -> assertThat(store.events(sector.number())).extracting(SectorMove::event)
                    .containsExactly(SectorEvent.OPEN, SectorEvent.TICKET_TAKEN, SectorEvent.PRE_COMMIT_1_DONE));
        }
    }

    private static void clocked(DefaultCamelContext context, String node) {
        var quartz = new QuartzComponent();
        quartz.setProperties(QuartzDatabase.properties(POSTGRES.database().dataSource(), node));
        context.addComponent("quartz", quartz);
    }

    /** The same tables as another node sees them. */
    private PostgresSectorStore another() {
        return new PostgresSectorStore(POSTGRES.database().sql(), clock, "other", Deadlines.usual(), Backoff.usual(new Random(1)));
    }

    /** Whether it came; false when the waiting was interrupted. */
    private static boolean awaited(CountDownLatch latch) {
        try {
            return latch.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            return false;
        }
    }

    @Test
    void hearsNothingOfAClockThatHasStopped() throws Exception {
        step(sector -> sector);
        var quartz = new QuartzComponent();
        quartz.setProperties(QuartzDatabase.properties(POSTGRES.database().dataSource(), "stopped"));
        context.addComponent("quartz", quartz);
        load(CLAIM.replace("uri: direct:run", "uri: quartz:sealing/PreCommitPhase1?cron=0+0+0+1+1+?+2099&stateful=true"));
        context.start();
        var alarm = new RouteAlarm(context, "PreCommitPhase1", Timeline.of(clock), 1);
        quartz.stop();
        assertThatCode(alarm::ring).doesNotThrowAnyException();
        context.stop();
        assertThatCode(alarm::ring).doesNotThrowAnyException();
    }

    @Test
    void refusesRoutesThatCannotBeRight() throws Exception {
        step(sector -> sector);
        context.start();
        assertThatThrownBy(() -> load(CLAIM.replace("claim/PreCommitPhase1", "claim/Unknown")))
                .hasStackTraceContaining("nothing is done to a sector in Unknown");
        assertThatThrownBy(() -> load(CLAIM.replace("TicketTaken,PreCommit1Done", "PreCommit1Done,TicketTaken")
                .replace("id: Pre", "id: x")))
                .hasStackTraceContaining("no state of the sector reacts");
    }
}
