package io.caravan.camel;

import io.caravan.model.Flow;
import io.caravan.model.IllegalMoveException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.apache.camel.Endpoint;

/** The {@code fire/<Event>[,<Event>]} of an endpoint's path, checked against the flow when the route is built. */
final class Events {

    static final String FAIL = "fail";
    private static final String FIRE = "fire/";

    private Events() {}

    static <S extends Enum<S>, E extends Enum<E>> List<E> parse(Endpoint endpoint, String target,
            Function<String, E> named, Flow<S, E> flow) {
        if (!target.startsWith(FIRE)) {
            throw new IllegalArgumentException(endpoint.getEndpointUri()
                    + " names no event: a step fires events by fire/<Event>, it never names the next state");
        }
        List<E> events = Arrays.stream(target.substring(FIRE.length()).split(",")).map(String::strip).map(named).toList();
        if (flow.states().stream().noneMatch(state -> isLegal(flow, state, events))) {
            throw new IllegalArgumentException(endpoint.getEndpointUri() + ": no state of the " + flow.name()
                    + " reacts to " + events);
        }
        return events;
    }

    static <S extends Enum<S>, E extends Enum<E>> boolean isLegal(Flow<S, E> flow, S state, List<E> events) {
        try {
            flow.walk(state, events);
            return true;
        } catch (IllegalMoveException e) {
            return false;
        }
    }
}
