package io.caravan.rpc;

import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A right a token can carry. Rights are a flat set: a method needs exactly its own one, admin does not include read
 * (spec: chain-and-rpc §1.3).
 */
public enum Permission {
    READ("read"),
    WRITE("write"),
    SIGN("sign"),
    ADMIN("admin");

    private static final Map<String, Permission> BY_NAME =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Permission::wireName, Function.identity()));

    private final String wireName;

    Permission(String wireName) {
        this.wireName = wireName;
    }

    /** The name as tokens and error messages carry it: read, write, sign or admin. */
    public String wireName() {
        return wireName;
    }

    /**
     * The right of that wire name.
     *
     * @throws IllegalArgumentException naming the four rights if there is none of that name
     */
    public static Permission ofName(String name) {
        Permission permission = BY_NAME.get(name);
        if (permission == null) {
            throw new IllegalArgumentException(
                    "unknown permission '" + shortened(name) + "': it is one of read, write, sign, admin");
        }
        return permission;
    }

    /** What a caller without any token may do: read. */
    public static Set<Permission> ofNobody() {
        return EnumSet.of(READ);
    }

    /** All four, in the order Lotus writes them. */
    public static List<Permission> all() {
        return List.of(values());
    }

    static Set<Permission> setOf(Collection<Permission> permissions) {
        Set<Permission> set = EnumSet.noneOf(Permission.class);
        set.addAll(permissions);
        return set;
    }

    private static String shortened(String name) {
        return name.length() <= 32 ? name : name.substring(0, 32) + "…";
    }
}
