package io.caravan.node.hawtio;

import io.caravan.rpc.Caller;
import io.caravan.rpc.Cookies;
import io.caravan.rpc.HttpPage;
import io.caravan.rpc.Permission;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * For a port that has tokens but no accounts: whoever gives a token as the password is signed in until the process ends, or
 * half an hour after the last look. A token is 256 bits of chance, so trying is not slowed down.
 */
public final class TokenSessions implements Visitors {

    private static final Duration IDLE = Duration.ofMinutes(30);
    private static final int MOST = 32;
    private static final int SECRET_BYTES = 32;
    private static final int LONGEST_NAME = 64;
    private static final Pattern NOT_SHOWN = Pattern.compile("[^\\p{L}\\p{N} ._@-]+");
    private static final String JSON = "application/json";

    private final String cookie;
    private final Function<String, Set<Permission>> tokens;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, Session> sessions = new LinkedHashMap<>();

    private record Session(Visitor visitor, Instant usedAt) {}

    /** @param tokens the rights of a token; throws IllegalArgumentException for one that is none */
    public TokenSessions(String role, Function<String, Set<Permission>> tokens, Clock clock) {
        this.cookie = "caravan-" + role;
        this.tokens = tokens;
        this.clock = clock;
    }

    @Override
    public synchronized Optional<Visitor> of(HttpPage.Request request) {
        if (request.caller().kind() == Caller.Kind.TOKEN) {
            return Optional.of(new Visitor(request.caller().name(), request.permissions()));
        }
        Instant now = clock.instant();
        sessions.values().removeIf(session -> session.usedAt().plus(IDLE).isBefore(now));
        String secret = secret(request);
        Session session = sessions.computeIfPresent(secret, (key, found) -> new Session(found.visitor(), now));
        return Optional.ofNullable(session).map(Session::visitor);
    }

    @Override
    public long idleSeconds() {
        return IDLE.toSeconds();
    }

    @Override
    public synchronized HttpPage.Reply signIn(HttpPage.Request request, String name, String password) {
        Set<Permission> rights;
        try {
            rights = tokens.apply(password.strip());
        } catch (IllegalArgumentException e) {
            return new HttpPage.Reply(401, JSON, Map.of(), new byte[0]);
        }
        byte[] chance = new byte[SECRET_BYTES];
        random.nextBytes(chance);
        String secret = HexFormat.of().formatHex(chance);
        sessions.put(secret, new Session(new Visitor(named(name), rights), clock.instant()));
        if (sessions.size() > MOST) {
            sessions.remove(sessions.keySet().iterator().next());
        }
        return HttpPage.Reply.ok(JSON, new byte[0]).with(cookie(secret, ""));
    }

    @Override
    public synchronized HttpPage.Reply signOut(HttpPage.Request request) {
        sessions.remove(secret(request));
        return HttpPage.Reply.ok(JSON, new byte[0]).with(cookie("", "; Max-Age=0"));
    }

    /** What somebody calls himself, as it can be shown and noted: one short line. */
    private static String named(String name) {
        String line = NOT_SHOWN.matcher(name.substring(0, Math.min(name.length(), LONGEST_NAME))).replaceAll(" ").strip();
        return line.isEmpty() ? "somebody" : line;
    }

    private List<String> cookie(String value, String more) {
        return List.of(cookie + "=" + value + "; Path=/hawtio; HttpOnly; SameSite=Strict" + more);
    }

    private String secret(HttpPage.Request request) {
        return Cookies.find(request.headers().get("cookie"), cookie).orElse("");
    }
}
