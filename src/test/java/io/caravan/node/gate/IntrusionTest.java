package io.caravan.node.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.node.bench.Intruder;
import io.caravan.node.bench.Intruder.Attempt;
import io.caravan.node.bench.Intruder.Trick;
import io.caravan.rpc.Caller;
import io.caravan.rpc.RpcClient;
import io.caravan.support.SettableClock;
import io.caravan.support.TestPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Strangers at a role's port: none gets in, and whoever may call is answered meanwhile. */
@Timeout(120)
@TestInstance(Lifecycle.PER_CLASS)
class IntrusionTest {

    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    private static final long SEED = Long.getLong("caravan.seed", System.nanoTime());
    private static final int TRIES = 60;
    private static final int STRANGERS = 4;

    @TempDir
    static Path home;
    private GateWorld world;

    @BeforeAll
    void open() {
        POSTGRES.database().sql().write("test/empty", Map.of());
        Map<String, String> settings = new HashMap<>(Map.of("caravan.rpc.body-timeout", "500ms", "caravan.rpc.idle-timeout", "2s",
                "caravan.rpc.max-connections", "64", "caravan.rpc.max-connections-per-address", "8", "caravan.rpc.max-body", "64KiB",
                "caravan.rpc.max-buffered", "1MiB", "caravan.rpc.rate", "100", "caravan.rpc.burst", "2000"));
        world = new GateWorld(POSTGRES.database().sql(), SettableClock.at(Instant.parse("2026-01-01T00:00:00Z")), home, settings);
        world.desk.addAccount("admin", "a password nobody guesses", world.all(), Caller.itself());
    }

    @AfterAll
    void close() {
        world.close();
    }

    private Intruder intruder(long seed) {
        System.out.println("strangers of seed " + seed);
        return new Intruder(world.server.address(), new Random(seed));
    }

    @ParameterizedTest
    @EnumSource(Trick.class)
    void noTrickLetsAStrangerIn(Trick trick) {
        Intruder intruder = intruder(SEED);
        for (int i = 0; i < 5; i++) {
            assertThat(intruder.once(trick)).as("seed " + SEED).matches(attempt -> !attempt.isBreach());
        }
        try (RpcClient good = new RpcClient(URI.create(world.base() + "/rpc/v1"), world.admin)) {
            assertThat(good.call("Test.Admin").asText()).isEqualTo("token home");
        }
    }

    @Test
    void whoeverMayCallIsAnsweredWhileStrangersTryEverything() throws IOException {
        List<Socket> held = new ArrayList<>();
        Intruder slow = intruder(SEED);
        for (int i = 0; i < 40; i++) {
            held.add(slow.held());
        }
        List<CompletableFuture<List<Attempt>>> strangers = new ArrayList<>();
        for (int i = 0; i < STRANGERS; i++) {
            Intruder intruder = intruder(SEED + 1 + i);
            strangers.add(CompletableFuture.supplyAsync(() -> {
                List<Attempt> attempts = new ArrayList<>();
                for (int n = 0; n < TRIES; n++) {
                    attempts.add(intruder.once());
                }
                return attempts;
            }, work -> new Thread(work, "stranger").start()));
        }
        CompletableFuture<Void> over = CompletableFuture.allOf(strangers.toArray(CompletableFuture[]::new));
        int answered = 0;
        try (RpcClient good = new RpcClient(URI.create(world.base() + "/rpc/v1"), world.desk.newToken("good", world.all(), null,
                Caller.itself()).token())) {
            while (!over.isDone() && answered < 1500) {
                assertThat(good.call("Test.Admin").asText()).isEqualTo("token good");
                answered++;
            }
        }
        over.join();
        assertThat(answered).isPositive();
        strangers.forEach(stranger -> assertThat(stranger.join()).as("seed " + SEED).noneMatch(Attempt::isBreach));
        for (Socket socket : held) {
            socket.close();
        }
    }

    @Test
    void slowConnectionsAreEnded() throws IOException {
        try (Socket slow = intruder(SEED).held()) {
            slow.setSoTimeout(20_000);
            assertThat(slow.getInputStream().readAllBytes()).isEmpty();
        }
    }

    @Test
    void oneAddressHasOnlySoManyConnections() throws IOException {
        List<Socket> open = new ArrayList<>();
        try {
            for (int i = 0; i < 12; i++) {
                open.add(new Socket(InetAddress.getByName("127.0.0.1"), world.port(), InetAddress.getByName("127.0.0.1"), 0));
            }
            assertThat(open.stream().filter(IntrusionTest::isAnswered).count()).as("beside what other callers hold").isBetween(1L, 8L);
        } finally {
            for (Socket socket : open) {
                socket.close();
            }
        }
    }

    private static boolean isAnswered(Socket socket) {
        try {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write("GET /page HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            return socket.getInputStream().read() >= 0;
        } catch (IOException e) {
            return false; // ended by the far side
        }
    }

    @Test
    void whoCallsTooOftenIsToldWhenToComeBackAndNobodyElseNotices() {
        String bearer = "Bearer " + world.desk.newToken("eager", world.all(), null, Caller.itself()).token();
        String batch = "[" + "{\"id\":1,\"method\":\"Test.Read\",\"params\":[]},".repeat(999) + "{\"id\":1,\"method\":\"Test.Read\",\"params\":[]}]";
        HttpResponse<String> last = null;
        for (int i = 0; i < 5 && (last == null || last.statusCode() == 200); i++) {
            last = world.send("POST", "/rpc/v1", batch, "Authorization", bearer, "Content-Type", "application/json");
        }
        assertThat(last).isNotNull();
        assertThat(last.statusCode()).isEqualTo(429);
        assertThat(Integer.parseInt(last.headers().firstValue("Retry-After").orElseThrow())).isBetween(1, 30);
        assertThat(last.body()).contains("too many calls: wait");
        assertThat(world.said(world.call("Test.Admin", "Authorization", "Bearer " + world.admin))).isEqualTo("token home");
    }

    @Test
    void everyAnswerCarriesTheHeadersThatProtectABrowser() {
        List<HttpResponse<String>> answers = List.of(world.send("GET", "/login", ""), world.send("GET", "/page", ""),
                world.send("GET", "/nothing", ""), world.call("Test.Read"), world.call("Test.Read", "Authorization", "Bearer x"),
                world.send("GET", "/page", "", "Host", "evil.example"), world.login("{}"));
        assertThat(answers).allSatisfy(answer -> {
            assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
            assertThat(answer.headers().firstValue("Referrer-Policy")).contains("no-referrer");
            assertThat(answer.headers().firstValue("Cross-Origin-Opener-Policy")).contains("same-origin");
            assertThat(answer.headers().firstValue("Content-Security-Policy").orElseThrow()).contains("frame-ancestors 'none'");
            assertThat(answer.headers().firstValue("Strict-Transport-Security")).as("not without TLS").isEmpty();
        });
    }
}
