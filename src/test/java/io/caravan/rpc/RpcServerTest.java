package io.caravan.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Server and client over real loopback sockets. */
@Timeout(30)
class RpcServerTest {
    private static final int MAX_BODY = 256 << 10;

    private final MethodTable table = new MethodTable();
    private final Tokens tokens = Tokens.ofSecret(new byte[32]);
    private final BlockingQueue<OutChannel> opened = new LinkedBlockingQueue<>();
    private final CountDownLatch waiting = new CountDownLatch(1);
    private final CountDownLatch cancelled = new CountDownLatch(1);
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private RpcServer server;
    private String base;

    @BeforeEach
    void start() {
        table.register("Filecoin.Echo", RpcMethod.read(1, (params, context) -> params.node(0)));
        table.register("Filecoin.Big", RpcMethod.read(1, (params, context) ->
                "x".repeat((int) params.integer(0, "n"))));
        table.register("Filecoin.Fails", RpcMethod.read(0, (params, context) -> {
            throw new RpcException(3, "actor not found");
        }));
        table.register("Filecoin.Version", RpcMethod.read(0, (params, context) -> 1));
        table.registerV0("Filecoin.Version", RpcMethod.read(0, (params, context) -> 0));
        for (Permission permission : Permission.values()) {
            table.register("Filecoin.Needs" + permission.wireName(), RpcMethod.of(permission, 0, (params, context) ->
                    "ok"));
        }
        table.register("Filecoin.Waits", RpcMethod.read(0, (params, context) -> {
            CompletableFuture<Object> never = new CompletableFuture<>();
            waiting.countDown();
            context.onCancel(() -> {
                cancelled.countDown();
                never.completeExceptionally(new RpcException("context canceled"));
            });
            return never;
        }));
        table.register("Filecoin.Notify", RpcMethod.read(0, (params, context) -> {
            OutChannel channel = context.openChannel();
            channel.send("current");
            opened.add(channel);
            return channel;
        }));
        ServerConfig config = ServerConfig.loopback(0).limited(new ServerLimits(MAX_BODY, 4L << 20, 128, 100, 64, 64, 4, 64, 8, 0, 1,
                Duration.ofSeconds(1), Duration.ofSeconds(2)));
        server = new RpcServer(config, table, tokens, Map.of(
                "/", request -> HttpPage.Reply.ok("text/html", ("home " + request.query())
                .getBytes(StandardCharsets.UTF_8)),
                "/observe/", request -> HttpPage.Reply.text(200, request.path()),
                "/broken", request -> {
                    throw new IllegalStateException("secret detail");
                }));
        server.start();
        base = "http://127.0.0.1:" + server.address().getPort();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private RpcClient client(Permission... permissions) {
        return new RpcClient(URI.create(base + "/rpc/v1"), permissions.length == 0 ? null
                : tokens.issue(List.of(permissions)),
                new RpcClient.Limits(Duration.ofSeconds(2), Duration.ofSeconds(5), 1 << 20));
    }

    private HttpResponse<String> post(String path, String contentType, String body) throws Exception {
        return http.send(HttpRequest.newBuilder(URI.create(base + path)).header("Content-Type", contentType)
                .POST(HttpRequest.BodyPublishers.ofString(body)).build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void carriesCallsAndErrorsBothWays() {
        try (RpcClient client = client()) {
            assertThat(client.call("Filecoin.Echo", Map.of("/", "bafy")).path("/").asText()).isEqualTo("bafy");
            assertThat(client.call("Filecoin.Echo", (Object) null).isNull()).isTrue();
            assertThatThrownBy(() -> client.call("Filecoin.Fails"))
                    .isInstanceOfSatisfying(RpcException.class, e -> {
                        assertThat(e.code()).isEqualTo(3);
                        assertThat(e.isRetryable()).isFalse();
                    }).hasMessage("actor not found");
            assertThatThrownBy(() -> client.call("Filecoin.Nope")).hasMessage("method 'Filecoin.Nope' not found");
        }
    }

    @Test
    void answersV0AndV1FromOneTableWithOverrides() throws Exception {
        String call = "{\"id\":1,\"method\":\"Filecoin.Version\"}";
        assertThat(post("/rpc/v0", "application/json", call).body()).contains("\"result\":0");
        assertThat(post("/rpc/v1", "application/json", call).body()).contains("\"result\":1");
    }

    @Test
    void givesEveryTokenItsRightAndNoOther() {
        for (Permission has : Permission.values()) {
            RpcClient client = client(has);
            for (Permission needs : Permission.values()) {
                String method = "Filecoin.Needs" + needs.wireName();
                if (has == needs) {
                    assertThat(client.call(method).asText()).isEqualTo("ok");
                } else {
                    assertThatThrownBy(() -> client.call(method)).hasMessage("missing permission to invoke 'Needs"
                            + needs.wireName() + "' (need '" + needs.wireName() + "')");
                }
            }
        }
    }

    @Test
    void readsOnlyWithoutATokenAndRefusesABadOne() throws Exception {
        assertThat(client().call("Filecoin.Needsread").asText()).isEqualTo("ok");
        assertThatThrownBy(() -> client().call("Filecoin.Needswrite")).hasMessageContaining("missing permission");
        RpcClient stranger = new RpcClient(URI.create(base + "/rpc/v1"), "a.b.c");
        assertThatThrownBy(() -> stranger.call("Filecoin.Needsread")).isInstanceOf(RpcTransportException.class)
                .hasMessageContaining("refused the token");
        HttpResponse<String> basic = http.send(HttpRequest.newBuilder(URI.create(base + "/rpc/v1"))
                .header("Authorization", "Basic eDp5").POST(HttpRequest.BodyPublishers.ofString("{}")).build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(basic.statusCode()).isEqualTo(401);
        assertThat(basic.body()).isEqualTo("the Authorization header does not start with Bearer\n");
        String all = tokens.issue(Permission.all());
        assertThat(post("/rpc/v1?token=" + all, "application/json", "{\"id\":1,\"method\":\"Filecoin.Needsadmin\"}")
                .body()).contains("ok");
    }

    @Test
    void readsJsonWhateverItsContentTypeSays() throws Exception {
        for (String type : List.of("application/x-www-form-urlencoded", "text/plain",
                "multipart/form-data; boundary=x")) {
            HttpResponse<String> answer = post("/rpc/v0", type, "{\"id\":1,\"method\":\"Filecoin.Version\"}");
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
            assertThat(answer.body()).isEqualTo("{\"id\":1,\"jsonrpc\":\"2.0\",\"result\":0}\n");
        }
    }

    @Test
    void saysThatABodyIsTooLong() throws Exception {
        String body = "{\"id\":1,\"method\":\"Filecoin.Echo\",\"params\":[\"" + "x".repeat(MAX_BODY) + "\"]}";
        HttpResponse<String> answer = post("/rpc/v1", "application/json", body);
        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body()).contains("-32700", "request bigger than maximum 262144 allowed");
        HttpResponse<String> chunked = http.send(HttpRequest.newBuilder(URI.create(base + "/rpc/v1"))
                .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(
                        body.getBytes(StandardCharsets.UTF_8)))).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(chunked.body()).contains("request bigger than maximum");
        assertThat(client().call("Filecoin.Version").asInt()).isEqualTo(1);
    }

    @Test
    void refusesAnAnswerThatIsTooLong() {
        RpcClient small = new RpcClient(URI.create(base + "/rpc/v1"), null,
                new RpcClient.Limits(Duration.ofSeconds(1), Duration.ofSeconds(5), 1000));
        assertThatThrownBy(() -> small.call("Filecoin.Big", 5000)).isInstanceOf(RpcTransportException.class)
                .hasMessageContaining("longer than 1000 bytes");
        assertThat(small.call("Filecoin.Big", 500).asText()).hasSize(500);
    }

    @Test
    void endsACallAtItsDeadlineAndTellsTheHandler() throws Exception {
        RpcClient client = client();
        assertThatThrownBy(() -> client.call(Duration.ofMillis(100), "Filecoin.Waits"))
                .isInstanceOfSatisfying(RpcTransportException.class, e -> assertThat(e.isRetryable()).isTrue())
                .hasMessageContaining("did not answer within 100 ms");
        assertThat(cancelled.await(5, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void endsACallThatItsCallerGivesUp() throws Exception {
        CompletableFuture<JsonNode> call = client().callAsync(Duration.ofSeconds(20), "Filecoin.Waits", List.of());
        assertThat(waiting.await(5, TimeUnit.SECONDS)).isTrue();
        call.cancel(true);
        assertThat(cancelled.await(5, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void saysThatNobodyListens() {
        server.close();
        assertThatThrownBy(() -> client().call("Filecoin.Version")).isInstanceOf(RpcTransportException.class)
                .hasMessageContaining("Filecoin.Version at http://127.0.0.1");
    }

    @Test
    void servesPagesByTheLongestPrefix() throws Exception {
        assertThat(get("/?a=1")).isEqualTo("home a=1");
        assertThat(get("/observe/health")).isEqualTo("/observe/health\n");
        assertThat(get("/broken")).isEmpty();
        assertThat(raw("GET /../etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n")).startsWith("HTTP/1.1 404");
        assertThat(raw("GET /%2e%2e/etc HTTP/1.1\r\nHost: localhost\r\n\r\n")).startsWith("HTTP/1.1 404");
    }

    private String get(String path) throws Exception {
        return http.send(HttpRequest.newBuilder(URI.create(base + path)).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    @Test
    void answersPipelinedCallsInOrder() throws Exception {
        StringBuilder requests = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            String body = "{\"id\":" + i + ",\"method\":\"Filecoin.Echo\",\"params\":[" + i + "]}";
            requests.append("POST /rpc/v1 HTTP/1.1\r\nHost: localhost\r\n").append(i == 19 ? "Connection: close\r\n" : "")
                    .append("Content-Length: ").append(body.length()).append("\r\n\r\n").append(body);
        }
        String answers = raw(requests.toString());
        int at = 0;
        for (int i = 0; i < 20; i++) {
            at = answers.indexOf("{\"id\":" + i + ",\"jsonrpc\":\"2.0\",\"result\":" + i + "}", at);
            assertThat(at).as("answer %d", i).isPositive();
        }
    }

    @Test
    void endsAConnectionWhoseBodyDoesNotCome() throws Exception {
        long start = System.nanoTime();
        assertThat(raw("POST /rpc/v1 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{")).isEmpty();
        assertThat(raw("POST /rpc/v1 HT")).isEmpty();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void staysUpUnderBrokenHeadsCutRequestsAndNoise() throws Exception {
        assertThat(raw("GET / HTTP/1.1\r\nX: " + "y".repeat(20_000) + "\r\n\r\n")).startsWith("HTTP/1.1 400");
        String whole = "POST /rpc/v1 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\nnull";
        for (int length = 0; length < whole.length(); length++) {
            try (Socket socket = new Socket("127.0.0.1", server.address().getPort())) {
                socket.getOutputStream().write(whole.substring(0, length).getBytes(StandardCharsets.UTF_8));
            }
        }
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 50; round++) {
            byte[] noise = new byte[random.nextInt(2000)];
            random.nextBytes(noise);
            try (Socket socket = new Socket("127.0.0.1", server.address().getPort())) {
                OutputStream out = socket.getOutputStream();
                out.write(noise);
                out.write('\n');
            } catch (java.io.IOException e) {
                // it may well end before all is sent
            }
        }
        assertThat(client().call("Filecoin.Version").asInt()).as("seed %d", seed).isEqualTo(1);
    }

    private String raw(String request) throws Exception {
        try (Socket socket = new Socket("127.0.0.1", server.address().getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            InputStream in = socket.getInputStream();
            for (int b = in.read(); b >= 0; b = in.read()) {
                all.write(b);
            }
            return all.toString(StandardCharsets.UTF_8);
        }
    }

    @Test
    void carriesTheValuesOfAChannelInOrderUntilItCloses() throws Exception {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        try (RpcClient client = client()) {
            RpcSubscription subscription = client.subscribe("Filecoin.Notify", List.of(), into(heard));
            OutChannel channel = opened.poll(5, TimeUnit.SECONDS);
            assertThat(channel).isNotNull();
            for (int i = 0; i < 100; i++) {
                assertThat(channel.send(i)).isTrue();
            }
            channel.close();
            assertThat(heard.poll(5, TimeUnit.SECONDS)).isEqualTo("current");
            for (int i = 0; i < 100; i++) {
                assertThat(heard.poll(5, TimeUnit.SECONDS)).isEqualTo(String.valueOf(i));
            }
            assertThat(heard.poll(5, TimeUnit.SECONDS)).isEqualTo("closed: the far side closed the channel");
            assertThat(subscription.isOpen()).isFalse();
            assertThat(channel.send("late")).isFalse();
        }
    }

    @Test
    void tellsTheHandlerThatASubscriptionWasCancelled() throws Exception {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        CountDownLatch ended = new CountDownLatch(1);
        RpcClient client = client();
        RpcSubscription subscription = client.subscribe("Filecoin.Notify", List.of(), into(heard));
        OutChannel channel = opened.poll(5, TimeUnit.SECONDS);
        channel.onClose(ended::countDown);
        subscription.close();
        assertThat(ended.await(5, TimeUnit.SECONDS)).isTrue();
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void tellsTheListenerThatTheServerWentAway() throws Exception {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        client().subscribe("Filecoin.Notify", List.of(), into(heard));
        assertThat(heard.poll(5, TimeUnit.SECONDS)).isEqualTo("current");
        server.close();
        assertThat(heard.poll(5, TimeUnit.SECONDS)).startsWith("closed: ");
    }

    @Test
    void refusesASubscriptionWithTheFarSidesError() {
        assertThatThrownBy(() -> client().subscribe("Filecoin.Nope", List.of(), into(new LinkedBlockingQueue<>())))
                .hasMessage("method 'Filecoin.Nope' not found");
        RpcClient stranger = new RpcClient(URI.create(base + "/rpc/v1"), "a.b.c");
        assertThatThrownBy(() -> stranger.subscribe("Filecoin.Notify", List.of(), into(new LinkedBlockingQueue<>())))
                .hasMessageContaining("refused the token");
    }

    @Test
    void speaksTheFramesOfTheReferenceOverOneSocket() throws Exception {
        BlockingQueue<String> frames = new LinkedBlockingQueue<>();
        WebSocket socket = socket(frames);
        socket.sendText("{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"Filecoin.Notify\",\"params\":[]}", true).join();
        assertThat(frames.poll(5, TimeUnit.SECONDS)).isEqualTo("{\"id\":7,\"jsonrpc\":\"2.0\",\"result\":1}\n");
        assertThat(frames.poll(5, TimeUnit.SECONDS))
                .isEqualTo("{\"jsonrpc\":\"2.0\",\"method\":\"xrpc.ch.val\",\"params\":[1,\"current\"]}");
        socket.sendText("{\"id\":8,\"method\":\"Filecoin.", false).join();
        socket.sendText("Version\"}", true).join();
        assertThat(frames.poll(5, TimeUnit.SECONDS)).isEqualTo("{\"id\":8,\"jsonrpc\":\"2.0\",\"result\":1}\n");
        socket.sendText("{\"id\":9,\"method\":\"Filecoin.Waits\",\"params\":[]}", true).join();
        socket.sendText("{\"jsonrpc\":\"2.0\",\"method\":\"xrpc.cancel\",\"params\":[9]}", true).join();
        assertThat(frames.poll(5, TimeUnit.SECONDS)).contains("\"id\":9", "context canceled");
        socket.sendText("{\"jsonrpc\":\"2.0\",\"method\":\"xrpc.cancel\",\"params\":[7]}", true).join();
        assertThat(frames.poll(5, TimeUnit.SECONDS))
                .isEqualTo("{\"jsonrpc\":\"2.0\",\"method\":\"xrpc.ch.close\",\"params\":[1]}");
        socket.sendText("not json", true).join();
        assertThat(frames.poll(5, TimeUnit.SECONDS)).contains("-32700");
        socket.abort();
    }

    @Test
    void boundsTheCallsOfOneSocket() throws Exception {
        BlockingQueue<String> frames = new LinkedBlockingQueue<>();
        WebSocket socket = socket(frames);
        for (int i = 0; i < 8; i++) {
            socket.sendText("{\"id\":" + i + ",\"method\":\"Filecoin.Waits\"}", true).join();
        }
        socket.sendText("{\"id\":8,\"method\":\"Filecoin.Waits\"}", true).join();
        assertThat(frames.poll(5, TimeUnit.SECONDS)).contains("\"id\":8", "more than 8 calls are open");
        socket.abort();
        assertThat(cancelled.await(5, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void endsASocketWithAnOverlongMessage() throws Exception {
        BlockingQueue<String> frames = new LinkedBlockingQueue<>();
        WebSocket socket = socket(frames);
        String part = "x".repeat(100_000);
        socket.sendText(part, false).join();
        socket.sendText(part, false).join();
        socket.sendText(part, false).join();
        assertThat(frames.poll(5, TimeUnit.SECONDS)).isEqualTo("closed 1009");
    }

    @Test
    void closesTheChannelOfAReaderWhoDoesNotRead() throws Exception {
        AtomicReference<WebSocket> held = new AtomicReference<>();
        http.newWebSocketBuilder().buildAsync(URI.create(base.replace("http", "ws") + "/rpc/v1"),
                new WebSocket.Listener() {
            @Override
            public void onOpen(WebSocket socket) {
                held.set(socket); // never asks for a message
            }
        }).join();
        held.get().sendText("{\"id\":1,\"method\":\"Filecoin.Notify\"}", true).join();
        OutChannel channel = opened.poll(5, TimeUnit.SECONDS);
        String value = "x".repeat(10_000);
        int sent = 0;
        while (channel.send(value) && sent < 100_000) {
            sent++;
        }
        assertThat(channel.isOpen()).isFalse();
        assertThat(sent).isLessThan(100_000);
        held.get().abort();
    }

    private WebSocket socket(BlockingQueue<String> frames) {
        return http.newWebSocketBuilder().buildAsync(URI.create(base.replace("http", "ws") + "/rpc/v1"),
                new WebSocket.Listener() {
                    private final StringBuilder text = new StringBuilder();

                    @Override
                    public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
                        text.append(part);
                        if (last) {
                            frames.add(text.toString());
                            text.setLength(0);
                        }
                        socket.request(1);
                        return null;
                    }

                    @Override
                    public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
                        frames.add("closed " + status);
                        return null;
                    }
                }).join();
    }

    private static ChannelListener into(BlockingQueue<String> heard) {
        return new ChannelListener() {
            @Override
            public void onValue(JsonNode value) {
                heard.add(value.asText());
            }

            @Override
            public void onClosed(String reason) {
                heard.add("closed: " + reason);
            }
        };
    }
}
