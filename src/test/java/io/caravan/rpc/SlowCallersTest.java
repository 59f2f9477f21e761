package io.caravan.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.support.Await;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Callers that ask for much and do not take it. */
@Timeout(60)
class SlowCallersTest {

    private static final int BIG = 1 << 20;
    private static final int LONG = 32 << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger open = new AtomicInteger();
    private final List<Socket> slow = new ArrayList<>();
    private RpcServer server;

    /** So many zeros. */
    private final class Zeros extends InputStream {
        private int left = LONG;
        private boolean isClosed;

        Zeros() {
            open.incrementAndGet();
        }

        @Override
        public int read() {
            return left-- > 0 ? 0 : -1;
        }

        @Override
        public int read(byte[] into, int at, int most) {
            int count = Math.min(left, most);
            left -= count;
            return count == 0 && most > 0 ? -1 : count;
        }

        @Override
        public void close() {
            assertThat(isClosed).as("closed once").isFalse();
            isClosed = true;
            open.decrementAndGet();
        }
    }

    @BeforeEach
    void start() {
        server = new RpcServer(ServerConfig.loopback(0), new MethodTable(), Tokens.ofSecret(new byte[32]), Map.of(
                "/big", request -> {
                    asked.incrementAndGet();
                    return HttpPage.Reply.ok("text/plain", new byte[BIG]);
                },
                "/long", request -> HttpPage.Reply.of(200, "text/plain", Map.of(), new HttpPage.Stream(new Zeros(), LONG))));
        server.start();
    }

    @AfterEach
    void stop() throws IOException {
        for (Socket socket : slow) {
            socket.close();
        }
        server.close();
    }

    /** A caller that asks and reads nothing. */
    private void deaf(String requests) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4096);
        socket.connect(new InetSocketAddress("127.0.0.1", server.address().getPort()));
        slow.add(socket);
        socket.getOutputStream().write(requests.getBytes(StandardCharsets.US_ASCII));
    }

    private int length(String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.address().getPort() + path))
                .timeout(Duration.ofSeconds(20)).build();
        try (InputStream body = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofInputStream()).body()) {
            return body.readAllBytes().length;
        }
    }

    @Test
    void whoTakesLongAnswersSlowlyKeepsNobodyWaiting() throws Exception {
        for (int i = 0; i < 40; i++) {
            deaf("GET /long HTTP/1.1\r\nHost: localhost\r\n\r\n");
        }
        Await.until("all of them were asked for", Duration.ofSeconds(20), () -> open.get() == 40);
        assertThat(length("/long")).isEqualTo(LONG);
        assertThat(length("/big")).isEqualTo(BIG);
        for (Socket socket : slow) {
            socket.close();
        }
        Await.until("nothing stays open behind them", Duration.ofSeconds(20), () -> open.get() == 0);
    }

    @Test
    void answersThatNobodyTakesDoNotPileUp() throws Exception {
        deaf("GET /big HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(500));
        Await.until("the first was asked for", Duration.ofSeconds(20), () -> asked.get() > 0);
        for (int i = 0; i < 20; i++) {
            assertThat(length("/big")).isEqualTo(BIG);
        }
        assertThat(asked.get()).as("answered of 500, as many as the sockets hold").isLessThan(20 + 60);
    }

    @Test
    void aCallerHasToTakeSomethingEachWhileAndAllOfItInTime() {
        long begun = 7_000_000_000L;
        long second = TimeUnit.SECONDS.toNanos(1);
        assertThat(LongBody.due(begun, begun, 0, PATIENCE)).as("the head").isEqualTo(begun + 60 * second);
        assertThat(LongBody.due(begun, begun + second, 64 << 20, PATIENCE)).as("whoever was quick may not rest on it")
                .isEqualTo(begun + 61 * second);
        assertThat(LongBody.due(begun, begun + 600 * second, 160 << 10, PATIENCE)).as("a drop each minute is too slow")
                .isEqualTo(begun + 70 * second);
    }
}
