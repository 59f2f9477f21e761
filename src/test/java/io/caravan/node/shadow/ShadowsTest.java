package io.caravan.node.shadow;

import static io.caravan.support.DealBuilder.aDeal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.camel.DealComponent;
import io.caravan.model.Deal;
import io.caravan.model.DealState;
import io.caravan.model.InShadow;
import io.caravan.model.RejectedException;
import io.caravan.model.Role;
import io.caravan.store.PostgresDealStore;
import io.caravan.store.ShadowStore;
import io.caravan.support.Await;
import io.caravan.support.TestPostgres;
import io.caravan.time.Timeline;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Candidates beside a live phase on a real database: what they report, and that nothing of them is felt. */
class ShadowsTest {

    private static final Duration BOUND = Duration.ofSeconds(20);
    private static final Duration LONG = Duration.ofHours(1);
    private static final String LIVE = phase("bean:rules?method=live", "deal:fire/DealDeciding");

    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    /** Phases as a test wants them; public because Camel calls them by name. */
    public static final class Rules {
        private final AtomicInteger writes = new AtomicInteger();
        private final CountDownLatch stuck = new CountDownLatch(1);

        /** What the live phase calls. */
        public Deal live(Deal deal) {
            writes.incrementAndGet();
            return deal;
        }

        /** Refuses deals by their piece's CID. */
        @InShadow(InShadow.How.RUN)
        public Deal strict(Deal deal) {
            assertThat(deal.turn().lease()).isNull();
            if (deal.peer().isEmpty() || deal.proposalCid().toString().hashCode() % 2 == 0) {
                throw new RejectedException("X1 too-even: no", "X1 too-even: no");
            }
            return deal;
        }

        /** Decides nothing. */
        @InShadow(InShadow.How.SKIP)
        public Deal promise(Deal deal) {
            writes.incrementAndGet();
            return deal;
        }

        /** Does not come back by itself. */
        @InShadow(InShadow.How.RUN)
        public Deal hang(Deal deal) throws InterruptedException {
            stuck.await();
            return deal;
        }
    }

    private final Clock clock = Clock.tickMillis(ZoneOffset.UTC);
    private final DefaultCamelContext context = new DefaultCamelContext();
    private final Rules rules = new Rules();
    private PostgresDealStore store;
    private ShadowStore rows;
    private Shadows shadows;

    @BeforeEach
    void open() throws Exception {
        POSTGRES.database().sql().write("test/empty", Map.of());
        store = POSTGRES.deals(clock, "node");
        rows = new ShadowStore(POSTGRES.database().sql(), clock, "node");
        context.disableJMX();
        context.getRegistry().bind("rules", rules);
        shadows = shadows();
        context.addComponent("deal", new DealComponent(store, clock, Role.PROVIDER).watchedBy(run -> shadows.ended(run)));
        PluginHelper.getRoutesLoader(context).loadRoutes(ResourceHelper.fromString("errors.camel.yaml", errors()));
        PluginHelper.getRoutesLoader(context).loadRoutes(ResourceHelper.fromString("live.camel.yaml", LIVE));
        context.start();
    }

    @AfterEach
    void stop() {
        context.stop();
        shadows.close();
    }

    private Shadows shadows() {
        Shadows made = shadows(context.getRegistry()::lookupByName);
        made.resumeSoon();
        return made;
    }

    private Shadows shadows(Function<String, Object> beans) {
        return new Shadows(new Shadows.Wiring(Role.PROVIDER, store, rows, Timeline.of(clock), beans,
                ShadowsTest::errors, () -> Map.of("my.limit", "7"), Duration.ofMillis(400)));
    }

    private static String errors() {
        try {
            return Files.readString(Path.of("routes/errors.camel.yaml"));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static String phase(String... uris) {
        return "- route:\n    id: StorageDealValidating\n    routeConfigurationId: provider-errors\n    from:\n"
                + "      uri: deal:StorageDealValidating\n      parameters:\n        role: provider\n        delay: 50ms\n      steps:\n"
                + String.join("", Arrays.stream(uris).map(uri -> "        - to:\n            uri: \"" + uri + "\"\n").toList());
    }

    private Deal settled(int number) {
        Deal deal = aDeal("deal " + number).in(DealState.VALIDATING).build();
        store.insert(deal);
        return store.await(deal.proposalCid(), Role.PROVIDER, now -> now.state() == DealState.ACCEPT_WAIT, BOUND).orElseThrow();
    }

    private ShadowStore.Trial trial() {
        return rows.list(1).get(0);
    }

    private void awaitSettled(int many) {
        Await.until(() -> many + " samples: " + trial().counts(), BOUND, () -> trial().counts().settled() == many);
    }

    @Test
    void reportsWhereItWouldHaveDecidedOtherwiseAndMovesNothing() {
        shadows.start("strict", phase("bean:rules?method=strict", "bean:rules?method=promise", "deal:fire/DealDeciding"), Set.of(), LONG, "me");
        int even = 0;
        for (int i = 0; i < 12; i++) {
            even += settled(i).proposalCid().toString().hashCode() % 2 == 0 ? 1 : 0;
        }
        awaitSettled(12);
        assertThat(even).isBetween(1, 11);
        assertThat(trial().counts()).isEqualTo(new ShadowStore.Counts(12, 12 - even, even, 0, 0));
        assertThat(rows.differences(trial().id(), 100)).hasSize(even).allSatisfy(one -> {
            assertThat(one.state()).isEqualTo("StorageDealValidating");
            assertThat(one.live()).isEqualTo("StorageDealAcceptWait");
            assertThat(one.candidate()).isEqualTo("StorageDealRejecting");
            assertThat(one.candidateReason()).isEqualTo("X1 too-even: no");
        });
        assertThat(rules.writes).hasValue(12); // the live phase's alone
        assertThat(store.count(Role.PROVIDER)).containsOnly(Map.entry(DealState.ACCEPT_WAIT, 12L));
    }

    @Test
    void aCandidateThatHangsIsEndedInTimeAndDelaysNoDeal() {
        shadows.start("hang", phase("bean:rules?method=hang", "deal:fire/DealDeciding"), Set.of(), LONG, "me");
        for (int i = 0; i < 3; i++) {
            settled(i);
        }
        awaitSettled(3);
        assertThat(trial().counts().undecided()).isEqualTo(3);
        assertThat(rows.differences(trial().id(), 1).get(0).candidateReason()).contains("longer than 400 ms");
    }

    @Test
    void comesBackAfterARestartUntilItIsStopped() {
        shadows.start("strict", phase("bean:rules?method=strict", "deal:fire/DealDeciding"), Set.of(), LONG, "me");
        shadows.close();
        shadows = shadows();
        Await.until("it runs again", BOUND, () -> {
            settled((int) (System.nanoTime() & 0xffffff));
            return trial().counts().settled() > 0;
        });
        assertThat(shadows.stop("strict", "stopped by me")).isTrue();
        assertThat(trial().endReason()).isEqualTo("stopped by me");
        assertThat(shadows.stop("strict", "again")).isFalse();
    }

    @Test
    void comesBackNoSoonerThanTheLiveRoutesWhoseBeansItCalls() throws InterruptedException {
        shadows.start("strict", phase("bean:rules?method=strict", "deal:fire/DealDeciding"), Set.of(), LONG, "me");
        shadows.close();
        AtomicBoolean isThere = new AtomicBoolean();
        CountDownLatch asked = new CountDownLatch(1);
        shadows = shadows(name -> {
            asked.countDown();
            return isThere.get() ? rules : null;
        });
        assertThat(asked.await(3, TimeUnit.SECONDS)).as("asked before the routes are there").isFalse();
        isThere.set(true);
        shadows.resumeSoon();
        Await.until("it runs again", BOUND, () -> {
            settled((int) (System.nanoTime() & 0xffffff));
            return trial().counts().settled() > 0;
        });
        assertThat(trial().endedAt()).isNull();
    }

    @Test
    void ofTrialsThatAreOverTheNewestAreKept() {
        for (int i = 0; i < ShadowStore.MOST_TRIALS + 2; i++) {
            ShadowStore.Trial one = rows.begin("t" + i, "", "", "", "me", clock.instant().plusSeconds(9));
            rows.add(one.id(), new ShadowStore.Difference("key", "A", "B", null, "C", null, 1, clock.instant()));
            rows.end(one.id(), "over");
        }
        assertThat(rows.list(1000)).hasSize(ShadowStore.MOST_TRIALS).extracting(ShadowStore.Trial::name).doesNotContain("t0", "t1");
        assertThat(rows.differences(trial().id(), 10)).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "bean:rules?method=live|S7 bean-refused", "bean:nobody?method=x|S7 bean-refused", "direct:elsewhere|S5 unanswered",
            "http://127.0.0.1:1/x|allow it by --allow http", "file:/tmp|S6 endpoint-refused", "sql:DELETE FROM deal|S6 endpoint-refused",
            "bean:rules?method=strict(${bean:rules.live})|S3 step-refused", "deal:fire/Nonsense|S8 not-built"})
    void refusesWhateverMightActAndSaysWhy(String uri, String why) {
        assertThatThrownBy(() -> shadows.start("x", phase(uri, "deal:fire/DealDeciding"), Set.of(), LONG, "me"))
                .isInstanceOf(ShadowRefusedException.class).hasMessageContaining(why);
        assertThat(rows.list(1)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"'- beans: []'|S2 not-a-route", "'{'|S1 unreadable",
            "'- route: {id: x, from: {uri: \"timer:x\", steps: [{to: {uri: \"log:x\"}}]}}'|S4 no-phase",
            "'- route: {id: x, from: {uri: \"deal:moves?name=x\", steps: [{to: {uri: \"log:x\"}}]}}'|S4 no-phase",
            "'- route: {id: x, from: {uri: \"deal:StorageDealValidating\", steps: [{wireTap: {uri: \"log:x\"}}]}}'|S3 step-refused",
            "'- route: {id: x, from: {uri: \"deal:StorageDealValidating\", steps: [{setBody: {simple: {expression: \"${bean:rules.live}\"}}}]}}'|S3 step-refused"})
    void refusesTextsThatAreNoPhase(String text, String why) {
        assertThatThrownBy(() -> shadows.start("x", text, Set.of(), LONG, "me"))
                .isInstanceOf(ShadowRefusedException.class).hasMessageContaining(why);
    }

    @Test
    void ofOneNameOneRunsAtATimeAndNotForEver() {
        String text = phase("bean:rules?method=strict", "deal:fire/DealDeciding");
        shadows.start("one", text, Set.of(), LONG, "me");
        assertThatThrownBy(() -> shadows.start("one", text, Set.of(), LONG, "me")).hasMessageContaining("S11 taken");
        assertThatThrownBy(() -> shadows.start("two", text, Set.of(), Duration.ofDays(8), "me")).hasMessageContaining("S10 time");
        assertThatThrownBy(() -> shadows.start("two", text, Set.of("file"), LONG, "me")).hasMessageContaining("S6 endpoint-refused");
        shadows.start("short", text, Set.of(), Duration.ofMillis(200), "me");
        Await.until("its time was up", BOUND, () -> rows.list(1).get(0).endedAt() != null);
    }
}
