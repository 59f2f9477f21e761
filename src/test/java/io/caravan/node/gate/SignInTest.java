package io.caravan.node.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.node.cli.RoleSettings;
import io.caravan.node.config.LiveSettings;
import io.caravan.rpc.Caller;
import io.caravan.rpc.Gate;
import io.caravan.rpc.Permission;
import io.caravan.rpc.RpcClient;
import io.caravan.rpc.Tokens;
import io.caravan.support.SettableClock;
import io.caravan.support.TestPostgres;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;

/** Who may call a role, over real sockets and on a real database. */
@Timeout(60)
class SignInTest {

    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    private static final Caller OPERATOR = Caller.itself();

    @TempDir
    private Path home;
    private final SettableClock clock = SettableClock.at(Instant.parse("2026-01-01T00:00:00Z"));
    private GateWorld world;

    @BeforeEach
    void open() {
        POSTGRES.database().sql().write("test/empty", Map.of());
        world = new GateWorld(POSTGRES.database().sql(), clock, home, Map.of("miner.hosts", "Miner.example, other.example"));
    }

    @AfterEach
    void close() {
        world.close();
    }

    private String sessionOf(String... rights) {
        return world.cookieByLink("alice", Arrays.stream(rights).map(Permission::ofName).toArray(Permission[]::new));
    }

    @Test
    void aLinkSignsInOnceAndAuditsNameWhoCame() {
        String code = world.desk.link("alice", Set.of(Permission.READ, Permission.ADMIN)).code();
        HttpResponse<String> in = world.login("{\"code\":\"" + code + "\"}");
        assertThat(in.statusCode()).isEqualTo(200);
        assertThat(in.body()).isEqualTo("{\"name\":\"alice\",\"rights\":[\"read\",\"admin\"]}");
        assertThat(in.headers().firstValue("Set-Cookie").orElseThrow()).startsWith("caravan-miner-" + world.port() + "=")
                .endsWith("; Path=/; HttpOnly; SameSite=Strict");
        String cookie = GateWorld.cookie(in);
        assertThat(world.said(world.call("Test.Admin", "Cookie", cookie, "Origin", world.base()))).isEqualTo("alice");
        HttpResponse<String> again = world.login("{\"code\":\"" + code + "\"}");
        assertThat(again.statusCode()).isEqualTo(401);
        assertThat(again.body()).contains("run ./caravan login for a new one");
    }

    @Test
    void aLinkIsGoodForFiveMinutes() {
        String code = world.desk.link("alice", Set.of(Permission.READ)).code();
        clock.forward(Duration.ofMinutes(5));
        assertThat(world.login("{\"code\":\"" + code + "\"}").statusCode()).isEqualTo(401);
    }

    @Test
    void anAccountSignsInByNameAndPassword() {
        world.desk.addAccount("bob", GateWorld.PASSWORD, List.of(Permission.READ), OPERATOR);
        String cookie = GateWorld.cookie(world.login("{\"name\":\"bob\",\"password\":\"" + GateWorld.PASSWORD + "\"}"));
        assertThat(world.said(world.call("Test.Read", "Cookie", cookie, "Origin", world.base()))).isEqualTo("bob");
        assertThat(world.said(world.call("Test.Admin", "Cookie", cookie, "Origin", world.base()))).contains("missing permission");
        HttpResponse<String> wrong = world.login("{\"name\":\"bob\",\"password\":\"not it at all\"}");
        HttpResponse<String> nobody = world.login("{\"name\":\"eve\",\"password\":\"not it at all\"}");
        assertThat(wrong.statusCode()).isEqualTo(401);
        assertThat(wrong.body()).isEqualTo(nobody.body());
    }

    @Test
    void removingAnAccountOrChangingItsPasswordSignsOut() {
        for (String act : List.of("remove", "password")) {
            world.desk.addAccount("bob", GateWorld.PASSWORD, List.of(Permission.READ), OPERATOR);
            String cookie = GateWorld.cookie(world.login("{\"name\":\"bob\",\"password\":\"" + GateWorld.PASSWORD + "\"}"));
            if (act.equals("remove")) {
                world.desk.removeAccount("bob", OPERATOR);
            } else {
                world.desk.changePassword("bob", "another one of eight", OPERATOR);
            }
            HttpResponse<String> after = world.call("Test.Read", "Cookie", cookie, "Origin", world.base());
            assertThat(after.statusCode()).isEqualTo(401);
            assertThat(after.body()).contains("sign in again at /login");
        }
    }

    @Test
    void guessingIsSlowedDownByAddressAndByAccount() {
        world.desk.addAccount("bob", GateWorld.PASSWORD, List.of(Permission.READ), OPERATOR);
        for (int i = 0; i < 5; i++) {
            assertThat(world.login("{\"name\":\"bob\",\"password\":\"guess number " + i + "\"}").statusCode()).isEqualTo(401);
        }
        HttpResponse<String> right = world.login("{\"name\":\"bob\",\"password\":\"" + GateWorld.PASSWORD + "\"}");
        assertThat(right.statusCode()).isEqualTo(429);
        assertThat(right.headers().firstValue("Retry-After").orElseThrow()).isEqualTo("31");
        assertThat(world.login("{\"code\":\"x\"}").statusCode()).isEqualTo(429);
        assertThat(world.login("{\"code\":\"" + world.desk.link("alice", Set.of(Permission.READ)).code() + "\"}").statusCode())
                .as("nobody who guesses at this address locks a link out").isEqualTo(200);
        assertThat(world.login("{\"token\":\"" + world.admin + "\"}").statusCode()).as("nor a token").isEqualTo(200);
        clock.forward(Duration.ofSeconds(31));
        assertThat(world.login("{\"name\":\"bob\",\"password\":\"" + GateWorld.PASSWORD + "\"}").statusCode()).isEqualTo(200);
    }

    @Test
    void aBrowserThatSignedInBeforeHasTriesOfItsOwn() {
        world.close();
        world = new GateWorld(POSTGRES.database().sql(), clock, home, Map.of("caravan.login.tries", "2"));
        world.desk.addAccount("bob", GateWorld.PASSWORD, List.of(Permission.READ), OPERATOR);
        List<String> set = bob(GateWorld.PASSWORD, "").headers().allValues("Set-Cookie");
        assertThat(set).hasSize(2);
        assertThat(set.get(1)).startsWith("caravan-miner-" + world.port() + "-known-bob=").contains("; HttpOnly; SameSite=Strict")
                .endsWith("; Max-Age=7776000");
        String mark = set.get(1).split(";")[0];
        assertThat(bob("a guess", "").statusCode()).isEqualTo(401);
        assertThat(bob("a guess more", "").statusCode()).isEqualTo(401);
        assertThat(bob(GateWorld.PASSWORD, "").statusCode()).as("strangers, and who is not known").isEqualTo(429);
        assertThat(bob(GateWorld.PASSWORD, mark).statusCode()).as("who is known").isEqualTo(200);
        assertThat(bob(GateWorld.PASSWORD, "").statusCode()).as("whose success gives strangers no more tries").isEqualTo(429);
        assertThat(bob(GateWorld.PASSWORD, mark.substring(0, mark.length() - 2)).statusCode()).as("a forged mark").isEqualTo(429);
        assertThat(bob("a guess", mark).statusCode()).isEqualTo(401);
        assertThat(bob("a guess more", mark).statusCode()).isEqualTo(401);
        assertThat(bob(GateWorld.PASSWORD, mark).statusCode()).as("a known browser is bounded too").isEqualTo(429);
        clock.forward(Duration.ofSeconds(31));
        assertThat(bob(GateWorld.PASSWORD, mark).statusCode()).isEqualTo(200);
    }

    private HttpResponse<String> bob(String password, String cookie) {
        return world.send("POST", "/login", "{\"name\":\"bob\",\"password\":\"" + password + "\"}", "Content-Type", "application/json", "Origin",
                world.base(), "Cookie", cookie);
    }

    @Test
    void aRoleStartsHoweverManyTokensThereAre() throws Exception {
        Files.writeString(home.resolve("token"), world.admin);
        new JdbcTemplate(POSTGRES.database().dataSource()).update("INSERT INTO access_token (id, name, hash, rights, made_by, made_at)"
                + " SELECT 'many' || n, 'one of many', sha256(n::text::bytea), 'read', 'somebody', now() FROM generate_series(1, 999) n");
        world.access.gate().look();
        assertThatThrownBy(() -> world.desk.newToken("more", List.of(Permission.READ), null, OPERATOR))
                .hasMessageContaining("1000 tokens").hasMessageContaining("./caravan tokens revoke");
        world.desk.revoke("home", OPERATOR);
        world.desk.newToken("the place is taken", List.of(Permission.READ), null, OPERATOR);
        String second = world.access.homeToken(home);
        assertThat(world.said(world.call("Test.Admin", "Authorization", "Bearer " + second))).isEqualTo("token home");
        Files.delete(home.resolve("token"));
        String third = world.access.homeToken(home);
        assertThat(world.said(world.call("Test.Admin", "Authorization", "Bearer " + third))).isEqualTo("token home");
        assertThat(world.access.tokens().list().stream().filter(row -> row.isLive(clock.instant())).count())
                .as("the lost one makes room").isEqualTo(1001);
        assertThat(world.call("Test.Admin", "Authorization", "Bearer " + second).statusCode()).isEqualTo(401);
        assertThatThrownBy(() -> world.desk.newToken("more", List.of(Permission.READ), null, OPERATOR)).hasMessageContaining("1000 tokens");
        world.desk.revoke("one of many", OPERATOR);
        world.desk.newToken("more", List.of(Permission.READ), null, OPERATOR);
    }

    @Test
    void guessersOfManyAddressesNeitherFillMemoryNorEveryWorker() throws Exception {
        SignIn signIn = world.access.signIn();
        for (int i = 0; i < 5; i++) {
            InetAddress from = InetAddress.getByName("192.0.2." + i);
            String name = "No account is called so " + i;
            assertThatThrownBy(() -> signIn.byPassword(name, "guess", from, "")).hasMessageContaining("do not go together");
        }
        assertThatThrownBy(() -> signIn.byPassword("no account is called so either", "guess", InetAddress.getByName("192.0.2.99"), ""))
                .as("names that are none are remembered as one").hasMessageContaining("too many tries");

        List<CompletableFuture<String>> many = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(40);
        CountDownLatch go = new CountDownLatch(1);
        for (int i = 0; i < 40; i++) {
            InetAddress from = InetAddress.getByName("198.51.100." + i);
            String name = "guess" + i;
            many.add(CompletableFuture.supplyAsync(() -> {
                try {
                    go.await();
                    return signIn.byPassword(name, "not it at all", from, "").who().name();
                } catch (SignIn.RefusedException e) {
                    return e.getMessage();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }, threads));
        }
        go.countDown();
        assertThat(many.stream().map(CompletableFuture::join)).anyMatch(said -> said.contains("others sign in"));
        threads.shutdown();
    }

    @Test
    void aSessionThatBeganByATokenEndsWithTheToken() {
        ListedTokens.Made revoked = world.desk.newToken("backup", List.of(Permission.READ), null, OPERATOR);
        ListedTokens.Made alike = world.desk.newToken("backup", List.of(Permission.READ), Duration.ofHours(1), OPERATOR);
        String ended = GateWorld.cookie(world.login("{\"token\":\"" + revoked.token() + "\"}"));
        String goesOn = GateWorld.cookie(world.login("{\"token\":\"" + alike.token() + "\"}"));
        assertThat(world.said(world.call("Test.Read", "Cookie", ended, "Origin", world.base()))).isEqualTo("token backup");
        String link = world.desk.link("eve", Set.of(Permission.ADMIN)).code();
        world.desk.revoke(revoked.row().id(), OPERATOR);
        assertThat(world.login("{\"code\":\"" + link + "\"}").statusCode()).as("a link that its bearer may have made").isEqualTo(401);
        assertThat(world.call("Test.Read", "Cookie", ended, "Origin", world.base()).statusCode()).isEqualTo(401);
        assertThat(world.call("Test.Read", "Cookie", goesOn, "Origin", world.base()).statusCode()).isEqualTo(200);
        clock.forward(Duration.ofHours(1));
        assertThat(world.call("Test.Read", "Cookie", goesOn, "Origin", world.base()).statusCode()).as("it expired").isEqualTo(401);
    }

    @Test
    void aChangedIdleTimeHoldsForSessionsThatAreOpen() {
        String cookie = sessionOf("read");
        clock.forward(Duration.ofHours(2));
        world.live.use(RoleSettings.load(home, Map.of("caravan.session.idle", "1h")));
        assertThat(world.call("Test.Read", "Cookie", cookie, "Origin", world.base()).statusCode()).isEqualTo(401);
        world.live.use(RoleSettings.load(home, Map.of("caravan.session.idle", "3h")));
        assertThat(world.call("Test.Read", "Cookie", cookie, "Origin", world.base()).statusCode()).isEqualTo(200);
    }

    @Test
    void aSessionEndsByLogoutByIdlenessAndByAge() {
        String out = sessionOf("read");
        assertThat(world.send("POST", "/logout", "{}", "Cookie", out, "Origin", world.base(), "Content-Type", "application/json")
                .headers().firstValue("Set-Cookie").orElseThrow()).contains("Max-Age=0");
        assertThat(world.call("Test.Read", "Cookie", out, "Origin", world.base()).statusCode()).isEqualTo(401);

        String idle = sessionOf("read");
        clock.forward(Duration.ofHours(11));
        assertThat(world.call("Test.Read", "Cookie", idle, "Origin", world.base()).statusCode()).isEqualTo(200);
        clock.forward(Duration.ofHours(11));
        assertThat(world.call("Test.Read", "Cookie", idle, "Origin", world.base()).statusCode()).isEqualTo(200);
        clock.forward(Duration.ofHours(12));
        assertThat(world.call("Test.Read", "Cookie", idle, "Origin", world.base()).statusCode()).isEqualTo(401);

        String old = sessionOf("read");
        for (int day = 0; day < 14; day++) {
            assertThat(world.call("Test.Read", "Cookie", old, "Origin", world.base()).statusCode()).isEqualTo(200);
            world.access.gate().look();
            clock.forward(Duration.ofHours(11).plusMinutes(59));
        }
        clock.forward(Duration.ofMinutes(20));
        assertThat(world.call("Test.Read", "Cookie", old, "Origin", world.base()).statusCode()).isEqualTo(401);
    }

    @Test
    void aSessionOutlivesItsProcess() {
        String cookie = sessionOf("read");
        RoleGate next = new RoleAccess("miner", new LiveSettings(RoleSettings.load(home, Map.of())),
                POSTGRES.database().sql(), clock, Tokens.ofSecret(new byte[32])).gate();
        assertThat(next.admit(new Gate.Credentials(InetAddress.getLoopbackAddress(), true, world.port(), null, cookie))
                .name()).isEqualTo("alice");
    }

    @Test
    void anotherSitesPageCannotUseTheSession() {
        String cookie = sessionOf("read", "admin");
        assertThat(world.call("Test.Admin", "Cookie", cookie, "Origin", "http://evil.example").statusCode()).isEqualTo(403);
        assertThat(world.call("Test.Admin", "Cookie", cookie, "Origin", "null").statusCode()).isEqualTo(403);
        assertThat(world.call("Test.Admin", "Cookie", cookie).statusCode()).isEqualTo(403);
        assertThat(world.call("Test.Admin", "Cookie", cookie, "Sec-Fetch-Site", "same-site").statusCode()).isEqualTo(403);
        assertThat(world.said(world.call("Test.Admin", "Cookie", cookie, "Sec-Fetch-Site", "same-origin"))).isEqualTo("alice");
        assertThat(world.send("POST", "/rpc/v1", "{\"id\":1,\"method\":\"Test.Admin\",\"params\":[]}", "Cookie", cookie, "Origin",
                world.base(), "Content-Type", "text/plain").statusCode()).isEqualTo(415);
        assertThat(world.send("GET", "/page", "", "Cookie", cookie).body()).startsWith("alice");
    }

    @Test
    void aNameThatSomebodyLetsPointHereIsNotOurs() {
        assertThat(world.send("GET", "/page", "", "Host", "evil.example").statusCode()).isEqualTo(403);
        assertThat(world.send("GET", "/page", "", "Host", "localhost:" + world.port()).statusCode()).isEqualTo(200);
        assertThat(world.send("GET", "/page", "", "Host", "miner.example").statusCode()).isEqualTo(200);
        assertThat(world.send("GET", "/page", "", "Host", "evil.example", "Authorization", "Bearer " + world.admin).statusCode())
                .isEqualTo(200);
    }

    @Test
    void aWebSocketOpensForOurOwnPagesOnlyAndEndsWithItsSession() throws Exception {
        String cookie = sessionOf("read");
        assertThatThrownBy(() -> socket(cookie, "http://evil.example", null)).hasCauseInstanceOf(WebSocketHandshakeException.class);
        assertThatThrownBy(() -> socket(null, "http://evil.example", null)).hasCauseInstanceOf(WebSocketHandshakeException.class);
        CompletableFuture<Integer> ended = new CompletableFuture<>();
        WebSocket open = socket(cookie, world.base(), ended);
        assertThat(world.desk.endSessions("alice", OPERATOR)).isEqualTo(1);
        open.sendText("{\"id\":1,\"method\":\"Test.Read\",\"params\":[]}", true);
        assertThat(ended.get(20, TimeUnit.SECONDS)).isEqualTo(1008);
    }

    private WebSocket socket(String cookie, String origin, CompletableFuture<Integer> ended) {
        WebSocket.Builder builder = world.http().newWebSocketBuilder().header("Origin", origin);
        if (cookie != null) {
            builder.header("Cookie", cookie);
        }
        try {
            return builder.buildAsync(URI.create(world.base().replace("http", "ws") + "/rpc/v1"), new WebSocket.Listener() {
                @Override
                public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
                    ended.complete(status);
                    return null;
                }
            }).join();
        } catch (CompletionException e) {
            throw e;
        }
    }

    @Test
    void tokensHaveNamesExpireAndCanBeRevoked() {
        String token = world.desk.newToken("backup", List.of(Permission.ADMIN), Duration.ofDays(1), OPERATOR).token();
        String bearer = "Bearer " + token;
        assertThat(world.said(world.call("Test.Admin", "Authorization", bearer))).isEqualTo("token backup");
        clock.forward(Duration.ofDays(1));
        assertThat(world.said(world.call("Test.Admin", "Authorization", bearer))).startsWith("401 this token has expired");
        String other = "Bearer " + world.desk.newToken("backup", List.of(Permission.ADMIN), null, OPERATOR).token();
        assertThat(world.said(world.call("Test.Admin", "Authorization", other))).isEqualTo("token backup");
        world.desk.revoke("backup", OPERATOR);
        assertThat(world.said(world.call("Test.Admin", "Authorization", other))).startsWith("401 this token was revoked");
        assertThatThrownBy(() -> world.desk.revoke("backup", OPERATOR)).hasMessageContaining("no token that counts");
    }

    @Test
    void aTokenThatIsRevokedElsewhereEndsHereAtTheNextLook() {
        String bearer = "Bearer " + world.desk.newToken("backup", List.of(Permission.READ), null, OPERATOR).token();
        POSTGRES.database().sql().write("access_token/revoke", Map.of("which", "backup", "now", clock.instant()));
        world.access.gate().look();
        assertThat(world.call("Test.Read", "Authorization", bearer).statusCode()).isEqualTo(401);
    }

    @Test
    void theHomeTokenLastsOverStartsUntilItIsRevoked() throws Exception {
        Files.writeString(home.resolve("token"), world.admin);
        assertThat(world.access.homeToken(home)).isEqualTo(world.admin);
        world.desk.revoke("home", OPERATOR);
        assertThat(world.access.homeToken(home)).isNotEqualTo(world.admin);
    }

    @Test
    void tokensOfNoListCountOnlyWhereAnOperatorSaysSo() {
        String old = Tokens.ofSecret(new byte[32]).issue(Permission.all());
        assertThat(world.said(world.call("Test.Admin", "Authorization", "Bearer " + old))).contains("caravan.tokens.unlisted = true");
        try (GateWorld lenient = new GateWorld(POSTGRES.database().sql(), clock, home, Map.of("caravan.tokens.unlisted", "true"))) {
            assertThat(lenient.said(lenient.call("Test.Admin", "Authorization", "Bearer " + old)))
                    .isEqualTo("a token with read, write, sign, admin");
        }
    }

    @Test
    void noSecretLiesInTheDatabase() {
        world.desk.addAccount("bob", GateWorld.PASSWORD, List.of(Permission.READ), OPERATOR);
        String cookie = GateWorld.cookie(world.login("{\"name\":\"bob\",\"password\":\"" + GateWorld.PASSWORD + "\"}"));
        String token = world.desk.newToken("backup", List.of(Permission.READ), null, OPERATOR).token();
        StringBuilder all = new StringBuilder();
        for (String table : List.of("account", "web_session", "access_token")) {
            new JdbcTemplate(POSTGRES.database().dataSource())
                    .queryForList("SELECT t::text FROM " + table + " t", String.class).forEach(all::append);
        }
        assertThat(all.toString()).contains("argon2id").doesNotContain(GateWorld.PASSWORD, token, token.split("\\.")[2],
                cookie.split("=", 2)[1]);
    }

    @Test
    void aStrangerBeyondLoopbackMayNothing() throws Exception {
        InetAddress far = InetAddress.getByName("192.0.2.7");
        assertThat(world.access.gate().admit(new Gate.Credentials(far, false, 1, null, null)).permissions()).isEmpty();
        HttpResponse<String> proxied = world.call("Test.Read", "X-Forwarded-For", "192.0.2.7");
        assertThat(world.said(proxied)).contains("missing permission");
        for (String header : List.of("X-Real-IP", "X-Forwarded-Host", "Via")) {
            assertThat(world.said(world.call("Test.Read", header, "192.0.2.7"))).as(header).contains("missing permission");
        }
        assertThat(world.said(world.call("Test.Read"))).isEqualTo("nobody");
    }

    @Test
    void theApiTellsAndChangesWhoMayCall() {
        try (RpcClient admin = new RpcClient(URI.create(world.base() + "/rpc/v1"), world.admin)) {
            assertThat(admin.call("Caravan.Whoami").path("name").asText()).isEqualTo("token home");
            String url = admin.call("Caravan.LoginLink", "carol").path("url").asText();
            assertThat(url).startsWith(world.base() + "/login#");
            GateWorld.cookie(world.login("{\"code\":\"" + url.substring(url.indexOf('#') + 1) + "\"}"));
            assertThat(admin.call("Caravan.Sessions").path(0).path("name").asText()).isEqualTo("carol");
            assertThat(admin.call("Caravan.SessionsEnd", (Object) null).asInt()).isEqualTo(1);
            admin.call("Caravan.AccountAdd", "dave", GateWorld.PASSWORD, List.of("read", "write"));
            assertThat(admin.call("Caravan.Accounts").toString()).contains("dave", "read,write").doesNotContain("argon2id");
            assertThatThrownBy(() -> admin.call("Caravan.AccountAdd", "dave", GateWorld.PASSWORD, List.of("read")))
                    .hasMessageContaining("already");
            assertThatThrownBy(() -> admin.call("Caravan.AccountAdd", "erin", "short", List.of("read"))).hasMessageContaining("8 to 1024");
            String token = admin.call("Caravan.TokenNew", "grafana", List.of("read"), 3600).path("token").asText();
            assertThat(world.said(world.call("Test.Read", "Authorization", "Bearer " + token))).isEqualTo("token grafana");
            assertThat(admin.call("Caravan.Tokens").toString()).contains("grafana").doesNotContain(token);
            assertThat(admin.call("Caravan.TokenRevoke", "grafana").asInt()).isEqualTo(1);
        }
    }

    @Test
    void thePageSaysWhatToDoAndRunsNothingInline() {
        HttpResponse<String> page = world.send("GET", "/login", "");
        assertThat(page.body()).contains("./caravan login", "/login/login.js").doesNotContain("<style", "onclick", "style=");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow()).startsWith("default-src 'none'");
        assertThat(world.send("GET", "/login/login.js", "").statusCode()).isEqualTo(200);
        assertThat(world.send("GET", "/login/login.css", "").statusCode()).isEqualTo(200);
        assertThat(world.send("GET", "/loginx", "").statusCode()).isEqualTo(404);
        assertThat(world.send("POST", "/login", "name=a&password=b", "Content-Type", "application/x-www-form-urlencoded").statusCode())
                .isEqualTo(415);
    }
}
