package io.caravan.node.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.rpc.ChannelListener;
import io.caravan.rpc.MethodTable;
import io.caravan.rpc.OutChannel;
import io.caravan.rpc.Permission;
import io.caravan.rpc.RpcClient;
import io.caravan.rpc.RpcException;
import io.caravan.rpc.RpcMethod;
import io.caravan.rpc.RpcServer;
import io.caravan.rpc.ServerConfig;
import io.caravan.rpc.Tokens;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A daemon in front of a chain node, both over real ports. */
@Timeout(30)
class ChainForwarderTest {
    private final Tokens chainTokens = Tokens.ofSecret(new byte[32]);
    private final Tokens tokens = Tokens.ofSecret("a secret of thirty-two bytes or so".getBytes());
    private final MethodTable chain = new MethodTable();
    private final MethodTable methods = new MethodTable();
    private final BlockingQueue<OutChannel> opened = new LinkedBlockingQueue<>();
    private final CountDownLatch cancelled = new CountDownLatch(1);
    private RpcServer node;
    private RpcServer daemon;

    @BeforeEach
    void start() {
        chain.register("Filecoin.ChainHead", RpcMethod.read(0, (params, context) -> Map.of("Height", 7)));
        chain.register("Filecoin.StateLookupID", RpcMethod.read(2, (params, context) -> {
            throw new RpcException(11, "actor not found");
        }));
        chain.register("Filecoin.StateSearchMsg", RpcMethod.read(4, (params, context) -> "v1"));
        chain.registerV0("Filecoin.StateSearchMsg", RpcMethod.read(1, (params, context) -> "v0"));
        chain.register("Filecoin.MpoolPush", RpcMethod.of(Permission.WRITE, 1, (params, context) -> params.node(0)));
        chain.register("Filecoin.WalletNew", RpcMethod.of(Permission.WRITE, 1, (params, context) ->
                "the chain's wallet"));
        chain.register("Filecoin.StateWaitMsg", RpcMethod.read(4, (params, context) -> {
            context.onCancel(cancelled::countDown);
            return new CompletableFuture<Object>();
        }));
        chain.register("Filecoin.ChainNotify", RpcMethod.read(0, (params, context) -> {
            OutChannel channel = context.openChannel();
            opened.add(channel);
            return channel;
        }));
        node = serve(chain, chainTokens);
        String token = chainTokens.issue(Permission.all());
        methods.errors(new ApiErrors());
        methods.fallback(new ChainForwarder(new RpcClient(url(node, 0), token), new RpcClient(url(node, 1), token)));
        daemon = serve(methods, tokens);
    }

    @AfterEach
    void stop() {
        daemon.close();
        node.close();
    }

    private static RpcServer serve(MethodTable methods, Tokens tokens) {
        RpcServer server = new RpcServer(ServerConfig.loopback(0), methods, tokens, Map.of());
        server.start();
        return server;
    }

    private static URI url(RpcServer server, int version) {
        return URI.create("http://127.0.0.1:" + server.address().getPort() + "/rpc/v" + version);
    }

    private RpcClient caller(int version, Permission... permissions) {
        return new RpcClient(url(daemon, version), tokens.issue(List.of(permissions)));
    }

    @Test
    void handsOnWhatItDoesNotHave() {
        RpcClient reader = caller(1, Permission.READ);
        assertThat(reader.call("Filecoin.ChainHead").path("Height").asInt()).isEqualTo(7);
        assertThatThrownBy(() -> reader.call("Filecoin.StateLookupID", "f01", null))
                .isInstanceOfSatisfying(RpcException.class, e -> assertThat(e.code()).isEqualTo(11))
                .hasMessage("actor not found");
        assertThat(reader.call("Filecoin.StateSearchMsg", null, "cid", -1, true).asText()).isEqualTo("v1");
        assertThat(caller(0, Permission.READ).call("Filecoin.StateSearchMsg", "cid").asText()).isEqualTo("v0");
    }

    @Test
    void checksTheCallersRightNotItsOwn() {
        assertThatThrownBy(() -> caller(1, Permission.READ).call("Filecoin.MpoolPush", 5))
                .hasMessageContaining("need 'write'");
        assertThat(caller(1, Permission.WRITE).call("Filecoin.MpoolPush", 5).asInt()).isEqualTo(5);
        for (Map.Entry<String, Permission> method : Map.of("Filecoin.MpoolPushMessage", Permission.SIGN,
                "Filecoin.ChainSetHead",
                Permission.ADMIN, "Filecoin.Whatever", Permission.ADMIN, "Filecoin.MsigPropose", Permission.SIGN,
                "Filecoin.StateCall", Permission.READ, "Filecoin.MarketAddBalance", Permission.SIGN).entrySet()) {
            assertThat(ForwardedMethods.permission(method.getKey())).as(method.getKey()).contains(method.getValue());
        }
    }

    @Test
    void keepsWhatIsItsOwnToItself() {
        RpcClient all = caller(1, Permission.READ, Permission.WRITE, Permission.SIGN, Permission.ADMIN);
        assertThatThrownBy(() -> all.call("Filecoin.WalletNew", "bls"))
                .hasMessage("method 'Filecoin.WalletNew' not found");
        assertThatThrownBy(() -> all.call("Filecoin.ClientRetrieve")).hasMessageContaining("not found");
        assertThatThrownBy(() -> all.call("Devnet.Mine", 1)).hasMessageContaining("not found");
    }

    @Test
    void relaysAChannelUntilEitherSideEndsIt() throws Exception {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        ChannelListener listener = new ChannelListener() {
            @Override
            public void onValue(JsonNode value) {
                heard.add(value.toString());
            }

            @Override
            public void onClosed(String reason) {
                heard.add("closed");
            }
        };
        var subscription = caller(1, Permission.READ).subscribe("Filecoin.ChainNotify", List.of(), listener);
        OutChannel source = opened.poll(5, TimeUnit.SECONDS);
        source.send(List.of(Map.of("Type", "current")));
        assertThat(heard.poll(5, TimeUnit.SECONDS)).isEqualTo("[{\"Type\":\"current\"}]");
        CountDownLatch ended = new CountDownLatch(1);
        source.onClose(ended::countDown);
        subscription.close();
        assertThat(ended.await(5, TimeUnit.SECONDS)).isTrue();
        assertThat(heard.poll(5, TimeUnit.SECONDS)).isEqualTo("closed");

        caller(1, Permission.READ).subscribe("Filecoin.ChainNotify", List.of(), listener);
        opened.poll(5, TimeUnit.SECONDS).close();
        assertThat(heard.poll(5, TimeUnit.SECONDS)).isEqualTo("closed");
    }

    @Test
    void cancelsAtTheChainWhatItsCallerGivesUp() throws Exception {
        assertThatThrownBy(() -> caller(1, Permission.READ).call(Duration.ofMillis(200), "Filecoin.StateWaitMsg", 1, 2,
                3, true))
                .hasMessageContaining("did not answer");
        assertThat(cancelled.await(5, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void saysThatTheChainIsAway() {
        node.close();
        assertThatThrownBy(() -> caller(1, Permission.READ).call("Filecoin.ChainHead"))
                .isInstanceOfSatisfying(RpcException.class, e -> assertThat(e.code()).isEqualTo(1))
                .hasMessageContaining("Filecoin.ChainHead at http://127.0.0.1:");
    }
}
