package io.caravan.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.net.InetAddress;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The frames of chain-and-rpc §1.2 without any transport. */
class HttpCallsTest {
    private static final Caller READ = Caller.nobody(InetAddress.getLoopbackAddress(), Permission.ofNobody());

    private final List<String> seen = new ArrayList<>();
    private final MethodTable table = new MethodTable();
    private final ObjectMapper mapper = RpcJson.bounded(128, 1 << 20, 100_000);
    private final HttpCalls calls = new HttpCalls(new Dispatcher(table, mapper), () -> 10, 1 << 20);

    HttpCallsTest() {
        table.register("Filecoin.Echo", RpcMethod.read(1, (params, context) -> params.node(0)));
        table.register("Filecoin.Void", RpcMethod.read(0, (params, context) -> {
            seen.add("void");
            return null;
        }));
        table.register("Filecoin.Later", RpcMethod.read(0, (params, context) ->
                CompletableFuture.supplyAsync(() -> 7)));
        table.register("Filecoin.Fails", RpcMethod.read(0, (params, context) -> {
            throw new RpcException("actor not found");
        }));
        table.register("Filecoin.Coded", RpcMethod.read(0, (params, context) -> {
            throw new RpcException(12, "requested epoch was a null round (5)", mapper.getNodeFactory().numberNode(5),
                    null);
        }));
        table.register("Filecoin.Bug", RpcMethod.read(0, (params, context) -> {
            throw new IllegalStateException("secret detail");
        }));
        table.register("Filecoin.Admin", RpcMethod.of(Permission.ADMIN, 0, (params, context) -> 1));
        table.register("Filecoin.Text", RpcMethod.read(1, (params, context) -> params.text(0, "wallet")));
        table.register("Filecoin.Channel", RpcMethod.read(0, (params, context) -> context.openChannel()));
        table.register("Filecoin.Unwritable", RpcMethod.read(0, (params, context) -> new Object() {
            @SuppressWarnings("unused")
            public String getX() {
                throw new IllegalStateException("no");
            }
        }));
    }

    private HttpCalls.Reply post(String body) {
        return post(body.getBytes(StandardCharsets.UTF_8));
    }

    private HttpCalls.Reply post(byte[] body) {
        return calls.answer(body, method -> new CallScope(READ, 1, method, null), more -> 0).join();
    }

    private void expect(String body, int status, String answer) {
        HttpCalls.Reply reply = post(body);
        assertThat(new String(reply.body(), StandardCharsets.UTF_8)).isEqualTo(answer);
        assertThat(reply.status()).isEqualTo(status);
    }

    @Test
    void answersInTheOrderAndShapeOfGoJsonrpc() {
        expect("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"Filecoin.Echo\",\"params\":[{\"a\":[1,\"x\"]}]}", 200,
                "{\"id\":1,\"jsonrpc\":\"2.0\",\"result\":{\"a\":[1,\"x\"]}}\n");
        expect("{\"jsonrpc\":\"2.0\",\"id\":\"k\",\"method\":\"Filecoin.Void\",\"params\":[],\"meta\":{}}", 200,
                "{\"id\":\"k\",\"jsonrpc\":\"2.0\",\"result\":null}\n");
        expect("{\"id\":2,\"method\":\"Filecoin.Void\",\"params\":null}", 200,
                "{\"id\":2,\"jsonrpc\":\"2.0\",\"result\":null}\n");
        expect("{\"id\":3,\"method\":\"Filecoin.Later\"}", 200, "{\"id\":3,\"jsonrpc\":\"2.0\",\"result\":7}\n");
    }

    @Test
    void keepsIdsBeyondTheReachOfADouble() {
        expect("{\"id\":1715000000000000001,\"method\":\"Filecoin.Echo\",\"params\":[1715000000000000001]}", 200,
                "{\"id\":1715000000000000001,\"jsonrpc\":\"2.0\",\"result\":1715000000000000001}\n");
    }

    @Test
    void answersErrorsWithTheCodesAndStatusOfGoJsonrpc() {
        expect("{\"id\":1,\"method\":\"Filecoin.Nope\",\"params\":[]}", 500,
                "{\"error\":{\"code\":-32601,\"message\":\"method 'Filecoin.Nope' not"
                        + " found\"},\"id\":1,\"jsonrpc\":\"2.0\"}\n");
        expect("{\"id\":1,\"method\":\"Filecoin.Echo\",\"params\":[1,2]}", 500, "{\"error\":{\"code\":-32602,"
                + "\"message\":\"wrong param count (method 'Filecoin.Echo'): 2 !="
                + " 1\"},\"id\":1,\"jsonrpc\":\"2.0\"}\n");
        expect("{\"id\":1,\"method\":\"Filecoin.Fails\",\"params\":[]}", 200,
                "{\"error\":{\"code\":1,\"message\":\"actor not found\"},\"id\":1,\"jsonrpc\":\"2.0\"}\n");
        expect("{\"id\":1,\"method\":\"Filecoin.Coded\"}", 200, "{\"error\":{\"code\":12,"
                + "\"message\":\"requested epoch was a null round (5)\",\"data\":5},\"id\":1,\"jsonrpc\":\"2.0\"}\n");
        expect("{\"id\":1,\"method\":\"Filecoin.Admin\"}", 200, "{\"error\":{\"code\":1,"
                + "\"message\":\"missing permission to invoke 'Admin' (need"
                + " 'admin')\"},\"id\":1,\"jsonrpc\":\"2.0\"}\n");
        expect("{\"id\":1,\"method\":\"Filecoin.Channel\"}", 500, "{\"error\":{\"code\":-32601,\"message\":\"method "
                + "'Filecoin.Channel' not supported in this mode (no out channel"
                + " support)\"},\"id\":1,\"jsonrpc\":\"2.0\"}\n");
        expect("", 400, "{\"error\":{\"code\":-32600,\"message\":\"Invalid"
                + " request\"},\"id\":null,\"jsonrpc\":\"2.0\"}\n");
        expect(" [] ", 400, "{\"error\":{\"code\":-32600,\"message\":\"Invalid"
                + " request\"},\"id\":null,\"jsonrpc\":\"2.0\"}\n");
    }

    @Test
    void tellsAFaultOfItsOwnWithoutItsDetail() {
        HttpCalls.Reply reply = post("{\"id\":1,\"method\":\"Filecoin.Bug\"}");
        assertThat(reply.status()).isEqualTo(500);
        assertThat(new String(reply.body(), StandardCharsets.UTF_8))
                .contains("\"code\":0", "fatal error calling 'Filecoin.Bug'").doesNotContain("secret detail");
        assertThat(new String(post("{\"id\":1,\"method\":\"Filecoin.Unwritable\"}").body(), StandardCharsets.UTF_8))
                .isEqualTo("{\"error\":{\"code\":0,\"message\":\"the result cannot be written as JSON\"},"
                        + "\"id\":1,\"jsonrpc\":\"2.0\"}\n");
    }

    @Test
    void namesTheWrongParameterItsPositionAndTheExpectedType() {
        expect("{\"id\":1,\"method\":\"Filecoin.Text\",\"params\":[5]}", 500, "{\"error\":{\"code\":-32700,\"message\":"
                + "\"unmarshaling params for 'Filecoin.Text' (param 1: wallet): expected a string, found a number\"},"
                + "\"id\":1,\"jsonrpc\":\"2.0\"}\n");
    }

    @Test
    void refusesWhatIsNoCall() throws Exception {
        for (String body : List.of("5", "\"x\"", "{\"id\":{},\"method\":\"Filecoin.Void\"}",
                "{\"id\":true,\"method\":\"Filecoin.Void\"}", "{\"id\":1e999,\"method\":\"Filecoin.Void\"}",
                "{\"id\":1,\"method\":5}", "{\"id\":1,\"method\":\"Filecoin.Void\",\"params\":{}}",
                "{\"id\":1,\"method\":\"Filecoin.Void\"} trailing", "{\"id\":1,", "nul", "\u0000", "{\"id\":1}}")) {
            HttpCalls.Reply reply = post(body);
            JsonNode answer = mapper.readTree(reply.body());
            assertThat(answer.path("error").path("code").asInt()).as(body).isEqualTo(-32700);
            assertThat(reply.status()).as(body).isEqualTo(500);
        }
        assertThat(seen).isEmpty();
    }

    @Test
    void runsANotificationAndSaysNothing() {
        expect("{\"jsonrpc\":\"2.0\",\"method\":\"Filecoin.Void\",\"params\":[]}", 200, "");
        expect("{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"Filecoin.Void\"}", 200, "");
        expect("{\"method\":\"Filecoin.Nope\"}", 200, "");
        assertThat(seen).hasSize(2);
    }

    @Test
    void answersABatchInOrderAndWithoutGaps() {
        expect("[{\"id\":1,\"method\":\"Filecoin.Void\"},{\"method\":\"Filecoin.Void\"},5,"
                + "{\"id\":2,\"method\":\"Filecoin.Nope\"},{\"id\":3,\"method\":\"Filecoin.Later\"}]", 200,
                "[{\"id\":1,\"jsonrpc\":\"2.0\",\"result\":null},"
                        + "{\"error\":{\"code\":-32700,\"message\":\"unmarshaling request: expected an object\"},"
                        + "\"id\":null,\"jsonrpc\":\"2.0\"},"
                        + "{\"error\":{\"code\":-32601,\"message\":\"method 'Filecoin.Nope' not"
                        + " found\"},\"id\":2,\"jsonrpc\":\"2.0\"},"
                        + "{\"id\":3,\"jsonrpc\":\"2.0\",\"result\":7}]\n");
        expect("[{\"method\":\"Filecoin.Void\"}]", 200, "[]\n");
        String eleven = "[" + "{\"id\":1,\"method\":\"Filecoin.Void\"},".repeat(10) + "1]";
        assertThat(new String(post(eleven).body(), StandardCharsets.UTF_8)).contains("at most 10 calls, this one 11");
    }

    @Test
    void refusesTenThousandLevelsOfNesting() throws Exception {
        for (String body : List.of("[".repeat(10_000), "{\"a\":".repeat(10_000),
                "{\"id\":1,\"method\":\"Filecoin.Echo\",\"params\":[" + "[".repeat(10_000) + "]".repeat(10_000)
                + "]}")) {
            assertThat(mapper.readTree(post(body).body()).path("error").path("code").asInt()).isEqualTo(-32700);
        }
    }

    @Test
    void refusesMoreValuesThanItsMemoryIsMeantFor() throws Exception {
        String body = "[" + "[],".repeat(200_000) + "1]";
        assertThat(mapper.readTree(post(body).body()).path("error").path("code").asInt()).isEqualTo(-32700);
    }

    @Test
    void answersEveryCutOfACallAndEveryRandomBody() throws Exception {
        byte[] whole = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"Filecoin.Echo\",\"params\":[\"é\",{\"/\":\"b\"}]}"
                .getBytes(StandardCharsets.UTF_8);
        for (int length = 1; length < whole.length; length++) {
            byte[] cut = java.util.Arrays.copyOf(whole, length);
            assertThat(mapper.readTree(post(cut).body()).path("error").path("code").asInt()).isEqualTo(-32700);
        }
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 2000; round++) {
            byte[] noise = new byte[1 + random.nextInt(64)];
            random.nextBytes(noise);
            byte[] changed = whole.clone();
            for (int flips = random.nextInt(4); flips >= 0; flips--) {
                changed[random.nextInt(changed.length)] = (byte) random.nextInt();
            }
            assertThat(List.of(200, 400, 500)).as("seed %d round %d", seed, round)
                    .contains(post(noise).status(), post(changed).status());
        }
    }

    @Test
    void takesAMethodOutWhenItsRegistrationCloses() {
        MethodTable.Registration registration =
                table.register("Filecoin.Now", RpcMethod.read(0, (params, context) -> TextNode.valueOf("here")));
        assertThat(post("{\"id\":1,\"method\":\"Filecoin.Now\"}").status()).isEqualTo(200);
        registration.close();
        assertThat(post("{\"id\":1,\"method\":\"Filecoin.Now\"}").status()).isEqualTo(500);
    }

    @Test
    void asksTheFallbackForWhatItDoesNotHold() {
        table.fallback((name, version) -> name.startsWith("Filecoin.Chain")
                ? java.util.Optional.of(RpcMethod.read(RpcMethod.ANY_COUNT, (params, context) -> Map.of("from", name)))
                : java.util.Optional.empty());
        expect("{\"id\":1,\"method\":\"Filecoin.ChainHead\"}", 200,
                "{\"id\":1,\"jsonrpc\":\"2.0\",\"result\":{\"from\":\"Filecoin.ChainHead\"}}\n");
        assertThat(post("{\"id\":1,\"method\":\"Filecoin.Nope\"}").status()).isEqualTo(500);
    }
}
