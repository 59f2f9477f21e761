package io.caravan.node.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which phases nobody serves because their route was stopped or is gone; what is in such a state waits for a person. */
@FunctionalInterface
public interface RouteStops {

    /** Every route runs. */
    RouteStops NONE = state -> Optional.empty();

    /** Why nobody serves rows of that state at this node; empty if it is served. */
    Optional<Stop> of(String stateName);

    /**
     * A phase that nobody serves.
     *
     * @param route that is to be started; null where there is none any more
     * @param file that is to have a route and has none; null where there is one
     * @param waitsFor what its rows wait for, such as {@code the route StorageDealPublish, stopped on this node by kim, to be started again}
     * @param todo what a person is to do, as a sentence for a terminal
     * @param who stopped it; null where nobody knows
     * @param since null where nobody knows
     */
    record Stop(@Nullable String route, @Nullable String file, String waitsFor, String todo, @Nullable String who, @Nullable Instant since) {

        /** {@code {route, file, who, since, todo}}. */
        void put(ObjectNode out) {
            out.putObject("stopped").put("route", route).put("file", file).put("who", who)
                    .put("since", since == null ? null : since.toString()).put("todo", todo);
        }
    }
}
