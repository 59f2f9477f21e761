package io.caravan.node.gate;

import io.caravan.codec.Bytes;
import io.caravan.model.RetryableException;
import io.caravan.rpc.Caller;
import io.caravan.rpc.Cookies;
import io.caravan.rpc.Gate;
import io.caravan.rpc.Permission;
import io.caravan.store.WebSessions;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Knows the callers of a role: by a token of the list, else by the cookie of a session, else as nobody. */
public final class RoleGate implements Gate {

    private static final Logger LOG = LoggerFactory.getLogger(RoleGate.class);

    private final String role;
    private final ListedTokens tokens;
    private final Sessions sessions;

    public RoleGate(String role, ListedTokens tokens, Sessions sessions) {
        this.role = role;
        this.tokens = tokens;
        this.sessions = sessions;
    }

    /** What the cookie of a session is called; browsers do not tell ports of one machine apart. */
    public String cookieName(int port) {
        return "caravan-" + role + "-" + port;
    }

    @Override
    public Caller admit(Credentials shown) {
        if (shown.token() != null) {
            ListedTokens.Admitted token = tokens.admit(shown.token());
            Set<Permission> rights = EnumSet.noneOf(Permission.class);
            rights.addAll(token.permissions());
            return token.id().isEmpty() ? Caller.ofToken(shown.address(), rights)
                    : new Caller("token " + token.name(), Caller.Kind.TOKEN, token.id(), shown.address(), rights);
        }
        return Cookies.find(shown.cookies(), cookieName(shown.port())).flatMap(sessions::of)
                .map(session -> signedIn(session, shown))
                .orElseGet(() -> Caller.nobody(shown.address(), shown.isLocal() ? Permission.ofNobody() : Set.of()));
    }

    private static Caller signedIn(WebSessions.Row session, Credentials shown) {
        return new Caller(session.name(), Caller.Kind.SESSION, session.hash().hex(), shown.address(),
                Set.copyOf(Rights.parse(session.rights())));
    }

    @Override
    public boolean showsSession(Credentials shown) {
        Optional<String> cookie = Cookies.find(shown.cookies(), cookieName(shown.port()));
        return cookie.isPresent() && !cookie.get().isEmpty();
    }

    @Override
    public boolean holds(Caller caller) {
        return switch (caller.kind()) {
            case TOKEN -> tokens.holds(caller.id());
            case SESSION -> sessions.holds(Bytes.ofHex(caller.id()));
            case NOBODY, ITSELF -> true;
        };
    }

    @Override
    public void used(Caller caller) {
        if (caller.bySession()) {
            sessions.use(Bytes.ofHex(caller.id()));
        }
    }

    @Override
    public void look() {
        try {
            tokens.look();
            sessions.look();
        } catch (RetryableException e) {
            LOG.debug("tokens and sessions stay as they were last read: {}", e.getMessage());
        }
    }
}
