package io.caravan.node.gate;

import io.caravan.node.config.LiveSettings;
import io.caravan.node.config.Settings;
import io.caravan.rpc.Tokens;
import io.caravan.store.AccessTokens;
import io.caravan.store.Accounts;
import io.caravan.store.Sql;
import io.caravan.store.WebSessions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;

/** All that decides who may call one role, put together from its settings and its database. */
public final class RoleAccess {

    private static final int MAX_TOKEN_BYTES = 8192;

    private final String role;
    private final ListedTokens tokens;
    private final Sessions sessions;
    private final Accounts accounts;
    private final LoginLinks links;
    private final SignIn signIn;
    private final RoleGate gate;

    /**
     * @param sql the role's database, migrated
     * @param signing makes and knows the signatures of its tokens
     */
    public RoleAccess(String role, LiveSettings settings, Sql sql, Clock clock, Tokens signing) {
        this.role = role;
        this.tokens = new ListedTokens(signing, new AccessTokens(sql, clock), clock, settings.of(RoleAccess::takesUnlisted)::get);
        this.sessions = new Sessions(new WebSessions(sql, clock), clock, settings.of(RoleAccess::spans));
        this.accounts = new Accounts(sql, clock);
        this.links = new LoginLinks(clock);
        this.signIn = new SignIn(accounts, tokens, links, new KnownBrowsers(signing.derived("known browsers"), clock), settings.of(RoleAccess::pace), clock);
        this.gate = new RoleGate(role, tokens, sessions);
    }

    /** Reads the settings once, so that a wrong one is found while nothing runs. */
    public static void check(Settings settings) {
        takesUnlisted(settings);
        spans(settings);
        pace(settings);
    }

    private static boolean takesUnlisted(Settings settings) {
        return settings.flag("caravan.tokens.unlisted");
    }

    private static Sessions.Spans spans(Settings settings) {
        return new Sessions.Spans(settings.duration("caravan.session.idle"), settings.duration("caravan.session.longest"));
    }

    private static SignIn.Pace pace(Settings settings) {
        return new SignIn.Pace(settings.integer("caravan.login.tries", 1, 1000), settings.duration("caravan.login.every"));
    }

    /**
     * The token of the role's own home folder, with every right: the one that lies there while it counts, else a new one.
     *
     * @param home holds the file {@code token}
     */
    public String homeToken(Path home) {
        Path file = home.resolve("token");
        try {
            if (Files.isRegularFile(file) && Files.size(file) <= MAX_TOKEN_BYTES) {
                String token = Files.readString(file).strip();
                if (!tokens.admit(token).id().isEmpty()) {
                    return token;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the file " + file + " cannot be read", e);
        } catch (IllegalArgumentException e) {
            // It does not count any more: the home folder gets another.
        }
        return tokens.makeHome("the start of the " + role).token();
    }

    public ListedTokens tokens() {
        return tokens;
    }

    public Sessions sessions() {
        return sessions;
    }

    public Accounts accounts() {
        return accounts;
    }

    public LoginLinks links() {
        return links;
    }

    public SignIn signIn() {
        return signIn;
    }

    public RoleGate gate() {
        return gate;
    }
}
