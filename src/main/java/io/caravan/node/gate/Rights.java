package io.caravan.node.gate;

import io.caravan.rpc.Permission;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Rights as text, {@code read,write}, the way rows and terminals have them. */
final class Rights {

    private Rights() {}

    /** @throws IllegalArgumentException naming the four rights if one is none of them, or if there is none at all */
    static List<Permission> parse(String text) {
        List<Permission> rights = Stream.of(text.split(",")).map(String::strip).filter(name -> !name.isEmpty())
                .map(Permission::ofName).distinct().sorted().toList();
        if (rights.isEmpty()) {
            throw new IllegalArgumentException("say at least one right of read, write, sign, admin");
        }
        return rights;
    }

    static String text(Collection<Permission> rights) {
        return rights.stream().sorted().map(Permission::wireName).collect(Collectors.joining(","));
    }
}
