package io.caravan.scenario;

import static io.caravan.model.DealState.*;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.codec.Cid;
import io.caravan.docs.ShippedKeys;
import io.caravan.model.DealProposal;
import io.caravan.model.SignedProposal;
import io.caravan.node.config.NextStart;
import io.caravan.support.Await;
import io.caravan.support.TestService.Answer;
import io.caravan.support.TestService;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Routes that change under the deals that are in them: nothing is lost, nothing is done twice. */
@Tag("busy")
@TestMethodOrder(MethodOrderer.DisplayName.class)
class SwapScenariosIT {

    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final String ACCEPT = "miner/3-accept.camel.yaml";
    private static final int SWAPS = 100;
    private static final int PER_SECOND = 20;

    static World world;
    static Path routes;

    @BeforeAll
    static void start() throws IOException {
        routes = Files.createTempDirectory("caravan-routes");
        try (Stream<Path> files = Files.walk(Path.of("routes"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = routes.resolve(Path.of("routes").relativize(file));
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
        }
        world = World.with().set("caravan.routes.folder", routes.toString()).set("caravan.routes.look", "50ms").start();
    }

    @AfterAll
    static void end() {
        if (world != null) {
            world.close();
        }
    }

    private static String text(String file) {
        try {
            return Files.readString(routes.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(String file, String text) {
        try {
            Files.writeString(routes.resolve(file), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same text with other descriptions. */
    private static void touch(Side side, String file, String mark) {
        write(file, text(file).replaceAll("(?m)^    description: .*$", "    description: " + mark));
        Await.until(() -> mark + ": " + side.call("Caravan.RouteHistory", file, null, 3), LIMIT, () -> list(side, file).path("routes").path(0)
                .path("description").asText().equals(mark));
    }

    private static JsonNode list(Side side, String file) {
        for (JsonNode one : side.call("Caravan.RouteList").path("files")) {
            if (one.path("file").asText().equals(file)) {
                return one;
            }
        }
        throw new AssertionError("the " + side.name() + " has no " + file);
    }

    private static long exchanges(String role, String route) {
        try {
            ObjectName name = new ObjectName("org.apache.camel:context=" + role + ",type=routes,name=\"" + route + "\"");
            return (Long) ManagementFactory.getPlatformMBeanServer().getAttribute(name, "ExchangesTotal");
        } catch (javax.management.JMException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @DisplayName("S129 routes touched while a deal transfers and while it awaits its sector: it goes on, by the new definition")
    void touched() {
        world.libp2p().throttle(1_000_000);
        String deal = world.deal(3_000_000);
        world.awaitBoth(deal, TRANSFERRING);
        touch(world.miner(), "miner/3-transfer.camel.yaml", "Touched while bytes came.");
        touch(world.daemon(), "daemon/3-transfer.camel.yaml", "Touched while bytes went.");
        touch(world.miner(), "miner/7-seal.camel.yaml", "Touched before its state.");
        assertThat(world.miner().path(deal)).doesNotContain(VERIFY_DATA);
        world.libp2p().restore();
        world.await(world.miner(), deal, AWAITING_PRE_COMMIT);
        touch(world.miner(), "miner/7-seal.camel.yaml", "Touched in its state.");
        touch(world.daemon(), "daemon/7-follow.camel.yaml", "Touched in its state.");
        world.awaitActive(deal);
        assertThat(exchanges("miner", "StorageDealTransferring")).isPositive(); // counted from the swap on
        assertThat(exchanges("daemon", "StorageDealTransferring")).isPositive();
        assertThat(world.miner().path(deal)).doesNotHaveDuplicates();
        world.checkG(deal);
    }

    @Test
    @DisplayName("a candidate of the acceptance judges a real deal beside the live routes, which the deal alone goes by")
    void shadowed() throws IOException {
        try (TestService strict = new TestService(deal -> new Answer(200, "{\"accept\": false, \"reason\": \"no room on Fridays\"}"))) {
            strict.start();
            String candidate = text(ACCEPT) + Files.readString(Path.of("examples/decide-by-http.camel.yaml"))
                    .replace("{{my.decide.url:http://127.0.0.1:9000/decide}}", strict.url());
            world.miner().call("Caravan.RouteShadowStart", "fridays", candidate, 3600, List.of("http"));
            String deal = world.deal(20_000);
            Await.until(() -> "both phases: " + report(), LIMIT, () -> report().path("settled").asLong() == 2);
            assertThat(report().path("same").asLong()).isEqualTo(1);
            assertThat(report().path("different").asLong()).isEqualTo(1);
            JsonNode difference = report().path("differences").path(0);
            assertThat(difference.path("key").asText()).isEqualTo(deal);
            assertThat(difference.path("state").asText()).isEqualTo("StorageDealAcceptWait");
            assertThat(difference.path("live").asText()).isEqualTo("StorageDealWaitingForData");
            assertThat(difference.path("candidate").asText()).isEqualTo("StorageDealRejecting");
            assertThat(difference.path("candidateReason").asText()).contains("no room on Fridays");
            world.miner().call("Caravan.RouteShadowStop", "fridays");
            assertThat(report().path("endReason").asText()).startsWith("stopped by");
            world.awaitActive(deal);
            assertThat(world.miner().path(deal)).doesNotContain(REJECTING).doesNotHaveDuplicates();
            world.checkG(deal);
        }
    }

    private static JsonNode report() {
        return world.miner().call("Caravan.RouteShadowReport", "fridays", 10);
    }

    @Test
    @DisplayName("a hundred swaps of the acceptance under 20 deals a second, a fifth of them broken, lose nothing and double nothing")
    void underLoad() throws InterruptedException {
        Queue<Cid> proposed = new ConcurrentLinkedQueue<>();
        Queue<String> refused = new ConcurrentLinkedQueue<>();
        String good = text(ACCEPT);
        long broken = verdicts("'refused', 'rolled-back'");
        try (ForeignClient client = world.foreign()) {
            DealProposal terms = client.terms();
            AtomicInteger number = new AtomicInteger();
            ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
            ExecutorService senders = Executors.newFixedThreadPool(16);
            clock.scheduleAtFixedRate(() -> senders.execute(() -> {
                SignedProposal signed = client.signed(terms(terms, Cid.commP(bytes(number.incrementAndGet()))));
                try {
                    var answer = client.proposeManual(signed);
                    proposed.add(signed.proposalCid());
                    if (answer.state() != WAITING_FOR_DATA) {
                        refused.add(answer.state() + " " + answer.message());
                    }
                } catch (RuntimeException e) {
                    refused.add(String.valueOf(e.getMessage()));
                }
            }), 0, 1000 / PER_SECOND, TimeUnit.MILLISECONDS);
            for (int i = 0; i < SWAPS; i++) {
                write(ACCEPT, changed(good, i));
                String row = "route_swap WHERE file = '" + ACCEPT + "' AND verdict <> 'underway' AND diff LIKE E'%+# change " + i + "\\n%'";
                Await.sharply(() -> row + ": " + world.miner().call("Caravan.RouteHistory", ACCEPT, null, 2), LIMIT, () -> world.miner().count(row) == 1);
            }
            clock.shutdown();
            senders.shutdown();
            assertThat(senders.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(refused).isEmpty();
        write(ACCEPT, good);
        assertThat(verdicts("'taken'")).as(() -> String.join("\n", world.miner().values("SELECT id || ' ' || verdict || ' ' || coalesce(reason, '') FROM route_swap WHERE file = '"
                + ACCEPT + "' ORDER BY id"))).isGreaterThanOrEqualTo(SWAPS * 4 / 5);
        assertThat(verdicts("'refused', 'rolled-back'") - broken).isEqualTo(SWAPS / 5);
        assertThat(proposed).hasSizeGreaterThan(50).doesNotHaveDuplicates();
        for (String event : List.of("Open", "DealDeciding", "DataRequested")) {
            assertThat(world.miner().count("(SELECT proposal_cid FROM deal_event WHERE event = '" + event + "' AND proposal_cid IN ("
                    + quoted(proposed) + ") GROUP BY proposal_cid HAVING count(*) = 1) AS one")).as(event).isEqualTo(proposed.size());
        }
        assertThat(world.miner().count("deal WHERE role = 'provider' AND state IN (0, 14, 15)")).isZero();
    }

    private static long verdicts(String which) {
        return world.miner().count("route_swap WHERE file = '" + ACCEPT + "' AND verdict IN (" + which + ")");
    }

    private static String quoted(Queue<Cid> cids) {
        List<String> all = new ArrayList<>();
        cids.forEach(cid -> all.add("'" + cid + "'"));
        return String.join(",", all);
    }

    private static DealProposal terms(DealProposal usual, Cid piece) {
        return new DealProposal(piece, usual.pieceSize(), usual.isVerified(), usual.client(), usual.provider(), usual.label(), usual.startEpoch(),
                usual.endEpoch(), usual.storagePricePerEpoch(), usual.providerCollateral(), usual.clientCollateral());
    }

    private static byte[] bytes(int number) {
        byte[] commitment = new byte[32];
        commitment[0] = (byte) number;
        commitment[1] = (byte) (number >> 8);
        commitment[2] = 77;
        return commitment;
    }

    /** Each fifth one is broken, one way or another; each other one serves with another batch. */
    private static String changed(String good, int i) {
        String other = "# change " + i + "\n" + good.replaceFirst("concurrency: 8", "concurrency: 8\n        batch: " + (i + 1));
        return i % 5 < 4 ? other : switch (i / 5 % 4) {
            case 0 -> other.replace("deal:fire/DealDeciding", "deal:fire/DealPublished");
            case 1 -> other.substring(0, other.indexOf("steps:")) + "steps: [" + i;
            case 2 -> other.replace("bean:proposalRules?method=check", "nothing-of-this-kind:x");
            default -> other + """

                    - route:
                        id: p2p-nowhere
                        from:
                          uri: netty-http:http://256.256.256.256:1/x
                          steps:
                            - to:
                                uri: direct:deal-filter
                    """;
        };
    }

    /** The miner's own file of settings; what it says is taken when this returns. */
    private static void settings(String text) throws IOException {
        Path file = world.miner().home().root().resolve("caravan.properties");
        String judged = "route_swap WHERE file LIKE '%.properties%' AND verdict <> 'underway'";
        long before = world.miner().count(judged);
        Files.writeString(file, text);
        Await.sharply(() -> "settings: " + world.miner().call("Caravan.RouteHistory", null, null, 2), LIMIT,
                () -> world.miner().count(judged) > before);
        assertThat(world.miner().value("SELECT verdict FROM route_swap WHERE file LIKE '%.properties%' ORDER BY id DESC LIMIT 1")).isEqualTo("taken");
    }

    @Test
    @DisplayName("the next proposal and the next publish message go by what the miner's file of settings says now")
    void followed() throws IOException {
        try (ForeignClient client = world.foreign()) {
            settings("miner.accept.offline = false\nminer.publish.max-gas = 1\n");
            var refused = client.proposeManual(client.signed(client.terms()));
            assertThat(refused.state()).isEqualTo(FAILING);
            assertThat(refused.message()).contains("F2 offline-deals-not-wanted");
            String deal = world.deal(20_000);
            Await.until(() -> "it waits for gas: " + world.miner().story(deal), LIMIT, () -> world.miner().story(deal).contains("miner.publish.max-gas is 1"));
            settings("miner.accept.offline = true\n");
            assertThat(client.proposeManual(client.signed(client.terms())).state()).isEqualTo(WAITING_FOR_DATA);
            world.awaitActive(deal);
            world.checkG(deal);
        }
    }

    @Test
    @DisplayName("every setting is followed by a role that runs, or says why it waits for a start; none is read in both ways")
    void keys() {
        Set<String> followed = new TreeSet<>(ShippedKeys.namedByRoutes());
        for (Side side : List.of(world.miner(), world.daemon())) {
            followed.addAll(side.live().followed());
            assertThat(side.live().fixed()).as("read for good by the " + side.name())
                    .allSatisfy(key -> assertThat(NextStart.reason(key)).as(key).isPresent()).doesNotContainAnyElementsOf(followed);
        }
        assertThat(followed).allSatisfy(key -> assertThat(NextStart.reason(key)).as(key).isEmpty());
        assertThat(ShippedKeys.all()).extracting(ShippedKeys.Key::name).filteredOn(key -> NextStart.reason(key).isEmpty() && !followed.contains(key))
                .allMatch(key -> key.startsWith("sealing.lotus.")); // those a node follows that has a Lotus miner
    }

    @Test
    @DisplayName("a miner killed in the middle of a swap starts with what the file says, and judges")
    void killed() throws InterruptedException {
        String text = text(ACCEPT).replaceAll("batch: \\d+", "batch: 7").replaceAll("(?m)^    description: .*$", "    description: After the kill.");
        CountDownLatch written = new CountDownLatch(1);
        Thread writer = new Thread(() -> {
            write(ACCEPT, text);
            written.countDown();
        });
        writer.start();
        written.await();
        world.miner().kill();
        world.miner().start();
        Await.until("the file runs", LIMIT, () -> list(world.miner(), ACCEPT).path("routes").path(0).path("description").asText().equals("After the kill."));
        assertThat(world.miner().count("route_swap WHERE verdict = 'underway'")).isZero();
        String deal = world.deal(20_000);
        world.awaitActive(deal);
        world.checkG(deal);
    }
}
