package io.caravan.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.devnet.DevnetConfig;
import io.caravan.devnet.DevnetNode;
import io.caravan.node.observe.Tally;
import io.caravan.support.Await;
import io.caravan.support.TestPool;
import io.caravan.support.TestPostgres;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DevnetRoutesTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String BEAN = "\"mbean\":\"org.apache.camel:context=devnet,name=\\\"tick-block\\\",type=routes\"";

    @TempDir Path home;

    private DevnetNode node;

    private String jolokia(String request) throws Exception {
        URI page = URI.create("http://127.0.0.1:" + node.address().getPort() + "/hawtio/jolokia");
        return HttpClient.newHttpClient().send(HttpRequest.newBuilder(page).header("Authorization", "Bearer " + node.token())
                .POST(HttpRequest.BodyPublishers.ofString(request)).build(), HttpResponse.BodyHandlers.ofString()).body();
    }

    @Test
    void theRouteMakesTheBlocksAndTheChainStandsStillWhileItIsStopped() throws Exception {
        DevnetConfig config = DevnetConfig.standard().at("127.0.0.1", 0).withInterval(Duration.ofMillis(20));
        node = new DevnetNode(config, TestPool.of(TestPostgres.empty()), Clock.systemUTC(), home);
        node.start();
        try (DevnetNode open = node) {
            try (DevnetRoutes routes = new DevnetRoutes(open, new DevnetBlocks(new Tally(), Clock.systemUTC()), Clock.systemUTC())) {
                long first = node.height();
                Await.until("the chain grows", LIMIT, () -> node.height() > first + 3);
                assertThat(jolokia("{\"type\":\"read\"," + BEAN + ",\"attribute\":\"ExchangesCompleted\"}")).contains("\"status\":200");
                assertThat(jolokia("{\"type\":\"exec\"," + BEAN + ",\"operation\":\"stop()\"}")).contains("\"status\":200");
                long stopped = node.height();
                assertThat(jolokia("{\"type\":\"version\"}")).contains("\"status\":200");
                assertThat(node.height()).isEqualTo(stopped);
                assertThat(jolokia("{\"type\":\"exec\"," + BEAN + ",\"operation\":\"start()\"}")).contains("\"status\":200");
                Await.until("the chain grows again", LIMIT, () -> node.height() > stopped + 1);
            }
        }
    }
}
