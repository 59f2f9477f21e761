package io.caravan.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.model.RejectedException;
import io.caravan.model.RetryableException;
import io.caravan.rpc.MethodTable;
import io.caravan.rpc.Permission;
import io.caravan.rpc.RpcCall;
import io.caravan.rpc.RpcClient;
import io.caravan.rpc.RpcServer;
import io.caravan.rpc.ServerConfig;
import io.caravan.rpc.Tokens;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class JsonRpcComponentTest {
    private final MethodTable methods = new MethodTable();
    private final Tokens tokens = Tokens.ofSecret(new byte[32]);
    private final RpcServer server = new RpcServer(ServerConfig.loopback(0), methods, tokens, Map.of());
    private final CamelContext camel = new DefaultCamelContext();
    private String url;
    private RpcClient client;

    /** Called by the routes below, as the beans of the node's interface are. */
    public static final class Desk {
        public Map<String, Object> greet(RpcCall call) {
            return Map.of("Hello", call.params().text(0, "name"));
        }

        public void nothing(RpcCall call) {}

        public Object refuse(RpcCall call) {
            throw new RejectedException("the price is too low", "detail for us");
        }

        public Object bug(RpcCall call) {
            throw new IllegalStateException("secret detail");
        }
    }

    @BeforeEach
    void start() throws Exception {
        server.start();
        url = "http://127.0.0.1:" + server.address().getPort() + "/rpc/v1";
        client = new RpcClient(URI.create(url), tokens.issue(Permission.all()));
        camel.addComponent("jsonrpc", new JsonRpcComponent(methods));
        camel.getRegistry().bind("desk", new Desk());
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from("jsonrpc:Filecoin.Greet?permission=read&params=1").routeId("greet").to("bean:desk?method=greet");
                from("jsonrpc:Filecoin.Nothing?permission=write").routeId("nothing").to("bean:desk?method=nothing");
                from("jsonrpc:Filecoin.Refuse").routeId("refuse").to("bean:desk?method=refuse");
                from("jsonrpc:Filecoin.Bug").routeId("bug").to("bean:desk?method=bug");
                from("direct:ask").to("jsonrpc:Filecoin.Greet?timeout=5s&url=RAW(" + url + ")");
                from("direct:away").to("jsonrpc:Filecoin.Greet?url=RAW(http://127.0.0.1:1/rpc/v1)");
            }
        });
        camel.start();
    }

    @AfterEach
    void stop() throws Exception {
        camel.stop();
        server.close();
    }

    @Test
    void answersAMethodByARoute() {
        assertThat(client.call("Filecoin.Greet", "Ada").path("Hello").asText()).isEqualTo("Ada");
        assertThat(client.call("Filecoin.Nothing").isNull()).isTrue();
    }

    @Test
    void checksRightAndParametersBeforeTheRouteRuns() {
        RpcClient nobody = new RpcClient(URI.create(url), null);
        assertThat(nobody.call("Filecoin.Greet", "Ada").path("Hello").asText()).isEqualTo("Ada");
        assertThatThrownBy(() -> nobody.call("Filecoin.Nothing")).hasMessageContaining("need 'write'");
        assertThatThrownBy(() -> nobody.call("Filecoin.Refuse")).hasMessageContaining("need 'admin'");
        assertThatThrownBy(() -> client.call("Filecoin.Greet")).hasMessageContaining("wrong param count");
        assertThatThrownBy(() -> client.call("Filecoin.Greet", 5)).hasMessageContaining("param 1: name");
    }

    @Test
    void tellsTheReasonOfARefusalAndHidesABug() {
        assertThatThrownBy(() -> client.call("Filecoin.Refuse")).hasMessage("the price is too low");
        assertThatThrownBy(() -> client.call("Filecoin.Bug")).hasMessageContaining("panic in rpc method")
                .hasMessageNotContaining("secret detail");
    }

    @Test
    void hasTheMethodExactlyWhileTheRouteRuns() throws Exception {
        camel.getRouteController().stopRoute("greet");
        assertThatThrownBy(() -> client.call("Filecoin.Greet", "Ada")).hasMessageContaining("not found");
        camel.getRouteController().startRoute("greet");
        assertThat(client.call("Filecoin.Greet", "Ada").path("Hello").asText()).isEqualTo("Ada");
        camel.getRouteController().suspendRoute("greet");
        assertThatThrownBy(() -> client.call("Filecoin.Greet", "Ada")).hasMessageContaining("not found");
        camel.getRouteController().resumeRoute("greet");
        assertThat(client.call("Filecoin.Greet", "Ada").path("Hello").asText()).isEqualTo("Ada");
        camel.getRouteController().stopRoute("greet");
        camel.removeRoute("greet");
        assertThat(methods.names()).doesNotContain("Filecoin.Greet");
    }

    @Test
    void callsOutAndTellsApartWhatMayBeTriedAgain() {
        JsonNode answer = camel.createProducerTemplate().requestBody("direct:ask", List.of("Bob"), JsonNode.class);
        assertThat(answer.path("Hello").asText()).isEqualTo("Bob");
        assertThatThrownBy(() -> camel.createProducerTemplate().requestBody("direct:away", "Bob"))
                .cause().isInstanceOf(RetryableException.class).hasMessageEndingWith("was not reached: connection refused");
    }

    @Test
    void refusesAnUnknownRightWhenTheRouteIsBuilt() {
        assertThatThrownBy(() -> camel.getEndpoint("jsonrpc:Filecoin.X?permission=owner"))
                .hasStackTraceContaining("it is one of read, write, sign, admin");
        assertThatThrownBy(() -> camel.getEndpoint("jsonrpc:Filecoin.X?colour=red"))
                .hasStackTraceContaining("colour");
    }
}
