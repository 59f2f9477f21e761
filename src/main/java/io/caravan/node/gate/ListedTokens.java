package io.caravan.node.gate;

import io.caravan.rpc.Caller;
import io.caravan.rpc.Permission;
import io.caravan.rpc.TokenDesk;
import io.caravan.rpc.Tokens;
import io.caravan.store.AccessTokens;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The role's tokens: each stands in a list, has a name, may end by itself and can be revoked. */
public final class ListedTokens implements TokenDesk {

    private static final Logger LOG = LoggerFactory.getLogger(ListedTokens.class);
    private static final int MOST = 1000;
    private static final String HOME = "home";

    private final Tokens tokens;
    private final AccessTokens rows;
    private final Clock clock;
    private final BooleanSupplier takesUnlisted;
    private volatile Map<String, AccessTokens.Row> listed = Map.of();

    /** A token as its maker gets to see it, once. */
    public record Made(String token, AccessTokens.Row row) {}

    /** @param takesUnlisted whether tokens count that were made before there was a list; they never end; asked at each use */
    public ListedTokens(Tokens tokens, AccessTokens rows, Clock clock, BooleanSupplier takesUnlisted) {
        this.tokens = tokens;
        this.rows = rows;
        this.clock = clock;
        this.takesUnlisted = takesUnlisted;
        look();
    }

    /**
     * Makes one.
     *
     * @param expires null if it shall not end by itself
     * @throws IllegalArgumentException if there are too many
     */
    public synchronized Made make(String name, List<Permission> rights, @Nullable Instant expires, String by) {
        if (live().count() >= MOST) {
            throw new IllegalArgumentException("there are " + MOST + " tokens that count already: revoke those that nobody needs (./caravan"
                    + " tokens list, ./caravan tokens revoke ID)");
        }
        return made(name, rights, expires, by);
    }

    /**
     * The token of the role's home folder, which is made however many there are: without it no operator could revoke any. Where
     * there are too many, those that this maker made before, and which are in no home folder any more, end.
     */
    synchronized Made makeHome(String by) {
        if (live().count() >= MOST) {
            live().filter(row -> row.name().equals(HOME) && row.madeBy().equals(by)).map(AccessTokens.Row::id).toList().forEach(rows::revoke);
            look();
            if (live().count() >= MOST) {
                LOG.warn("there are {} tokens that count, so that no other can be made: revoke those that nobody needs (./caravan tokens"
                        + " list, ./caravan tokens revoke ID)", live().count());
            }
        }
        return made(HOME, Permission.all(), null, by);
    }

    private Stream<AccessTokens.Row> live() {
        Instant now = clock.instant();
        return listed.values().stream().filter(row -> row.isLive(now));
    }

    private Made made(String name, List<Permission> rights, @Nullable Instant expires, String by) {
        String id = Secrets.id();
        String token = tokens.issue(rights, id, expires);
        AccessTokens.Row row = new AccessTokens.Row(id, name, Secrets.hash(token), Rights.text(rights), by, clock.instant(), expires, null);
        rows.insert(row);
        look();
        return new Made(token, row);
    }

    /** All that are remembered, ended ones too. */
    public List<AccessTokens.Row> list() {
        return rows.list();
    }

    /** Ends the tokens of that id or name, at once; how many that were. */
    public synchronized int revoke(String which) {
        int revoked = rows.revoke(which);
        look();
        return revoked;
    }

    @Override
    public String issue(List<Permission> permissions, Caller caller) {
        return make("AuthNew of " + caller.name(), permissions, null, caller.name()).token();
    }

    @Override
    public List<Permission> verify(String token) {
        return admit(token).permissions();
    }

    /** What a token says, if it counts. */
    record Admitted(String id, String name, List<Permission> permissions, @Nullable Instant expires) {}

    /** @throws IllegalArgumentException in one sentence if it does not count */
    Admitted admit(String token) {
        Tokens.Claims claims = tokens.read(token);
        if (claims.id() == null) {
            if (!takesUnlisted.getAsBoolean()) {
                throw new IllegalArgumentException("this token stands in no list: make a new one by ./caravan tokens new, or have"
                        + " old ones taken by caravan.tokens.unlisted = true");
            }
            return new Admitted("", "", claims.permissions(), null);
        }
        AccessTokens.Row row = listed.get(claims.id());
        if (row == null || !row.hash().equals(Secrets.hash(token))) {
            throw new IllegalArgumentException("this token is not in this node's list: make a new one by ./caravan tokens new");
        }
        if (!row.isLive(clock.instant())) {
            throw new IllegalArgumentException("this token " + (row.revokedAt() == null ? "has expired" : "was revoked")
                    + ": make a new one by ./caravan tokens new");
        }
        return new Admitted(row.id(), row.name(), claims.permissions(), row.expiresAt());
    }

    /** Whether the token of that id still counts. */
    boolean holds(String id) {
        AccessTokens.Row row = listed.get(id);
        return id.isEmpty() ? takesUnlisted.getAsBoolean() : row != null && row.isLive(clock.instant());
    }

    /** Reads the list again; one at a time, so that none puts back what was read before a token ended. */
    synchronized void look() {
        listed = rows.list().stream().collect(Collectors.toMap(AccessTokens.Row::id, Function.identity()));
    }
}
