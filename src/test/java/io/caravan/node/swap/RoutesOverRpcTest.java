package io.caravan.node.swap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.model.Network;
import io.caravan.node.api.ApiErrors;
import io.caravan.node.api.ApiJson;
import io.caravan.node.api.RouteApi;
import io.caravan.rpc.MethodTable;
import io.caravan.rpc.Permission;
import io.caravan.rpc.RpcClient;
import io.caravan.rpc.RpcException;
import io.caravan.rpc.RpcServer;
import io.caravan.rpc.ServerConfig;
import io.caravan.rpc.Tokens;
import io.caravan.support.Await;
import io.caravan.support.TestPostgres;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes of one role that share a database, each with its own routes, asked over JSON-RPC. */
class RoutesOverRpcTest {

    private static final Duration BOUND = Duration.ofSeconds(20);
    private static final String VALIDATING = "StorageDealValidating";

    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    @TempDir
    private Path root;
    private Node one;
    private Node other;

    /** A node with its port. */
    private static final class Node implements AutoCloseable {

        private final Stage stage;
        private final RpcServer server;
        private final RpcClient admin;
        private final RpcClient reader;

        Node(Path root, String name) {
            stage = new Stage(POSTGRES, Stage.folder(root.resolve(name), Stage.phase("one")), POSTGRES.database().sql(), name).start();
            Tokens tokens = Tokens.ofSecret(new byte[32]);
            MethodTable methods = new MethodTable();
            methods.errors(new ApiErrors());
            new RouteApi(new ApiJson(Network.TESTNET), stage.routes.desk()).register(methods);
            server = new RpcServer(ServerConfig.loopback(0), methods, tokens, Map.of());
            server.start();
            URI uri = URI.create("http://127.0.0.1:" + server.address().getPort() + "/rpc/v1");
            admin = new RpcClient(uri, tokens.issue(List.of(Permission.values())));
            reader = new RpcClient(uri, tokens.issue(List.of(Permission.READ)));
        }

        void runs(String version) {
            stage.write(Stage.FILE, Stage.phase(version));
            Await.until(version, BOUND, () -> stage.runs(VALIDATING).equals(version) && swaps().path(0).path("verdict").asText().equals("taken"));
        }

        JsonNode swaps() {
            return reader.call("Caravan.RouteHistory", Stage.FILE, null, 10).path("swaps");
        }

        int version() {
            for (JsonNode file : reader.call("Caravan.RouteList").path("files")) {
                if (file.path("file").asText().equals(Stage.FILE)) {
                    return file.path("version").asInt();
                }
            }
            throw new AssertionError("it has no " + Stage.FILE);
        }

        @Override
        public void close() {
            admin.close();
            reader.close();
            server.close();
            stage.close();
        }
    }

    @BeforeEach
    void open() {
        POSTGRES.database().sql().write("test/empty", Map.of());
        one = new Node(root, "one");
        other = new Node(root, "other");
    }

    @AfterEach
    void close() {
        one.close();
        other.close();
    }

    @Test
    void aRollbackGoesBackInTheFileTooAndSaysWhoDidIt() {
        one.runs("two");
        one.runs("three");
        JsonNode answer = one.admin.call("Caravan.RouteRollback", "miner/3-accept", null);
        assertThat(answer.path("file").asText()).isEqualTo("miner/3-accept");
        assertThat(answer.path("version").asInt()).isEqualTo(2);
        assertThat(one.stage.runs(VALIDATING)).isEqualTo("two");
        assertThat(one.stage.root.resolve(Stage.FILE)).hasContent(Stage.phase("two"));
        JsonNode newest = one.swaps().path(0);
        assertThat(newest.path("verdict").asText()).isEqualTo("taken");
        assertThat(newest.path("from").asInt()).isEqualTo(3);
        assertThat(newest.path("to").asInt()).isEqualTo(2);
        assertThat(newest.path("who").asText()).isNotEmpty().doesNotEndWith("(the file)");
        assertThat(one.admin.call("Caravan.RouteRollback", Stage.FILE, 1).path("version").asInt()).isEqualTo(1);
        assertThat(one.version()).isEqualTo(1);
        assertThat(one.stage.runs(VALIDATING)).isEqualTo("one");
    }

    @Test
    void whoeverMayOnlyReadAndWhoeverNamesNoVersionChangesNothing() {
        one.runs("two");
        assertThatThrownBy(() -> one.reader.call("Caravan.RouteRollback", Stage.FILE, 1)).isInstanceOf(RpcException.class)
                .hasMessageContaining("permission");
        assertThatThrownBy(() -> one.admin.call("Caravan.RouteRollback", Stage.FILE, 9)).isInstanceOf(RpcException.class)
                .hasMessageContaining("R18 no-such-version: miner/3-accept.camel.yaml");
        assertThatThrownBy(() -> one.admin.call("Caravan.RouteRollback", "daemon/3-transfer", 1)).isInstanceOf(RpcException.class)
                .hasMessageContaining("R18 no-such-version");
        assertThat(one.stage.runs(VALIDATING)).isEqualTo("two");
        assertThat(one.swaps()).hasSize(2);
    }

    @Test
    void eachNodeHasItsOwnFilesVersionsAndHistory() {
        one.runs("two");
        one.runs("three");
        other.runs("odd");
        assertThat(one.version()).isEqualTo(3);
        assertThat(other.version()).isEqualTo(2);
        assertThat(one.stage.runs(VALIDATING)).isEqualTo("three");
        assertThat(other.stage.runs(VALIDATING)).isEqualTo("odd");
        assertThat(texts(one.swaps())).contains("three").doesNotContain("odd");
        assertThat(texts(other.swaps())).contains("odd").doesNotContain("three");
        one.admin.call("Caravan.RouteRollback", Stage.FILE, 2);
        assertThat(one.stage.runs(VALIDATING)).isEqualTo("two");
        assertThat(other.stage.runs(VALIDATING)).isEqualTo("odd");
        assertThat(other.stage.root.resolve(Stage.FILE)).hasContent(Stage.phase("odd"));
        assertThat(other.version()).isEqualTo(2);
        assertThat(other.admin.call("Caravan.RouteRollback", Stage.FILE, null).path("version").asInt()).isEqualTo(1);
        assertThat(other.stage.runs(VALIDATING)).isEqualTo("one");
        assertThat(one.version()).isEqualTo(2);
    }

    private static String texts(JsonNode swaps) {
        StringBuilder all = new StringBuilder();
        swaps.forEach(swap -> all.append(swap.path("diff").asText()));
        return all.toString();
    }
}
