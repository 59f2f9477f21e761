package io.caravan.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.codec.Cid;
import io.caravan.model.DealTrace;
import io.caravan.node.cli.Cli;
import io.caravan.node.cli.Terminal;
import io.caravan.node.observe.Metric;
import io.caravan.node.observe.OpsFiles;
import io.caravan.rpc.ApiInfo;
import io.caravan.support.Await;
import io.caravan.support.StandInCollector;
import io.caravan.support.StandInCollector.Seen;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What operators see of two real roles that made a deal: metrics, health, traces and logs. */
class ObserveIT {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Pattern NAME = Pattern.compile("caravan_[a-z0-9_]+");

    static World world;
    static String deal;
    static StandInCollector collector;

    @BeforeAll
    static void start() {
        collector = new StandInCollector();
        world = World.with().set("caravan.trace.endpoint", collector.url()).start();
        deal = world.deal(200_000);
        world.awaitActive(deal);
    }

    @AfterAll
    static void end() {
        if (world != null) {
            world.close();
        }
        if (collector != null) {
            collector.close();
        }
    }

    private static HttpResponse<String> get(Side side, String path) {
        ApiInfo api = ApiInfo.read(side.home().of(side.name()), 1);
        try {
            return HTTP.send(HttpRequest.newBuilder(URI.create(api.endpoint().toString().replace("/rpc/v1", path)))
                    .header("Authorization", "Bearer " + api.token()).timeout(LIMIT).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String scrape(Side side) {
        HttpResponse<String> page = get(side, "/observe/metrics");
        assertThat(page.statusCode()).isEqualTo(200);
        return page.body();
    }

    private static double value(String scrape, String series) {
        return scrape.lines().filter(line -> line.startsWith(series + " ")).mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
                .findFirst().orElse(-1);
    }

    private record Said(int code, String out) {}

    private static Said say(Side side, String... words) {
        var out = new ByteArrayOutputStream();
        List<String> line = new ArrayList<>(List.of(words));
        line.addAll(List.of("--home", side.home().root().toString()));
        int code = Cli.run(new Terminal(new PrintStream(out, true, StandardCharsets.UTF_8), System.err, false), line.toArray(String[]::new));
        return new Said(code, out.toString(StandardCharsets.UTF_8));
    }

    @Test
    void aScrapeOfBothRolesHasEveryMetricOfTheDashboardAndTheAlerts() throws Exception {
        say(world.daemon(), "health");
        scrape(world.daemon());
        scrape(world.miner());
        Await.until("a deal is counted as active", LIMIT, () ->
                value(scrape(world.miner()), "caravan_deals{role=\"provider\",state=\"StorageDealActive\"}") >= 1);
        String daemon = scrape(world.daemon());
        String miner = scrape(world.miner());
        assertThat(value(daemon, "caravan_transfer_bytes_total{direction=\"out\"}")).isGreaterThan(100_000);
        assertThat(value(miner, "caravan_transfer_bytes_total{direction=\"in\"}")).isGreaterThan(100_000);
        assertThat(value(miner, "caravan_publish_batch_deals_count")).isGreaterThanOrEqualTo(1);
        assertThat(value(miner, "caravan_messages_landed_total{kind=\"publish\",result=\"ok\"}")).isGreaterThanOrEqualTo(1);
        assertThat(value(miner, "caravan_message_fees_fil_total{kind=\"publish\"}")).isPositive();
        assertThat(value(miner, "caravan_libp2p_protocol_streams_total{protocol=\"/fil/storage/mk/1.1.1\"}")).isGreaterThanOrEqualTo(1);
        assertThat(value(daemon, "caravan_rpc_calls_total{method=\"Caravan.Health\",result=\"ok\"}")).isPositive();
        assertThat(value(miner, "caravan_ready")).isEqualTo(1);
        assertThat(miner).contains("caravan_deal_state_seconds_bucket{role=\"provider\",state=\"StorageDealTransferring\"")
                .contains("caravan_sector_state_seconds_count{state=\"PreCommitPhase1\"}").contains("caravan_phase_seconds_count{kind=\"sector\"");
        assertThat(miner).as("no CID, peer or address is a label").doesNotContain(deal).doesNotContain("12D3Koo").doesNotContainPattern("=\"[tf]0?[0-9a-z]{20,}");
        Set<String> there = new HashSet<>(OpsFiles.names(daemon));
        there.addAll(OpsFiles.names(miner));
        Set<String> missing = new TreeSet<>();
        for (String expression : OpsFiles.expressions()) {
            Matcher name = NAME.matcher(expression);
            while (name.find()) {
                if (!there.contains(name.group())) {
                    missing.add(name.group());
                }
            }
        }
        assertThat(missing).as("only what has not happened is not there").isSubsetOf(Metric.DEAL_REJECTS.text());
        assertThat(Stream.of(daemon, miner).mapToLong(page -> page.lines().count())).allMatch(lines -> lines < 3000);
    }

    @Test
    void healthSaysWhatIsWrongWhileTheDatabaseIsAwayAndThatItIsOver() throws Exception {
        HttpResponse<String> before = get(world.daemon(), "/observe/health");
        assertThat(before.statusCode()).as(before.body()).isEqualTo(200);
        world.daemon().database().cut();
        try {
            Await.until("the daemon is not ready", LIMIT, () -> get(world.daemon(), "/observe/health/ready").statusCode() == 503);
            assertThat(get(world.daemon(), "/observe/health/live").statusCode()).isEqualTo(200);
            JsonNode health = new ObjectMapper().readTree(get(world.daemon(), "/observe/health").body());
            assertThat(health.path("ready").asBoolean()).isFalse();
            assertThat(health.path("checks")).anySatisfy(check -> {
                assertThat(check.path("code").asText()).isEqualTo("DB-01");
                assertThat(check.path("status").asText()).isEqualTo("fail");
                assertThat(check.path("fix").asText()).isNotBlank();
            });
            assertThat(say(world.daemon(), "health", "--role", "daemon").code()).isEqualTo(1);
        } finally {
            world.daemon().database().restore();
        }
        Await.until("the daemon is ready again", LIMIT, () -> get(world.daemon(), "/observe/health/ready").statusCode() == 200);
        Await.until("health says so too", LIMIT, () -> shown(say(world.daemon(), "health", "--json")).path("daemon").path("ready").asBoolean());
        JsonNode shown = shown(say(world.daemon(), "health", "--json"));
        assertThat(shown.path("daemon").path("findings").findValuesAsText("code")).contains("DB-01", "NODE-01", "ROUTE-01", "FUNDS", "DISK-01", "FILE-01");
    }

    private static JsonNode shown(Said said) {
        try {
            return new ObjectMapper().readTree(said.out());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void bothSidesOfADealMeetInOneTraceThatShowNames() {
        String trace = DealTrace.id(Cid.parse(deal));
        Await.until("both sides are traced until they are active", LIMIT, () -> traced(trace, "caravan-daemon").contains("StorageDealCheckForAcceptance")
                && traced(trace, "caravan-miner").contains("StorageDealSealing"));
        List<Seen> spans = collector.spans().stream().filter(span -> span.trace().equals(trace)).toList();
        Seen root = spans.stream().filter(span -> span.parent().isEmpty()).collect(java.util.stream.Collectors.collectingAndThen(
                java.util.stream.Collectors.toList(), all -> {
                    assertThat(all).as("one top").hasSize(1);
                    return all.get(0);
                }));
        assertThat(root.service()).isEqualTo("caravan-daemon");
        Set<String> ids = new HashSet<>(spans.stream().map(Seen::id).toList());
        assertThat(spans.stream().filter(span -> !span.parent().isEmpty() && !ids.contains(span.parent()) && !span.name().startsWith("run ")).toList())
                .as("every span hangs below one that came; but a run below a stay that has not ended").isEmpty();
        assertThat(spans).extracting(Seen::name).contains("transfer", "funding message", "publish message", "seal PreCommitPhase1", "run StorageDealValidating", "StorageDealPublishing");
        assertThat(spans.stream().filter(span -> span.name().equals("transfer")).map(Seen::service)).containsExactlyInAnyOrder("caravan-daemon", "caravan-miner");
        Seen sealing = spans.stream().filter(span -> span.name().equals("seal PreCommitPhase1")).findFirst().orElseThrow();
        assertThat(collector.spans().stream().filter(span -> sealing.links().contains(span.trace() + "-" + span.id())).findFirst().orElseThrow().links())
                .as("the sector's span leads back").contains(trace + "-" + root.id());
        assertThat(spans.stream().filter(span -> span.events().contains("waits"))).as("what it waited for").isNotEmpty();
        assertThat(say(world.miner(), "show", deal).out()).contains("trace " + trace);
        assertThat(value(scrape(world.miner()), "caravan_trace_spans_total{result=\"exported\"}")).isPositive();
    }

    private static Set<String> traced(String trace, String service) {
        return new HashSet<>(collector.spans().stream().filter(span -> span.trace().equals(trace) && span.service().equals(service)).map(Seen::name).toList());
    }

    @Test
    void theLogsOfADealAreMergedWithItsEventsOfBothSidesAndHoldNoSecret() throws Exception {
        Path home = Files.createTempDirectory("caravan-both");
        for (Side side : List.of(world.daemon(), world.miner())) {
            Files.createSymbolicLink(home.resolve(side.name()), side.home().of(side.name()));
        }
        Path log = world.daemon().home().root().getParent().resolve("log");
        Files.createSymbolicLink(home.resolve("log"), log);
        var out = new ByteArrayOutputStream();
        int code = Cli.run(new Terminal(new PrintStream(out, true, StandardCharsets.UTF_8), System.err, false), "logs", deal, "--json", "--home", home.toString());
        assertThat(code).isZero();
        List<JsonNode> lines = new ArrayList<>();
        for (String line : out.toString(StandardCharsets.UTF_8).lines().toList()) {
            lines.add(new ObjectMapper().readTree(line));
        }
        assertThat(lines).extracting(line -> java.time.Instant.parse(line.path("time").asText())).isSorted();
        assertThat(lines).extracting(line -> line.path("source").asText()).contains("log", "daemon", "miner");
        assertThat(lines).anySatisfy(line -> {
            assertThat(line.path("deal").asText()).isEqualTo(deal);
            assertThat(line.path("role").asText()).isEqualTo("provider");
            assertThat(line.path("trace").asText()).isEqualTo(DealTrace.id(Cid.parse(deal)));
        });
        assertThat(lines).extracting(line -> line.path("role").asText("")).contains("client");
        assertThat(say(world.daemon(), "logs", "nonsense").code()).isEqualTo(2);
        assertThat(say(world.daemon(), "logs", deal, "--since", "tomorrow").code()).isEqualTo(2);
        try (Stream<Path> files = Files.list(log)) {
            for (Path file : files.toList()) {
                String text = Files.readString(file);
                for (Side side : List.of(world.daemon(), world.miner())) {
                    assertThat(text).as("the token of the " + side.name()).doesNotContain(ApiInfo.read(side.home().of(side.name()), 1).token());
                }
            }
        }
    }
}
