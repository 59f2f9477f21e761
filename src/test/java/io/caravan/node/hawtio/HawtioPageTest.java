package io.caravan.node.hawtio;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.rpc.Caller;
import io.caravan.rpc.HttpPage;
import io.caravan.rpc.HttpPage.Reply;
import io.caravan.rpc.Permission;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.impl.DefaultCamelContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the console asks of its server, as somebody signed in and as nobody. */
class HawtioPageTest {

    private static DefaultCamelContext camel;
    private static HawtioPage page;
    private static Visitors.@Nullable Visitor visitor;

    /** Whoever the test says; one password signs in. */
    private static final class Someone implements Visitors {
        @Override
        public Optional<Visitor> of(HttpPage.Request request) {
            return Optional.ofNullable(visitor);
        }

        @Override
        public long idleSeconds() {
            return 600;
        }

        @Override
        public Reply signIn(HttpPage.Request request, String name, String password) {
            return switch (password) {
                case "right" -> Reply.ok("application/json", new byte[0]).with(List.of("c=" + name, "mark=" + name));
                case "often" -> new Reply(429, "application/json", Map.of("Retry-After", "30"), new byte[0]);
                default -> new Reply(401, "application/json", Map.of(), new byte[0]);
            };
        }

        @Override
        public Reply signOut(HttpPage.Request request) {
            return Reply.ok("application/json", new byte[0]).with(List.of("c=; Max-Age=0"));
        }
    }

    @BeforeAll
    static void start() {
        camel = new DefaultCamelContext();
        camel.start();
        page = new HawtioPage("miner", camel, new Someone());
    }

    @AfterAll
    static void end() {
        page.close();
        camel.stop();
    }

    private static Reply ask(String method, String path, String body, @Nullable Set<Permission> rights) throws IOException {
        visitor = rights == null ? null : new Visitors.Visitor("kim \"the\" operator", rights);
        return page.handle(new HttpPage.Request(method, path, "", Map.of(), body.getBytes(StandardCharsets.UTF_8),
                Caller.nobody(InetAddress.getLoopbackAddress(), rights == null ? Permission.ofNobody() : rights)));
    }

    private static Reply get(String path) throws IOException {
        return ask("GET", path, "", null);
    }

    private static String text(Reply reply) {
        return new String(reply.body(), StandardCharsets.UTF_8);
    }

    @ParameterizedTest(name = "{0} → {1}")
    @CsvSource(delimiter = '|', value = {
        "auth/config/session-timeout | {\"timeout\":600}",
        "auth/config/oidc            | {}",
        "keycloak/enabled            | false",
        "proxy/enabled               | false",
        "plugin                      | []",
        "preset-connections          | []"})
    void answersWhatTheConsoleAsksAtItsStart(String name, String answer) throws IOException {
        Reply reply = get("/hawtio/" + name);
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.contentType()).isEqualTo("application/json");
        assertThat(text(reply)).isEqualTo(answer);
    }

    @Test
    void tellsWhoIsSignedIn() throws IOException {
        assertThat(get("/hawtio/user").status()).isEqualTo(403);
        Reply known = ask("GET", "/hawtio/user", "", EnumSet.of(Permission.READ));
        assertThat(text(known)).isEqualTo("\"kim \\\"the\\\" operator\"");
        assertThat(known.headers()).containsEntry("Cache-Control", "no-store");
    }

    @Test
    void saysInItsTitleWhoseRoutesTheseAre() throws IOException {
        assertThat(text(get("/hawtio/hawtconfig.json"))).contains("Caravan miner").doesNotContain("ROLE");
        assertThat(text(get("/hawtio/auth/config/login"))).contains("\"method\":\"form\"").contains("/hawtio/auth/login");
    }

    @Test
    void signsInByAccountAndPasswordAndOutAgain() throws IOException {
        Reply in = ask("POST", "/hawtio/auth/login", "{\"username\":\"kim\",\"password\":\"right\"}", null);
        assertThat(in.status()).isEqualTo(200);
        assertThat(in.cookies()).containsExactly("c=kim", "mark=kim");
        assertThat(ask("POST", "/hawtio/auth/login", "{\"username\":\"kim\",\"password\":\"wrong\"}", null).status()).isEqualTo(403);
        Reply often = ask("POST", "/hawtio/auth/login", "{\"username\":\"kim\",\"password\":\"often\"}", null);
        assertThat(often.status()).isEqualTo(429);
        assertThat(often.headers()).containsEntry("Retry-After", "30");
        Reply out = leave("GET", "same-origin");
        assertThat(out.status()).isEqualTo(302);
        assertThat(out.headers()).containsEntry("Location", "/hawtio/");
        assertThat(out.cookies()).containsExactly("c=; Max-Age=0");
        assertThat(leave("POST", "same-origin").cookies()).as("the page that asks first").containsExactly("c=; Max-Age=0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"cross-site", "same-site", ""})
    void anotherSiteSignsNobodyOutByALink(String site) throws IOException {
        for (String method : List.of("GET", "HEAD")) {
            Reply asks = leave(method, site);
            assertThat(asks.status()).isEqualTo(200);
            assertThat(asks.cookies()).isEmpty();
            assertThat(text(asks)).contains("Sign out of Caravan?", "/hawtio/logout.js").doesNotContain("onclick");
        }
        assertThat(leave("HEAD", "same-origin").cookies()).isEmpty();
        assertThat(get("/hawtio/logout.js").contentType()).startsWith("text/javascript");
    }

    private static Reply leave(String method, String site) throws IOException {
        visitor = new Visitors.Visitor("kim", EnumSet.of(Permission.READ));
        return page.handle(new HttpPage.Request(method, "/hawtio/auth/logout", "", Map.of("sec-fetch-site", site), new byte[0],
                Caller.nobody(InetAddress.getLoopbackAddress(), Permission.ofNobody())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "7", "[[[[[[[", "{\"username\":1,\"password\":\"right\"}", "{\"username\":\"kim\"}"})
    void aLoginThatIsNoneIsRefused(String body) throws IOException {
        assertThat(ask("POST", "/hawtio/auth/login", body, null).status()).isEqualTo(400);
    }

    @Test
    void jolokiaIsForThoseWhoAreSignedInAndMayRead() throws IOException {
        String version = "{\"type\":\"version\"}";
        assertThat(ask("POST", "/hawtio/jolokia", version, null).status()).isEqualTo(401);
        assertThat(ask("GET", "/hawtio/jolokia/version", "", null).status()).isEqualTo(401);
        assertThat(ask("POST", "/hawtio/jolokia", version, EnumSet.of(Permission.SIGN)).status()).isEqualTo(403);
        Reply answer = ask("POST", "/hawtio/jolokia/", version, EnumSet.of(Permission.READ));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(text(answer)).contains("\"agent\":\"2.5.0\"").contains("\"status\":200");
        assertThat(ask("GET", "/hawtio/jolokia", "", EnumSet.of(Permission.READ)).status()).isEqualTo(200);
        assertThat(ask("GET", "/hawtio/jolokia/exec/java.lang:type=Memory/gc", "", EnumSet.allOf(Permission.class)).status()).isEqualTo(405);
        assertThat(ask("DELETE", "/hawtio/jolokia", "", EnumSet.allOf(Permission.class)).status()).isEqualTo(405);
        assertThat(ask("POST", "/hawtio/jolokia", "no json", EnumSet.of(Permission.READ)).status()).isEqualTo(400);
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({"/hawtio/, text/html; charset=utf-8", "/hawtio/camel/routes, text/html; charset=utf-8", "/hawtio/index.html, text/html; charset=utf-8",
        "/hawtio/favicon.ico, image/x-icon", "/hawtio/img/hawtio-logo.svg, image/svg+xml"})
    void servesItsFilesAndItsOwnPlaces(String path, String type) throws IOException {
        Reply reply = get(path);
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.contentType()).isEqualTo(type);
        assertThat(reply.headers().get("Content-Security-Policy")).contains("script-src 'self';").contains("frame-ancestors 'none'");
    }

    @Test
    void bigFilesGoOutAsTheyAreTakenAndAreKeptByBrowsers() throws IOException {
        String script = text(get("/hawtio/")).replaceAll("(?s).*/hawtio/(static/js/main[^\"]*).*", "$1");
        assertThat(get("/hawtio/" + script).headers().get("Cache-Control")).contains("immutable");
        Reply big = get("/hawtio/html.worker.js");
        assertThat(big.stream()).isNotNull();
        try (var bytes = big.stream().bytes()) {
            assertThat(bytes.readAllBytes()).hasSize((int) big.stream().length());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/hawtio/nothing.js", "/hawtio/../config/caravan.properties", "/hawtio//etc/passwd.txt", "/hawtio/static/js/main.js.map",
        "/hawtio/%2e%2e/x.js", "/hawtiox", "/hawtio/..\\x.js"})
    void otherNamesAreNotThere(String path) throws IOException {
        assertThat(get(path).status()).isEqualTo(404);
    }

    @Test
    void onlyLooksWhereNothingIsPosted() throws IOException {
        assertThat(ask("POST", "/hawtio/user", "", null).status()).isEqualTo(405);
        assertThat(ask("GET", "/hawtio/auth/login", "", null).status()).isEqualTo(405);
        assertThat(get("/hawtio").headers()).containsEntry("Location", "/hawtio/");
    }
}
