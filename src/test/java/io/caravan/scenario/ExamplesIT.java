package io.caravan.scenario;

import static io.caravan.model.DealState.ACCEPT_WAIT;
import static io.caravan.model.DealState.WAITING_FOR_DATA;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.support.Await;
import io.caravan.support.TestBroker;
import io.caravan.support.TestService;
import io.caravan.support.TestService.Answer;
import jakarta.jms.JMSException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of {@code examples/} as a person drops them into {@code routes/}, with a real service, webhook and broker. */
class ExamplesIT {

    private static final Duration BOUND = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, List<Answer>> SAYS = new ConcurrentHashMap<>();
    private static final Map<String, AtomicInteger> ASKED = new ConcurrentHashMap<>();
    private static final List<JsonNode> POSTED = new CopyOnWriteArrayList<>();
    private static final List<JsonNode> QUEUED = new CopyOnWriteArrayList<>();
    private static final Map<String, String> GROUPS = new ConcurrentHashMap<>();
    private static final Answer YES = new Answer(200, "{\"accept\": true}");

    @TempDir
    private static Path tree;
    private static String treeBefore;
    private static World world;
    private static TestService service;
    private static TestService webhook;
    private static TestBroker broker;

    @BeforeAll
    static void start() throws Exception {
        copy(Path.of("routes"), tree.resolve("routes"));
        copy(Path.of("config"), tree.resolve("config"));
        Path miner = tree.resolve("routes/miner");
        Files.delete(miner.resolve("3-filter.camel.yaml"));
        Files.copy(Path.of("examples/decide-by-http.camel.yaml"), miner.resolve("3-filter.camel.yaml"));
        Files.copy(Path.of("examples/notify-webhook.camel.yaml"), miner.resolve("notify-webhook.camel.yaml"));
        Files.copy(Path.of("examples/notify-amqp.camel.yaml"), miner.resolve("notify-amqp.camel.yaml"));
        treeBefore = System.getProperty("caravan.dir");
        System.setProperty("caravan.dir", tree.toString());
        service = new TestService(ExamplesIT::decide);
        service.start();
        webhook = new TestService(body -> {
            POSTED.add(read(body));
            return new Answer(204, "");
        });
        broker = new TestBroker();
        world = World.with().noCollateral().set("my.decide.url", service.url()).set("my.decide.timeout", "1000")
                .set("my.webhook.url", webhook.url()).set("my.amqp.url", broker.url()).start();
    }

    @AfterAll
    static void end() throws Exception {
        world.close();
        service.close();
        webhook.close();
        broker.close();
        if (treeBefore == null) {
            System.clearProperty("caravan.dir");
        } else {
            System.setProperty("caravan.dir", treeBefore);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path file : all.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    /** The size of the payload says what is to be answered, one answer after the other, the last one for good. */
    private static Answer decide(String question) {
        JsonNode deal = read(question);
        assertThat(deal.path("ClientDealProposal").path("Proposal").path("Provider").asText()).isNotEmpty();
        String root = deal.path("DealDataRoot").path("/").asText();
        List<Answer> says = SAYS.getOrDefault(root, List.of(YES));
        int before = ASKED.computeIfAbsent(root, unknown -> new AtomicInteger()).getAndIncrement();
        return says.get(Math.min(before, says.size() - 1));
    }

    private static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("no JSON: " + json, e);
        }
    }

    private static String deal(Answer... says) {
        var root = world.imported(world.file(2_000));
        if (says.length > 0) {
            SAYS.put(root.toString(), List.of(says));
        }
        return world.start(Offer.of(root));
    }

    @Test
    void aServiceDecidesAndEveryoneIsToldOverAbsencesAndAKill() throws Exception {
        // webhook and broker are away from the start
        String wanted = deal();
        String unwanted = deal(new Answer(200, "{\"accept\": false, \"reason\": \"no room on Fridays\"}"));
        String later = deal(new Answer(503, "busy"), new Answer(200, "perhaps"), YES);
        world.await(world.miner(), wanted, WAITING_FOR_DATA);
        world.awaitError(unwanted);
        assertThat(world.daemon().message(unwanted)).contains("F9 filter-refused: no room on Fridays");

        world.await(world.miner(), later, WAITING_FOR_DATA);
        assertThat(ASKED.values().stream().mapToInt(AtomicInteger::get).max().orElseThrow()).isGreaterThanOrEqualTo(3);
        assertThat(world.miner().events(later)).doesNotContain("DealRejected");

        service.close();
        String unheard = deal();
        world.await(world.miner(), unheard, ACCEPT_WAIT);
        Await.until("an undecided deal says why", BOUND, () -> world.miner().value("SELECT last_error FROM deal WHERE proposal_cid = '"
                + unheard + "'").contains("F9 filter-undecided"));
        assertThat(feeds()).hasSize(2).allSatisfy((name, feed) -> {
            assertThat(feed.path("behind").asLong()).isPositive();
            assertThat(feed.path("lastError").asText()).isNotEmpty();
        });

        world.miner().kill();
        webhook.start();
        broker.start();
        broker.read("caravan.moves", message -> {
            try {
                QUEUED.add(read(message.getText()));
                GROUPS.put(message.getStringProperty("JMSXGroupID"), message.getText());
            } catch (JMSException e) {
                throw new IllegalStateException(e);
            }
        });
        service.start();
        world.miner().start();
        world.awaitActive(wanted, later, unheard);
        webhook.close();
        world.checkG(wanted, unwanted, later, unheard);
        webhook.start();

        List<String> happened = world.miner().values("SELECT id FROM outbox WHERE topic = 'provider' ORDER BY id");
        Await.until(() -> "all " + happened.size() + " moves: " + POSTED.size() + " posted, " + QUEUED.size() + " queued",
                BOUND, () -> ids(POSTED).containsAll(happened) && ids(QUEUED).containsAll(happened));
        assertThat(ids(POSTED).stream().distinct().toList()).containsSubsequence(happened);
        assertThat(ids(QUEUED).stream().distinct().toList()).containsSubsequence(happened);
        assertThat(GROUPS).containsOnlyKeys(wanted, unwanted, later, unheard);
        JsonNode end = POSTED.stream().filter(move -> move.path("proposalCid").asText().equals(unwanted)
                && move.path("to").asText().equals("StorageDealRejecting")).findFirst().orElseThrow();
        assertThat(end.path("reason").asText()).contains("no room on Fridays");
        assertThat(end.path("role").asText()).isEqualTo("provider");
        assertThat(end.path("epoch").asLong()).isPositive();
        Await.until("nobody is behind", BOUND, () -> feeds().values().stream().allMatch(feed -> feed.path("behind").asLong() == 0));
    }

    private static List<String> ids(List<JsonNode> moves) {
        return moves.stream().map(move -> move.path("id").asText()).toList();
    }

    private static Map<String, JsonNode> feeds() {
        Map<String, JsonNode> feeds = new LinkedHashMap<>();
        world.miner().call("Caravan.MoveFeeds").forEach(feed -> feeds.put(feed.path("name").asText(), feed));
        return feeds;
    }
}
