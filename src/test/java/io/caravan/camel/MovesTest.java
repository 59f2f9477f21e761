package io.caravan.camel;

import static io.caravan.support.DealBuilder.aDeal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.codec.Cid;
import io.caravan.model.Deal;
import io.caravan.model.DealEvent;
import io.caravan.model.Epoch;
import io.caravan.model.Role;
import io.caravan.store.Database;
import io.caravan.store.MoveFeed;
import io.caravan.store.MoveFeeds;
import io.caravan.store.PostgresDealStore;
import io.caravan.store.Sql;
import io.caravan.support.Await;
import io.caravan.support.TestPostgres;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckAware;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code deal:moves}: what a receiver gets of the outbox, and what it never misses. */
class MovesTest {

    private static final Duration BOUND = Duration.ofSeconds(20);
    private static final ObjectMapper JSON = new ObjectMapper();

    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    /** A receiver as a test wants it; public because Camel calls it by name. */
    public static final class Receiver {

        private final List<String> bodies = new CopyOnWriteArrayList<>();
        private final AtomicInteger refusals = new AtomicInteger();

        /** Takes a message, or is away. */
        public void take(String body) {
            if (refusals.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw new IllegalStateException("the receiver is away");
            }
            bodies.add(body);
        }
    }

    private final Clock clock = Clock.tickMillis(ZoneOffset.UTC);
    private final List<DefaultCamelContext> contexts = new ArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Receiver receiver = new Receiver();
    private final AtomicInteger deals = new AtomicInteger();
    private PostgresDealStore store;

    @BeforeEach
    void open() {
        POSTGRES.database().sql().write("test/empty", Map.of());
        store = POSTGRES.deals(clock, "maker");
    }

    @AfterEach
    void stop() {
        contexts.forEach(DefaultCamelContext::stop);
        threads.shutdownNow();
    }

    private DefaultCamelContext node(String node, String options) throws Exception {
        return node(node, options, POSTGRES.database().sql());
    }

    private DefaultCamelContext node(String node, String options, Sql sql) throws Exception {
        DefaultCamelContext context = new DefaultCamelContext();
        contexts.add(context);
        context.disableJMX();
        PostgresDealStore own = POSTGRES.deals(clock, node);
        context.addComponent("deal", new DealComponent(own, clock, Role.PROVIDER));
        context.getRegistry().bind("receiver", receiver);
        context.getRegistry().bind(Feeds.NAME, new Feeds(new MoveFeeds(sql, clock, node),
                () -> Optional.of(Epoch.of(77))));
        load(context, "feed", "deal:moves?name=test&delay=20ms&begin=" + (options.isEmpty() || options.startsWith("&") ? "first" : "") + options);
        context.start();
        return context;
    }

    private static void load(DefaultCamelContext context, String id, String uri) throws Exception {
        PluginHelper.getRoutesLoader(context).loadRoutes(ResourceHelper.fromString(id + ".yaml", """
                - route:
                    id: %s
                    from:
                      uri: %s
                      steps:
                        - to:
                            uri: bean:receiver?method=take
                """.formatted(id, uri)));
    }

    private Deal deal() {
        return store.insert(aDeal("deal " + deals.incrementAndGet()).build(), DealEvent.OPEN).deal();
    }

    private JsonNode body(int number) {
        try {
            return JSON.readTree(receiver.bodies.get(number));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private void awaitBodies(int many) {
        Await.until("messages of the receiver", BOUND, () -> receiver.bodies.size() >= many);
    }

    private List<Long> ids() {
        List<Long> ids = new ArrayList<>();
        for (int i = 0; i < receiver.bodies.size(); i++) {
            ids.add(body(i).path("id").asLong());
        }
        return ids;
    }

    private MoveFeed.Lag lag() {
        return known().orElseThrow();
    }

    private Optional<MoveFeed.Lag> known() {
        return new MoveFeeds(POSTGRES.database().sql(), clock, "reader").lags().stream()
                .filter(lag -> lag.feed().name().equals("test")).findFirst();
    }

    @Test
    void tellsEachMoveWithWhatItIsAbout() throws Exception {
        node("a", "&role=provider");
        Deal deal = deal();
        store.signalBecause(deal.proposalCid(), Role.PROVIDER, "not today", same -> same.withMessage("the wall is wet"),
                DealEvent.DEAL_REJECTED);
        awaitBodies(2);

        assertThat(body(0).path("proposalCid").asText()).isEqualTo(deal.proposalCid().toString());
        assertThat(body(0).path("to").asText()).isEqualTo("StorageDealValidating");
        assertThat(body(1).path("role").asText()).isEqualTo("provider");
        assertThat(body(1).path("seq").asLong()).isEqualTo(body(0).path("seq").asLong() + 1);
        assertThat(body(1).path("event").asText()).isEqualTo("DealRejected");
        assertThat(body(1).path("from").asText()).isEqualTo("StorageDealValidating");
        assertThat(body(1).path("reason").asText()).isEqualTo("not today");
        assertThat(body(1).path("message").asText()).isEqualTo("the wall is wet");
        assertThat(body(1).path("epoch").asLong()).isEqualTo(77);
        assertThat(body(1).path("pieceCid").asText()).isEqualTo(deal.proposal().proposal().pieceCid().toString());
    }

    @Test
    void neverPassesAMoveWhoseTransactionStillRuns() throws Exception {
        Deal slow = deal();
        Deal quick = deal();
        node("a", "");
        awaitBodies(2);
        MoveFeeds other = new MoveFeeds(POSTGRES.database().sql(), clock, "other");
        MoveFeeds.Hold hold = other.hold("other", "provider", null, BOUND).orElseThrow();
        assertThat(other.next(hold, 0, 100).lines()).hasSize(2);
        CountDownLatch written = new CountDownLatch(1);
        CountDownLatch commit = new CountDownLatch(1);
        Future<?> open = threads.submit(() -> POSTGRES.database().sql().inTransaction(() -> {
            reject(slow.proposalCid());
            written.countDown();
            await(commit);
            return slow;
        }));
        await(written);
        reject(quick.proposalCid()); // numbered later, committed first

        assertThat(lag().behind()).isPositive();
        MoveFeeds.Batch seen = other.next(hold, 0, 100);
        assertThat(seen.lines()).hasSize(2);
        assertThat(seen.isBehind()).isTrue();

        commit.countDown();
        open.get(BOUND.toSeconds(), TimeUnit.SECONDS);
        awaitBodies(4);
        assertThat(body(2).path("proposalCid").asText()).isEqualTo(slow.proposalCid().toString());
        assertThat(body(3).path("proposalCid").asText()).isEqualTo(quick.proposalCid().toString());
    }

    @Test
    void aMoveThatWasRolledBackLeavesAGapThatIsPassed() throws Exception {
        Deal deal = deal();
        node("a", "");
        threads.submit(() -> POSTGRES.database().sql().inTransaction(() -> {
            reject(deal.proposalCid());
            throw new IllegalStateException("rolled back");
        }));
        Deal next = deal();
        Await.until("the one after the gap", BOUND, () -> receiver.bodies.toString().contains(next.proposalCid().toString()));
    }

    @Test
    void handsOutAgainUntilTheReceiverTakesAndInOrder() throws Exception {
        receiver.refusals.set(Integer.MAX_VALUE);
        DefaultCamelContext context = node("a", "&longestDelay=60ms");
        deal();
        deal();
        Await.until("a failure in the row", BOUND, () -> known().filter(lag -> lag.feed().failures() > 1).isPresent() && lag().behind() == 2);
        assertThat(lag().feed().lastError()).contains("the receiver is away");
        assertThat(lag().oldest()).isNotNull();
        assertThat(health(context).getState()).isEqualTo(HealthCheck.State.DOWN);
        assertThat(health(context).getMessage().orElseThrow()).contains("test has taken nothing since").contains("2 moves behind");
        receiver.refusals.set(0);
        awaitBodies(2);
        assertThat(ids()).isSorted().doesNotHaveDuplicates();
        Await.until("the row is well again", BOUND, () -> lag().feed().failures() == 0 && lag().behind() == 0);
        assertThat(lag().feed().taken()).isEqualTo(2);
        assertThat(health(context).getState()).isEqualTo(HealthCheck.State.UP);
    }

    private static HealthCheck.Result health(DefaultCamelContext context) {
        return ((HealthCheckAware) context.getRoute("feed").getConsumer()).getHealthCheck().call();
    }

    @Test
    void goesOnAfterAKillWithNothingLost() throws Exception {
        Database dying = Database.open(POSTGRES.address(), "dying");
        node("a", "", dying.sql());
        deal();
        awaitBodies(1);
        receiver.refusals.set(1); // the first life rests while more comes, and has no database any more when it goes on
        for (int i = 0; i < 250; i++) {
            deal();
        }
        dying.close();
        contexts.get(0).stop();
        receiver.refusals.set(0);
        node("a", "");
        Await.until("all deals", BOUND, () -> ids().stream().distinct().count() == 251);
        assertThat(ids().stream().distinct().toList()).isSorted();
    }

    @Test
    void ofTwoNodesOneHandsOutAndTheOtherTakesOver() throws Exception {
        DefaultCamelContext first = node("a", "");
        deal();
        awaitBodies(1);
        node("b", "");
        deal();
        awaitBodies(2);
        first.stop();
        deal();
        awaitBodies(3);
        assertThat(ids()).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void sendsArraysWhereSeveralGoTogether() throws Exception {
        for (int i = 0; i < 5; i++) {
            deal();
        }
        node("a", "&batch=3");
        awaitBodies(2);
        assertThat(body(0)).hasSize(3);
        assertThat(body(1)).hasSize(2);
    }

    @Test
    void aNewReceiverBeginsWithWhatHappensFromNowOn() throws Exception {
        deal();
        node("a", "now");
        Await.until("its place is known", BOUND, () -> known().filter(lag -> lag.feed().place() != null).isPresent());
        Deal next = deal();
        awaitBodies(1);
        assertThat(body(0).path("proposalCid").asText()).isEqualTo(next.proposalCid().toString());
    }

    @Test
    void refusesWhatWouldMixUpTwoReceivers() throws Exception {
        DefaultCamelContext context = node("a", "");
        assertThatThrownBy(() -> load(context, "second", "deal:moves?name=test")).hasStackTraceContaining("two receivers need two names");
        assertThatThrownBy(() -> load(context, "third", "deal:moves")).hasStackTraceContaining("the receiver needs a name");
        assertThatThrownBy(() -> load(context, "fourth", "deal:moves?name=x&role=client")).hasStackTraceContaining("not of client");
        assertThatThrownBy(() -> load(context, "fifth", "deal:moves?name=x&batch=1000")).hasStackTraceContaining("batch is 1 to 100");
    }

    private void reject(Cid deal) {
        store.signal(deal, Role.PROVIDER, same -> same, DealEvent.DEAL_REJECTED).orElseThrow();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(BOUND.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
