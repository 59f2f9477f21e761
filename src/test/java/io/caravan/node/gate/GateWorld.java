package io.caravan.node.gate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.model.Network;
import io.caravan.node.api.AccessApi;
import io.caravan.node.api.ApiErrors;
import io.caravan.node.api.ApiJson;
import io.caravan.node.cli.RoleSettings;
import io.caravan.node.config.LiveSettings;
import io.caravan.node.config.Settings;
import io.caravan.rpc.HttpPage;
import io.caravan.rpc.MethodTable;
import io.caravan.rpc.Permission;
import io.caravan.rpc.RpcMethod;
import io.caravan.rpc.RpcServer;
import io.caravan.rpc.ServerConfig;
import io.caravan.rpc.Tokens;
import io.caravan.store.Sql;
import io.caravan.support.SettableClock;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A role's port with all that guards it, on a real database and real sockets; the methods behind it only say who called. */
final class GateWorld implements AutoCloseable {

    static {
        System.setProperty("jdk.httpclient.allowRestrictedHeaders", "host,connection");
    }

    static final String PASSWORD = "correct horse battery";

    final SettableClock clock;
    final LiveSettings live;
    final RoleAccess access;
    final AccessDesk desk;
    final RpcServer server;
    final String admin;
    private final boolean isSecure;
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ObjectMapper json = new ObjectMapper();

    GateWorld(Sql sql, SettableClock clock, Path home, Map<String, String> overrides) {
        this.clock = clock;
        Settings settings = RoleSettings.load(home, overrides);
        PortSettings.check("miner", settings);
        live = new LiveSettings(settings);
        access = new RoleAccess("miner", live, sql, clock, Tokens.ofSecret(new byte[32]));
        desk = new AccessDesk(access, clock);
        MethodTable methods = new MethodTable();
        methods.errors(new ApiErrors());
        methods.register("Test.Read", RpcMethod.read(0, (params, context) -> context.caller().name()));
        methods.register("Test.Admin", RpcMethod.of(Permission.ADMIN, 0, (params, context) -> context.caller().name()));
        Map<String, HttpPage> pages = new HashMap<>();
        ServerConfig config = PortSettings.of("miner", live, home).at("127.0.0.1", 0);
        isSecure = config.tls() != null;
        server = new RpcServer(config, methods, access.gate(), pages);
        LoginPage login = new LoginPage(new LoginPage.Door() {
            @Override
            public String cookieName() {
                return access.gate().cookieName(port());
            }

            @Override
            public boolean isSecure() {
                return isSecure;
            }
        }, access.signIn(), access.sessions());
        pages.put("/login", login);
        pages.put("/logout", login);
        pages.put("/page", request -> HttpPage.Reply.text(200, request.caller().name() + " " + request.permissions()));
        server.start();
        new AccessApi(new ApiJson(Network.TESTNET), desk, () -> URI.create(base())).register(methods);
        admin = access.homeToken(home);
    }

    int port() {
        return server.address().getPort();
    }

    String base() {
        return (isSecure ? "https" : "http") + "://127.0.0.1:" + port();
    }

    /** One request; headers in pairs. */
    HttpResponse<String> send(String method, String path, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base() + path))
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Posts JSON to {@code /login}, as its page does. */
    HttpResponse<String> login(String body) {
        return send("POST", "/login", body, "Content-Type", "application/json", "Origin", base());
    }

    /** Signs in by a one-time link; returns the Cookie header. */
    String cookieByLink(String name, Permission... rights) {
        String code = desk.link(name, java.util.Set.of(rights)).code();
        return cookie(login("{\"code\":\"" + code + "\"}"));
    }

    /** The Cookie header after an answer of {@code /login}. */
    static String cookie(HttpResponse<String> answer) {
        return answer.headers().firstValue("Set-Cookie").orElseThrow(() -> new AssertionError(answer.body())).split(";")[0];
    }

    /** Calls a method with these headers beside Content-Type. */
    HttpResponse<String> call(String method, String... headers) {
        String[] all = java.util.stream.Stream.concat(java.util.stream.Stream.of("Content-Type", "application/json"),
                java.util.stream.Stream.of(headers)).toArray(String[]::new);
        return send("POST", "/rpc/v1", "{\"id\":1,\"method\":\"" + method + "\",\"params\":[]}", all);
    }

    /** What the call answered, or the sentence that refused it. */
    String said(HttpResponse<String> answer) {
        try {
            JsonNode tree = json.readTree(answer.body());
            return tree.has("error") ? tree.path("error").path("message").asText() : tree.path("result").asText();
        } catch (IOException e) {
            return answer.statusCode() + " " + answer.body().strip();
        }
    }

    List<Permission> all() {
        return Permission.all();
    }

    HttpClient http() {
        return http;
    }

    @Override
    public void close() {
        server.close();
    }
}
