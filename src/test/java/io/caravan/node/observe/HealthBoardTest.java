package io.caravan.node.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.node.net.Finding;
import io.caravan.rpc.Caller;
import io.caravan.rpc.HttpPage;
import io.caravan.rpc.Permission;
import io.caravan.support.Await;
import io.caravan.time.Timeline;
import io.caravan.time.Workers;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Health answers in time whatever its checks do, and says what is wrong in sentences. */
class HealthBoardTest {

    private final Workers workers = Timeline.of(Clock.systemUTC()).workers("health-test", 4, 16);
    private final HealthBoard board = new HealthBoard("miner", workers, Clock.systemUTC());
    private final CountDownLatch never = new CountDownLatch(1);
    private String from = "127.0.0.1";
    private final ObservePage page = new ObservePage(board, () -> "metrics");

    @AfterEach
    void end() {
        never.countDown();
        workers.close();
    }

    private HttpPage.Reply get(String path) {
        return get(path, Caller.nobody(address(), Permission.ofNobody()), Map.of());
    }

    private HttpPage.Reply get(String path, Caller caller, Map<String, String> headers) {
        return page.handle(new HttpPage.Request("GET", path, "", headers, new byte[0], caller));
    }

    private InetAddress address() {
        try {
            return InetAddress.getByName(from);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static String text(HttpPage.Reply reply) {
        return new String(reply.body(), StandardCharsets.UTF_8);
    }

    private List<Finding> hang() {
        try {
            never.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return List.of();
    }

    @Test
    void aCheckThatHangsIsAFindingAndKeepsNobodyWaiting() {
        AtomicInteger runs = new AtomicInteger();
        board.add(HealthCheck.needed("HANG-01", "slow chain", () -> {
            runs.incrementAndGet();
            return hang();
        }));
        board.add(HealthCheck.of("FINE-01", "fine", () -> List.of(Finding.ok("FINE-01", "it is", "yes"))));
        long began = System.nanoTime();
        HealthReport report = board.report();
        board.report();
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(20));
        assertThat(report.findings()).extracting(Finding::code).containsExactly("HANG-01", "FINE-01");
        assertThat(report.findings().get(0).level()).isEqualTo(Finding.Level.FAIL);
        assertThat(report.findings().get(0).sentence()).contains("has not answered");
        assertThat(report.findings().get(0).fix()).isNotBlank();
        assertThat(report.isReady()).isFalse();
        assertThat(runs).as("it hangs once").hasValue(1);
        assertThat(get("/observe/health/ready").status()).isEqualTo(503);
        assertThat(get("/observe/health/live").status()).isEqualTo(200);
    }

    @Test
    void aCheckThatThrowsIsAFindingToo() {
        board.add(HealthCheck.of("DB-01", "database", () -> {
            throw new IllegalStateException("no connection");
        }));
        HealthReport report = board.report();
        assertThat(report.findings()).singleElement().satisfies(finding ->
                assertThat(finding.sentence()).isEqualTo("it could not be looked at: no connection"));
        assertThat(report.isReady()).as("it only informs").isTrue();
        assertThat(report.isHealthy()).isFalse();
    }

    @Test
    void aBurstOfQuestionsLooksOnce() {
        AtomicInteger runs = new AtomicInteger();
        board.add(HealthCheck.of("ONE-01", "counted", () -> {
            runs.incrementAndGet();
            return List.of();
        }));
        for (int i = 0; i < 50; i++) {
            board.report();
        }
        assertThat(runs.get()).isBetween(1, 5);
    }

    @Test
    void thePageTellsDetailsOnlyToThoseWhoMayReadThem() throws Exception {
        board.add(HealthCheck.needed("DB-01", "database", () -> List.of(Finding.fail("DB-01", "the database answers", "it does not", "start it"))));
        HttpPage.Reply reply = get("/observe/health");
        assertThat(reply.status()).isEqualTo(503);
        var check = new com.fasterxml.jackson.databind.ObjectMapper().readTree(reply.body()).path("checks").path(0);
        assertThat(check.path("name").asText()).isEqualTo("database");
        assertThat(check.path("status").asText()).isEqualTo("fail");
        assertThat(check.path("sentence").asText()).isEqualTo("it does not");
        assertThat(check.path("fix").asText()).isEqualTo("start it");
        assertThat(get("/observe/metrics", Caller.nobody(address(), Permission.ofNobody()), Map.of("x-forwarded-for", "10.0.0.1")).status()).as("through a proxy").isEqualTo(401);
        from = "10.0.0.1";
        assertThat(get("/observe/metrics", Caller.ofToken(address(), Permission.ofNobody()), Map.of()).status()).as("with a token").isEqualTo(200);
        assertThat(get("/observe/health").status()).isEqualTo(401);
        assertThat(get("/observe/metrics").status()).isEqualTo(401);
        assertThat(text(get("/observe/health/ready"))).isEqualTo("not ready\n");
        assertThat(get("/observe/elsewhere").status()).isEqualTo(404);
    }

    @Test
    void whatHungIsLookedAtAgainWhenItHasAnswered() {
        AtomicBoolean first = new AtomicBoolean(true);
        Refreshed<String> value = new Refreshed<>(() -> {
            if (first.getAndSet(false)) {
                hang();
            }
            return "read";
        }, Duration.ZERO, 0, workers, Clock.systemUTC());
        assertThat(value.get(Duration.ofMillis(1)).value()).isNull();
        assertThat(value.get(Duration.ofMillis(1)).hangs()).isNotNull();
        never.countDown();
        Await.until("it answers", Duration.ofSeconds(10), () -> "read".equals(value.get(Duration.ofMillis(50)).value()));
        assertThat(value.get(Duration.ofSeconds(5)).failure()).isNull();
    }
}
