package io.caravan.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A life cycle as data: which state reacts to which event, and how. Built once by a checked builder, then immutable.
 *
 * @param <S> the states
 * @param <E> the events
 */
public final class Flow<S extends Enum<S>, E extends Enum<E>> {

    /** What an event does to a state (spec deal-lifecycle 2, E3). */
    public enum Effect {
        /** Go to the target and run its entry action, also when the target is the state itself. */
        ENTER,
        /** Stay, and run the state's entry action again. */
        RERUN,
        /** Stay and only write down what happened. */
        RECORD
    }

    /** One row of the table; {@code to} equals {@code from} unless the effect is ENTER. */
    public record Step<S, E>(S from, E event, Effect effect, S to) {}

    private record Key<S, E>(S from, E event) {}

    private final String name;
    private final Map<Key<S, E>, Step<S, E>> steps;
    private final Map<S, E> failures;

    private Flow(Builder<S, E> builder) {
        this.name = builder.name;
        this.steps = new LinkedHashMap<>(builder.steps);
        this.failures = Map.copyOf(builder.failures);
    }

    /** Who this life cycle belongs to, for sentences: {@code client}, {@code provider} or {@code sector}. */
    public String name() {
        return name;
    }

    /** What the event does to the state; empty when the state does not react to it. */
    public Optional<Step<S, E>> step(S from, E event) {
        return Optional.ofNullable(steps.get(new Key<>(from, event)));
    }

    /** The state in which the event leaves one that reacts to it; empty when it does not react. */
    public Optional<S> next(S from, E event) {
        return step(from, event).map(Step::to);
    }

    /**
     * The steps of several events fired together, each from where the one before it led.
     *
     * @throws IllegalMoveException naming the first event that its state does not react to
     */
    public List<Step<S, E>> walk(S from, List<E> events) {
        var path = new ArrayList<Step<S, E>>(events.size());
        S at = from;
        for (E event : events) {
            S state = at;
            Step<S, E> step = step(at, event).orElseThrow(() -> new IllegalMoveException(
                    "the " + name + "'s " + state + " does not react to " + event));
            path.add(step);
            at = step.to();
        }
        return List.copyOf(path);
    }

    /** The event that a state fires when its deadline passes or its phase fails for good; empty for final states. */
    public Optional<E> failure(S state) {
        return Optional.ofNullable(failures.get(state));
    }

    /** Every row, in the order declared, which is the order docs and diagrams show. */
    public List<Step<S, E>> steps() {
        return List.copyOf(steps.values());
    }

    /** The rows of one state, in the order declared. */
    public List<Step<S, E>> stepsFrom(S state) {
        return steps.values().stream().filter(step -> step.from() == state).toList();
    }

    /** The states that this side can be in, in the order in which the table first names them. */
    public Set<S> states() {
        var states = new LinkedHashSet<S>();
        for (Step<S, E> step : steps.values()) {
            states.add(step.from());
        }
        steps.values().forEach(step -> states.add(step.to()));
        return states;
    }

    /** Writes the table; each call is checked, so a flow that contradicts itself does not start. */
    static final class Builder<S extends Enum<S>, E extends Enum<E>> {
        private final String name;
        private final Set<S> ends;
        private final Map<Key<S, E>, Step<S, E>> steps = new LinkedHashMap<>();
        private final Map<S, E> failures = new LinkedHashMap<>();
        private @Nullable S current;

        Builder(String name, Set<S> ends) {
            this.name = name;
            this.ends = ends;
        }

        /** The rows that follow belong to this state. */
        Builder<S, E> in(S state) {
            if (ends.contains(state)) {
                throw new IllegalArgumentException(state + " is an end state of the " + name);
            }
            current = state;
            return this;
        }

        Builder<S, E> on(E event, S to) {
            return add(new Step<>(from(), event, Effect.ENTER, to));
        }

        Builder<S, E> rerun(E event) {
            return add(new Step<>(from(), event, Effect.RERUN, from()));
        }

        Builder<S, E> record(E event) {
            return add(new Step<>(from(), event, Effect.RECORD, from()));
        }

        /** How this state gives up; the event must be one of its rows by the time the flow is built. */
        Builder<S, E> failsBy(E event) {
            if (failures.put(from(), event) != null) {
                throw new IllegalArgumentException(from() + " already has a way to give up");
            }
            return this;
        }

        /** In every state declared so far that has no row of its own for the event: enter the target. */
        Builder<S, E> anywhere(E event, S to) {
            declared().forEach(state -> steps.putIfAbsent(new Key<>(state, event),
                    new Step<>(state, event, Effect.ENTER, to)));
            return this;
        }

        /** In every state declared so far that has no row of its own for the event: run the entry action again. */
        Builder<S, E> rerunAnywhere(E event) {
            declared().forEach(state -> steps.putIfAbsent(new Key<>(state, event),
                    new Step<>(state, event, Effect.RERUN, state)));
            return this;
        }

        /** In every state declared so far that has no row of its own for the event: only write it down. */
        Builder<S, E> recordAnywhere(E event) {
            declared().forEach(state -> steps.putIfAbsent(new Key<>(state, event),
                    new Step<>(state, event, Effect.RECORD, state)));
            return this;
        }

        /** @throws IllegalArgumentException if a state that can be entered has no way out, or none to give up by */
        Flow<S, E> build() {
            Set<S> declared = declared();
            for (Step<S, E> step : steps.values()) {
                if (!declared.contains(step.to()) && !ends.contains(step.to())) {
                    throw new IllegalArgumentException("the " + name + " enters " + step.to() + " and never leaves it");
                }
            }
            for (S state : declared) {
                E failure = failures.get(state);
                if (failure == null || !steps.containsKey(new Key<>(state, failure))) {
                    throw new IllegalArgumentException(state + " of the " + name + " cannot give up");
                }
            }
            return new Flow<>(this);
        }

        private S from() {
            if (current == null) {
                throw new IllegalStateException("the " + name + "'s table begins with in(state)");
            }
            return current;
        }

        private Builder<S, E> add(Step<S, E> step) {
            if (steps.putIfAbsent(new Key<>(step.from(), step.event()), step) != null) {
                throw new IllegalArgumentException(step.from() + " already reacts to " + step.event());
            }
            return this;
        }

        private Set<S> declared() {
            var states = new LinkedHashSet<S>();
            steps.values().forEach(step -> states.add(step.from()));
            return states;
        }
    }
}
