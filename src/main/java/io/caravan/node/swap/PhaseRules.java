package io.caravan.node.swap;

import io.caravan.model.DealEvent;
import io.caravan.model.DealFlow;
import io.caravan.model.DealState;
import io.caravan.model.Flow;
import io.caravan.model.IllegalMoveException;
import io.caravan.model.Kind;
import io.caravan.model.Role;
import io.caravan.model.SectorEvent;
import io.caravan.model.SectorFlow;
import io.caravan.model.SectorState;
import io.caravan.node.config.Nearest;
import io.caravan.node.swap.Outline.RouteShape;
import io.caravan.node.swap.Outline.Step;
import io.caravan.node.swap.RouteRefusedException.Reason;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A phase serves a state in which something is done, and fires only events to which that state reacts. */
final class PhaseRules {

    private static final String FIRE = "fire/";
    private static final String CLAIM = "claim/";
    private static final String MOVES = "moves";

    private final String file;
    private final Role role;

    PhaseRules(String file, Role role) {
        this.file = file;
        this.role = role;
    }

    /** Whether a route works on rows: what fails in it has to become something. */
    static boolean isPhase(RouteShape route) {
        return served(route.from(), "deal").isPresent() || served(route.from(), "sector").isPresent()
                || route.steps().stream().anyMatch(step -> step.after("sector").filter(what -> what.startsWith(CLAIM)).isPresent());
    }

    /** The state whose rows a route begins with; what happens to all of them is no state. */
    static Optional<String> served(Step from, String scheme) {
        return from.after(scheme).filter(what -> !what.equals(MOVES));
    }

    /** The states that a route serves: by what it begins with, or by what it claims. */
    static Stream<String> states(RouteShape route, String scheme) {
        return Stream.concat(served(route.from(), scheme).stream(), route.steps().stream().flatMap(step -> step.after(scheme).stream())
                .filter(what -> what.startsWith(CLAIM)).map(what -> what.substring(CLAIM.length())));
    }

    /** The states of deals and sectors that a route serves. */
    static Stream<String> states(RouteShape route) {
        return Stream.of("deal", "sector").flatMap(scheme -> states(route, scheme));
    }

    void check(RouteShape route) {
        DealState deal = served(route.from(), "deal").map(name -> dealState(route.from(), name)).orElse(null);
        SectorState sector = Stream.concat(served(route.from(), "sector").map(name -> sectorState(route.from(), name)).stream(),
                route.steps().stream().flatMap(step -> step.after("sector").filter(what -> what.startsWith(CLAIM))
                        .map(what -> sectorState(step, what.substring(CLAIM.length()))).stream())).findFirst().orElse(null);
        for (Step step : route.steps()) {
            step.after("deal").ifPresent(what -> fires(step, what, DealEvent.class, DealEvent::wireName, DealFlow.of(role), deal,
                    List.of("fail")));
            step.after("sector").filter(what -> !what.startsWith(CLAIM)).ifPresent(what -> fires(step, what, SectorEvent.class,
                    SectorEvent::wireName, SectorFlow.SECTOR, sector, List.of("fail", "later")));
        }
    }

    private DealState dealState(Step from, String name) {
        DealState state = named(from, name, DealState.class, DealState::wireName, "state of a deal", Reason.UNKNOWN_STATE);
        Kind kind = DealFlow.of(role).states().contains(state) ? state.kind(role) : Kind.END;
        if (kind != Kind.WORK && kind != Kind.WAIT) {
            throw refused(Reason.UNKNOWN_STATE, from.line(), "a " + role.text() + "'s deal does nothing in " + name
                    + ": no route can serve it");
        }
        String side = from.parameters().get("role");
        if (side != null && !side.equals(role.text())) {
            throw refused(Reason.WRONG_OPTION, from.line(), "this node keeps the " + role.text() + "'s deals, not the " + side + "'s");
        }
        return state;
    }

    private SectorState sectorState(Step step, String name) {
        SectorState state = named(step, name, SectorState.class, SectorState::wireName, "state of a sector", Reason.UNKNOWN_STATE);
        if (state.kind() == Kind.END) {
            throw refused(Reason.UNKNOWN_STATE, step.line(), "nothing is done to a sector in " + name);
        }
        return state;
    }

    private <S extends Enum<S>, E extends Enum<E>> void fires(Step step, String what, Class<E> events, Function<E, String> name,
            Flow<S, E> flow, @Nullable S state, List<String> words) {
        if (words.contains(what)) {
            return;
        }
        if (!what.startsWith(FIRE)) {
            throw refused(Reason.ILLEGAL_EVENT, step.line(), step.uri()
                    + " names no event: a step fires events by fire/<Event>, it never names the next state");
        }
        List<E> fired = Arrays.stream(what.substring(FIRE.length()).split(",")).map(String::strip)
                .map(one -> named(step, one, events, name, "event", Reason.ILLEGAL_EVENT)).toList();
        List<S> from = state == null ? List.copyOf(flow.states()) : List.of(state);
        if (from.stream().noneMatch(one -> isLegal(flow, one, fired))) {
            throw refused(Reason.ILLEGAL_EVENT, step.line(), state == null ? "no state of the " + flow.name() + " reacts to "
                    + what.substring(FIRE.length()) : state + " does not react to " + what.substring(FIRE.length()));
        }
    }

    private static <S extends Enum<S>, E extends Enum<E>> boolean isLegal(Flow<S, E> flow, S state, List<E> events) {
        try {
            flow.walk(state, events);
            return true;
        } catch (IllegalMoveException e) {
            return false;
        }
    }

    private <E extends Enum<E>> E named(Step step, String word, Class<E> type, Function<E, String> name, String what, Reason reason) {
        Optional<E> found = Arrays.stream(type.getEnumConstants()).filter(one -> name.apply(one).equals(word)).findFirst();
        return found.orElseThrow(() -> refused(reason, step.line(), word + " is no " + what + "; the nearest is "
                + Nearest.to(word, Arrays.stream(type.getEnumConstants()).map(name).toList())));
    }

    private RouteRefusedException refused(Reason reason, int line, String sentence) {
        return new RouteRefusedException(reason, file, line, sentence);
    }
}
