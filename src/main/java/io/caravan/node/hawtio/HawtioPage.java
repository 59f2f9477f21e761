package io.caravan.node.hawtio;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.rpc.HttpPage;
import io.caravan.rpc.Permission;
import io.caravan.rpc.RpcJson;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.BiConsumer;
import org.apache.camel.CamelContext;

/**
 * {@code /hawtio/}: the console's files, what it asks about its user, and Jolokia. Its files are for everybody; the rest is for
 * those who are signed in, with the right to read to look, and admin to start and stop routes.
 */
public final class HawtioPage implements HttpPage, AutoCloseable {

    /** Below which path; without the slash at the end too. */
    public static final String PREFIX = "/hawtio";

    private static final int MAX_LOGIN = 16 << 10;
    private static final int MOST_AT_A_TIME = 6;
    private static final String JSON = "application/json";
    /** What a browser says of a request that this page or the address line made; old ones say nothing. */
    private static final Set<String> OF_ITS_USER = Set.of("same-origin", "none");

    private final String role;
    private final Visitors visitors;
    private final JmxDesk desk;
    private final ConsoleFiles files = new ConsoleFiles();
    private final Semaphore places = new Semaphore(MOST_AT_A_TIME);
    private final ObjectMapper json = RpcJson.bounded(4, MAX_LOGIN, 32);

    /**
     * Costs nothing yet; Jolokia begins with the first who asks.
     *
     * @param role such as {@code miner}
     * @param camel the context whose routes are shown
     * @param visitors says who is signed in
     */
    public HawtioPage(String role, CamelContext camel, Visitors visitors) {
        this.role = role;
        this.visitors = visitors;
        this.desk = new JmxDesk(() -> OwnBeans.of(role, camel));
    }

    /**
     * Who stops or suspends a route is told from now on.
     *
     * @param stops takes the route's id and the name of who asked
     */
    public HawtioPage telling(BiConsumer<String, String> stops) {
        desk.telling(stops);
        return this;
    }

    @Override
    public Reply handle(Request request) throws IOException {
        String path = request.path();
        if (path.equals(PREFIX)) {
            return redirect();
        }
        if (!path.startsWith(PREFIX + "/")) {
            return Reply.text(404, "there is nothing at this path");
        }
        String name = path.substring(PREFIX.length() + 1);
        if (name.equals("jolokia") || name.startsWith("jolokia/")) {
            return jolokia(request, name);
        }
        if (name.equals("auth/login")) {
            return request.method().equals("POST") ? login(request) : wrongMethod("POST");
        }
        if (name.equals("auth/logout") && request.method().equals("POST")) {
            return logout(request);
        }
        if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
            return wrongMethod("GET, HEAD");
        }
        return asked(name, request);
    }

    @Override
    public void close() {
        desk.close();
    }

    private Reply asked(String name, Request request) throws IOException {
        return switch (name) {
            case "user" -> visitors.of(request).map(visitor -> json(200, quoted(visitor.name()))).orElseGet(() -> json(403, "null"));
            case "auth/config/session-timeout" -> json(200, "{\"timeout\":" + visitors.idleSeconds() + "}");
            case "auth/config/login" -> json(200, "[{\"method\":\"form\",\"name\":\"An account of this node\",\"type\":\"json\","
                    + "\"url\":\"/hawtio/auth/login\",\"logoutUrl\":\"/hawtio/auth/logout\",\"userField\":\"username\","
                    + "\"passwordField\":\"password\"}]");
            case "auth/config/oidc" -> json(200, "{}");
            case "auth/logout" -> logout(request);
            case "keycloak/enabled", "proxy/enabled" -> json(200, "false");
            case "plugin", "preset-connections" -> json(200, "[]");
            case "logout.js" -> Reply.ok("text/javascript; charset=utf-8", resource("logout.js"));
            case "hawtconfig.json" -> json(200, config());
            default -> files.reply(name);
        };
    }

    private Reply jolokia(Request request, String name) {
        var visitor = visitors.of(request);
        if (visitor.isEmpty()) {
            return json(401, "{\"status\":401,\"error\":\"sign in first\"}");
        }
        if (!visitor.get().rights().contains(Permission.READ)) {
            return refused(403, "this needs the right read");
        }
        boolean isVersion = request.method().equals("GET") && (name.equals("jolokia") || name.equals("jolokia/") || name.equals("jolokia/version"));
        if (!isVersion && !request.method().equals("POST")) {
            return refused(405, "requests to Jolokia are posted here");
        }
        if (!places.tryAcquire()) {
            return refused(503, "this node is busy, try again");
        }
        try {
            JmxDesk.Access access = visitor.get().rights().contains(Permission.ADMIN) ? JmxDesk.Access.OPERATE : JmxDesk.Access.LOOK;
            byte[] answer = isVersion ? desk.version(access) : desk.answer(access, visitor.get().name(), request.query(), request.body());
            return new Reply(200, JSON, Map.of("Cache-Control", "no-store"), answer);
        } catch (JmxDesk.RefusedException e) {
            return refused(400, e.getMessage());
        } finally {
            places.release();
        }
    }

    private Reply login(Request request) throws IOException {
        JsonNode body;
        try {
            body = request.body().length > MAX_LOGIN ? json.getNodeFactory().nullNode() : json.readTree(request.body());
        } catch (IOException e) {
            body = json.getNodeFactory().nullNode();
        }
        if (!body.path("username").isTextual() || !body.path("password").isTextual()) {
            return refused(400, "send {\"username\":…,\"password\":…}");
        }
        Reply reply = visitors.signIn(request, body.path("username").textValue(), body.path("password").textValue());
        if (reply.status() != 200) {
            return new Reply(reply.status() == 401 ? 403 : reply.status(), reply.contentType(), reply.headers(), reply.body());
        }
        return Reply.ok(JSON, "{\"principals\":[],\"credentials\":[]}".getBytes(StandardCharsets.UTF_8)).with(reply.cookies());
    }

    /**
     * The console goes there by a link of its own page, which another site could do too. So what its user asked ends the session
     * at once; what may come from elsewhere, or cannot be told, is a page that asks first.
     */
    private Reply logout(Request request) throws IOException {
        String site = request.headers().getOrDefault("sec-fetch-site", "");
        boolean isAsked = request.method().equals("POST") || request.method().equals("GET") && OF_ITS_USER.contains(site);
        if (!isAsked) {
            return Reply.ok("text/html; charset=utf-8", resource("logout.html"));
        }
        Reply reply = visitors.signOut(request);
        return new Reply(request.method().equals("POST") ? 200 : 302, "text/plain; charset=utf-8", Map.of("Location", PREFIX + "/"), new byte[0])
                .with(reply.cookies());
    }

    private String config() throws IOException {
        return new String(resource("hawtconfig.json"), StandardCharsets.UTF_8).replace("ROLE", role);
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = HawtioPage.class.getResourceAsStream("/web/hawtio/" + name)) {
            if (in == null) {
                throw new IOException("web/hawtio/" + name + " is missing from the program");
            }
            return in.readAllBytes();
        }
    }

    private String quoted(String text) {
        return json.getNodeFactory().textNode(text).toString();
    }

    private static Reply redirect() {
        return new Reply(302, "text/plain; charset=utf-8", Map.of("Location", PREFIX + "/"), new byte[0]);
    }

    private static Reply wrongMethod(String allowed) {
        return new Reply(405, "text/plain; charset=utf-8", Map.of("Allow", allowed), new byte[0]);
    }

    private Reply refused(int status, String sentence) {
        ObjectNode answer = json.createObjectNode().put("status", status).put("error", sentence);
        return json(status, answer.toString());
    }

    private static Reply json(int status, String text) {
        return new Reply(status, JSON, Map.of("Cache-Control", "no-store"), text.getBytes(StandardCharsets.UTF_8));
    }
}
