package io.caravan.node.swap;

import io.caravan.model.Role;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a file of routes is held against.
 *
 * @param files the outlines of the files that run, by name
 * @param keys the settings that a placeholder may name
 * @param beans what routes call by name
 * @param role the side whose deals this node keeps
 */
record Surroundings(Map<String, Outline> files, Set<String> keys, RouteCheck.Beans beans, Role role) {

    /** The outlines of the other files, with their names. */
    Stream<Map.Entry<String, Outline>> othersThan(String file) {
        return files.entrySet().stream().filter(entry -> !entry.getKey().equals(file));
    }

    /** Which other file has such a route. */
    Optional<String> routeElsewhere(String file, String id) {
        return othersThan(file).filter(entry -> entry.getValue().ids().contains(id)).map(Map.Entry::getKey).findFirst();
    }

    /** Which other file declares such an error configuration. */
    Optional<String> configurationElsewhere(String file, String id) {
        return othersThan(file).filter(entry -> entry.getValue().configurations().stream().anyMatch(one -> one.id().equals(id)))
                .map(Map.Entry::getKey).findFirst();
    }
}
