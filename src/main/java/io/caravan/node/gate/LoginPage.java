package io.caravan.node.gate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.codec.Bytes;
import io.caravan.rpc.Cookies;
import io.caravan.rpc.HttpPage;
import io.caravan.rpc.RpcJson;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code /login} and {@code /logout}: the page of whoever is not signed in, and what it posts. */
public final class LoginPage implements HttpPage {

    private static final Logger LOG = LoggerFactory.getLogger(LoginPage.class);
    private static final int MAX_BODY = 16 << 10;
    private static final String CSP = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self';"
            + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    private static final Map<String, String> FILES = Map.of("/login", "login.html", "/login/login.css", "login.css",
            "/login/login.js", "login.js");
    private static final Map<String, String> TYPES = Map.of("html", "text/html; charset=utf-8", "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8");

    private final Door door;
    private final SignIn signIn;
    private final Sessions sessions;
    private final ObjectMapper json = RpcJson.bounded(4, MAX_BODY, 32);

    /** The port that the page is on. */
    public interface Door {
        /** What its session cookie is called. */
        String cookieName();

        /** Whether it speaks TLS. */
        boolean isSecure();
    }

    public LoginPage(Door door, SignIn signIn, Sessions sessions) {
        this.door = door;
        this.signIn = signIn;
        this.sessions = sessions;
    }

    @Override
    public Reply handle(Request request) throws IOException {
        boolean isPost = request.method().equals("POST");
        if (isPost && request.path().equals("/login")) {
            return signedIn(request);
        }
        if (isPost && request.path().equals("/logout")) {
            return signedOut(request);
        }
        String file = FILES.get(request.path());
        if (file == null) {
            return Reply.text(404, "there is nothing at this path");
        }
        return request.method().equals("GET") || request.method().equals("HEAD") ? file(file)
                : Reply.text(405, "this page answers GET and POST");
    }

    private Reply file(String name) throws IOException {
        try (InputStream in = LoginPage.class.getResourceAsStream("/web/login/" + name)) {
            if (in == null) {
                throw new IOException("web/login/" + name + " is missing from the program");
            }
            String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
            return new Reply(200, type, Map.of("Content-Security-Policy", CSP, "Cache-Control", "no-cache"), in.readAllBytes());
        }
    }

    private Reply signedIn(Request request) throws IOException {
        String type = request.headers().getOrDefault("content-type", "").split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        if (!type.equals("application/json")) {
            return refused(415, "send Content-Type: application/json", Duration.ZERO);
        }
        JsonNode body;
        try {
            body = request.body().length > MAX_BODY ? null : json.readTree(request.body());
        } catch (IOException e) {
            body = null;
        }
        if (body == null || !body.isObject()) {
            return refused(400, "send {\"code\":…}, {\"token\":…}, or {\"name\":…,\"password\":…}", Duration.ZERO);
        }
        try {
            SignIn.Entered in = entered(body, request);
            Sessions.Who who = in.who();
            String from = request.caller().address().getHostAddress();
            List<String> cookies = new ArrayList<>(List.of(cookie(door.cookieName(), sessions.begin(who, from), "")));
            if (who.account() != null) {
                cookies.add(cookie(markName(who.account()), in.mark(), "; Max-Age=" + KnownBrowsers.VALID.toSeconds()));
            }
            LOG.info("{} signed in from {}", who.name(), from);
            ObjectNode answer = json.createObjectNode().put("name", who.name());
            who.rights().stream().sorted().forEach(right -> answer.withArray("rights").add(right.wireName()));
            return answer(200, answer, Map.of()).with(cookies);
        } catch (SignIn.RefusedException e) {
            LOG.info("somebody at {} was not signed in: {}", request.caller().address().getHostAddress(), e.getMessage());
            return refused(e.waitFor().isZero() ? 401 : 429, e.getMessage(), e.waitFor());
        }
    }

    private SignIn.Entered entered(JsonNode body, Request request) throws SignIn.RefusedException {
        InetAddress from = request.caller().address();
        if (body.path("code").isTextual()) {
            return new SignIn.Entered(signIn.byCode(body.path("code").textValue(), from), "");
        }
        if (body.path("token").isTextual()) {
            return new SignIn.Entered(signIn.byToken(body.path("token").textValue(), from), "");
        }
        String name = body.path("name").asText();
        String mark = SignIn.isName(name) ? Cookies.find(request.headers().get("cookie"), markName(name)).orElse("") : "";
        return signIn.byPassword(name, body.path("password").asText(), from, mark);
    }

    private Reply signedOut(Request request) throws IOException {
        if (request.caller().bySession()) {
            sessions.end(Bytes.ofHex(request.caller().id()));
            LOG.info("{} signed out", request.caller().name());
        }
        return answer(200, json.createObjectNode(), Map.of()).with(List.of(cookie(door.cookieName(), "", "; Max-Age=0")));
    }

    /** What the cookie is called by which a browser is known that has signed in to that account before. */
    private String markName(String account) {
        return door.cookieName() + "-known-" + account;
    }

    private String cookie(String name, String value, String more) {
        return name + "=" + value + "; Path=/; HttpOnly; SameSite=Strict" + (door.isSecure() ? "; Secure" : "") + more;
    }

    private Reply refused(int status, String sentence, Duration wait) throws IOException {
        return answer(status, json.createObjectNode().put("error", sentence),
                wait.isZero() ? Map.of() : Map.of("Retry-After", Long.toString(wait.toSeconds())));
    }

    private Reply answer(int status, ObjectNode body, Map<String, String> headers) throws IOException {
        return new Reply(status, "application/json", headers, json.writeValueAsBytes(body));
    }
}
