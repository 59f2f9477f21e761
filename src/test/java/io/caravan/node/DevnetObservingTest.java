package io.caravan.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.devnet.DevnetConfig;
import io.caravan.devnet.DevnetNode;
import io.caravan.node.observe.OpsFiles;
import io.caravan.node.observe.Tally;
import io.caravan.rpc.LocalCalls;
import io.caravan.store.Sql;
import io.caravan.support.Await;
import io.caravan.support.SettableClock;
import io.caravan.support.TestPool;
import io.caravan.support.TestPostgres;
import io.caravan.time.Timeline;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A devnet says how it is as daemon and miner do: by the same pages, checks and names. */
@Tag("db")
class DevnetObservingTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final long FREE = 5L << 30;

    @TempDir Path home;

    private final SettableClock clock = SettableClock.at(Clock.systemUTC().instant());
    private final Tally tally = new Tally();
    private DevnetNode node;
    private DevnetRoutes routes;
    private DevnetObserving observing;

    @BeforeEach
    void start() {
        DataSource database = TestPool.of(TestPostgres.empty());
        node = new DevnetNode(DevnetConfig.standard().at("127.0.0.1", 0).withInterval(Duration.ofMillis(20)), database, clock, home);
        node.start();
        DevnetBlocks blocks = new DevnetBlocks(tally, clock);
        routes = new DevnetRoutes(node, blocks, clock);
        observing = new DevnetObserving(node, routes, blocks, tally,
                new DevnetObserving.Place(Timeline.of(clock), new Sql(database), home, () -> FREE, 1L << 30));
    }

    @AfterEach
    void stop() {
        node.close();
        observing.close();
        routes.close();
    }

    private HttpResponse<String> get(String path) throws Exception {
        clock.forward(Duration.ofSeconds(11)); // so that what was read before is read again
        return asked(path);
    }

    /** As {@link #get}, after a block of the time that it is then. */
    private HttpResponse<String> afterABlock(String path) throws Exception {
        clock.forward(Duration.ofSeconds(11));
        long before = node.height();
        Await.until("a block", LIMIT, () -> node.height() > before + 1);
        return asked(path);
    }

    private HttpResponse<String> asked(String path) throws Exception {
        return HttpClient.newHttpClient().send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.address().getPort() + path)).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static Map<String, JsonNode> checks(HttpResponse<String> health) throws Exception {
        Map<String, JsonNode> checks = new TreeMap<>();
        new ObjectMapper().readTree(health.body()).path("checks").forEach(check -> checks.put(check.path("code").asText(), check));
        return checks;
    }

    @Test
    void aDevnetThatMakesBlocksIsLiveAndReadyAndCountsThem() throws Exception {
        long first = node.height();
        Await.until("the chain grows", LIMIT, () -> node.height() > first + 3);
        assertThat(afterABlock("/observe/health/live").body()).isEqualTo("live\n");
        assertThat(afterABlock("/observe/health/ready").statusCode()).isEqualTo(200);
        assertThat(checks(afterABlock("/observe/health"))).containsOnlyKeys("BLOCK-01", "DB-01", "DISK-01", "FILE-01", "ROUTE-01")
                .allSatisfy((code, check) -> assertThat(check.path("status").asText()).as(code + check).isEqualTo("ok"));
        String page = afterABlock("/observe/metrics").body();
        assertThat(OpsFiles.names(page)).contains("caravan_build_info", "caravan_chain_epoch", "caravan_chain_head_age_seconds", "caravan_ready",
                "caravan_devnet_pool_messages", "caravan_devnet_block_seconds_bucket", "caravan_devnet_epoch_seconds", "caravan_routes",
                "caravan_disk_free_bytes", "jvm_memory_used_bytes", "process_uptime_seconds");
        assertThat(page.lines()).contains("caravan_devnet_epoch_seconds 0.02", "caravan_devnet_pool_messages 0.0", "caravan_ready 1.0",
                "caravan_build_info{role=\"devnet\",version=\"" + Version.text() + "\"} 1");
        JsonNode told = new LocalCalls(node.methods()).call("Caravan.Health");
        assertThat(told.path("role").asText()).isEqualTo("devnet");
        assertThat(told.path("healthy").asBoolean()).isTrue();
    }

    @Test
    void aDevnetWhoseRouteSomebodyStoppedTakesNoDealsOnAndSaysWhatToStart() throws Exception {
        routes.context().getRouteController().stopRoute("tick-block");
        clock.forward(Duration.ofSeconds(40));
        assertThat(get("/observe/health/live").statusCode()).isEqualTo(200);
        assertThat(get("/observe/health/ready").statusCode()).isEqualTo(503);
        JsonNode blocks = checks(get("/observe/health")).get("BLOCK-01");
        assertThat(blocks.path("status").asText()).isEqualTo("fail");
        assertThat(blocks.path("sentence").asText()).contains("where one is due every 20 ms");
        assertThat(blocks.path("fix").asText()).contains("tick-block");
        assertThat(checks(get("/observe/health")).get("ROUTE-01").path("sentence").asText()).contains("stopped: tick-block");
    }

    @Test
    void aClockThatWasStoppedByHandIsNoFault() throws Exception {
        new LocalCalls(node.methods()).call("Devnet.SetInterval", 0);
        clock.forward(Duration.ofHours(1));
        JsonNode blocks = checks(get("/observe/health")).get("BLOCK-01");
        assertThat(blocks.path("status").asText()).isEqualTo("ok");
        assertThat(blocks.path("sentence").asText()).contains("Devnet.Mine makes blocks");
    }
}
