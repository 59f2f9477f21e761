package io.caravan.node.api;

import java.util.Optional;

/** Which phases nobody serves because their route was stopped; what is in such a state waits for a person. */
@FunctionalInterface
public interface RouteStops {

    /** Every route runs. */
    RouteStops NONE = state -> Optional.empty();

    /** What a row in that state waits for, such as {@code the route StorageDealPublish is stopped: …}; empty if it is served. */
    Optional<String> of(String stateName);
}
