package io.caravan.rpc;

import java.net.InetAddress;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Who calls.
 *
 * @param name of the account or token, as audits name the caller; {@code nobody} for one who gave no name
 * @param kind how the caller made itself known
 * @param id names the token or session within its kind, never the secret itself; empty where there is none
 * @param address where the call came from
 * @param permissions what the caller may
 */
public record Caller(String name, Kind kind, String id, InetAddress address, Set<Permission> permissions) {

    /** How a caller made itself known. */
    public enum Kind {
        /** Not at all. */
        NOBODY,
        /** By a bearer token. */
        TOKEN,
        /** By the cookie of somebody who signed in; a browser may send it without its user's knowledge. */
        SESSION,
        /** Within this process. */
        ITSELF
    }

    public Caller {
        permissions = permissions.isEmpty() ? Set.of() : Collections.unmodifiableSet(EnumSet.copyOf(permissions));
    }

    /** A caller without token and session. */
    public static Caller nobody(InetAddress address, Set<Permission> permissions) {
        return new Caller("nobody", Kind.NOBODY, "", address, permissions);
    }

    /** Whoever holds a token that has no name: audits name it by its rights. */
    public static Caller ofToken(InetAddress address, Set<Permission> permissions) {
        return new Caller("a token with " + permissions.stream().sorted().map(Permission::wireName)
                .collect(Collectors.joining(", ")), Kind.TOKEN, "", address, permissions);
    }

    /** This process, which may everything. */
    public static Caller itself() {
        return new Caller("this node", Kind.ITSELF, "", InetAddress.getLoopbackAddress(),
                EnumSet.allOf(Permission.class));
    }

    /** Whether it is known by the cookie of a session. */
    public boolean bySession() {
        return kind == Kind.SESSION;
    }
}
