package io.caravan.node.gate;

import io.caravan.rpc.Caller;
import io.caravan.rpc.Permission;
import io.caravan.store.AccessTokens;
import io.caravan.store.Accounts;
import io.caravan.store.WebSessions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where an administrator changes who may call; each change is logged with its caller and without secrets. */
public final class AccessDesk {

    private static final Logger LOG = LoggerFactory.getLogger(AccessDesk.class);
    private static final Pattern LABEL = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N} ._@-]{0,63}");
    private static final Duration LONGEST = Duration.ofDays(3650);

    private final RoleAccess access;
    private final Clock clock;

    /**
     * A one-time link's code.
     *
     * @param name whom audits will name
     */
    public record Link(String code, String name, Instant until) {}

    public AccessDesk(RoleAccess access, Clock clock) {
        this.access = access;
        this.clock = clock;
    }

    /**
     * A code that signs a browser in once.
     *
     * @throws IllegalArgumentException if the name is none to be written down, or there is no right to give
     */
    public Link link(String name, Set<Permission> rights) {
        LoginLinks.Made made = access.links().make(new Sessions.Who(label(name), null, rights));
        return new Link(made.code(), name, made.endsAt());
    }

    public List<WebSessions.Row> sessions() {
        return access.sessions().list();
    }

    /** Ends the sessions whose id begins so or that are of that name; all for an empty text. How many that were. */
    public int endSessions(String which, Caller caller) {
        int ended = 0;
        if (which.isEmpty()) {
            ended = access.sessions().endAll();
        } else {
            for (WebSessions.Row row : access.sessions().list()) {
                if (row.name().equals(which) || which.length() >= 8 && row.hash().hex().startsWith(which)) {
                    access.sessions().end(row.hash());
                    ended++;
                }
            }
        }
        LOG.info("{} ended {} sessions", caller.name(), ended);
        return ended;
    }

    public List<Accounts.Account> accounts() {
        return access.accounts().list();
    }

    /** @throws IllegalArgumentException in one sentence if name, password or rights cannot be, or the name is taken */
    public void addAccount(String name, String password, List<Permission> rights, Caller caller) {
        if (!SignIn.isName(name)) {
            throw new IllegalArgumentException("an account is called by 1 to 32 of a-z, 0-9, dot, dash and underscore, a letter or"
                    + " digit first");
        }
        if (rights.isEmpty()) {
            throw new IllegalArgumentException("an account has at least one right of read, write, sign, admin");
        }
        if (!access.accounts().add(name, Passwords.hashed(password), Rights.text(rights), caller.name())) {
            throw new IllegalArgumentException("there is an account " + name + " already: remove it first, or set its password");
        }
        LOG.info("{} added the account {} with {}", caller.name(), name, Rights.text(rights));
    }

    /** @throws IllegalArgumentException if there is none of that name */
    public void removeAccount(String name, Caller caller) {
        require(access.accounts().remove(name), name);
        ended();
        LOG.info("{} removed the account {}", caller.name(), name);
    }

    /** @throws IllegalArgumentException if there is none of that name, or the password cannot be */
    public void changePassword(String name, String password, Caller caller) {
        require(access.accounts().password(name, Passwords.hashed(password)), name);
        ended();
        LOG.info("{} changed the password of the account {}", caller.name(), name);
    }

    public List<AccessTokens.Row> tokens() {
        return access.tokens().list();
    }

    /**
     * A new token.
     *
     * @param lasts null if it shall not end by itself
     * @throws IllegalArgumentException in one sentence if something of it cannot be
     */
    public ListedTokens.Made newToken(String name, List<Permission> rights, @Nullable Duration lasts, Caller caller) {
        if (rights.isEmpty()) {
            throw new IllegalArgumentException("a token carries at least one right of read, write, sign, admin");
        }
        if (lasts != null && (lasts.isNegative() || lasts.isZero() || lasts.compareTo(LONGEST) > 0)) {
            throw new IllegalArgumentException("a token expires in 1 second to 10 years, or never");
        }
        Instant expires = lasts == null ? null : Instant.ofEpochSecond(clock.instant().plus(lasts).getEpochSecond());
        ListedTokens.Made made = access.tokens().make(label(name), rights, expires, caller.name());
        LOG.info("{} made the token {} ({}) with {}", caller.name(), made.row().name(), made.row().id(), made.row().rights());
        return made;
    }

    /**
     * Ends the tokens of that id or name, and the sessions that began with them; how many tokens that were.
     *
     * @throws IllegalArgumentException if there is none
     */
    public int revoke(String which, Caller caller) {
        int revoked = access.tokens().revoke(which);
        if (revoked == 0) {
            throw new IllegalArgumentException("no token that counts has that id or name: see ./caravan tokens list");
        }
        ended();
        LOG.info("{} revoked {} tokens", caller.name(), revoked);
        return revoked;
    }

    /** Whoever signed in by what counts no more is signed out, and no link that its bearer made before lets anybody in. */
    private void ended() {
        access.links().forget();
        access.gate().look();
    }

    private static String label(String name) {
        if (!LABEL.matcher(name).matches()) {
            throw new IllegalArgumentException("a name has 1 to 64 letters, digits, blanks and . _ @ -, a letter or digit first");
        }
        return name;
    }

    private static void require(boolean isThere, String name) {
        if (!isThere) {
            throw new IllegalArgumentException("there is no account " + (SignIn.isName(name) ? name : "of that name")
                    + ": see ./caravan accounts list");
        }
    }
}
