package io.caravan.model;

import io.caravan.model.Flow.Effect;
import io.caravan.model.Flow.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Writes docs/states.md from the flows: what the page says is what the program does. */
public final class StatesPage {

    private StatesPage() {}

    /** The whole page, in Markdown with Mermaid diagrams. */
    public static String markdown() {
        var page = new StringBuilder("""
                # States

                Generated from `model/DealFlow` and `model/SectorFlow`; change those, then run
                `mvn test -Dtest=StatesPageTest -Dcaravan.docs.write=true`.

                An event does one of three things to a state: **→ X** goes to X and runs its entry action, **again**
                stays and runs the entry action again, **noted** stays and only writes the event down. Every state but the
                final ones has an owner (the route of its name, in the file named), a retry rule and a deadline; *gives up by*
                is the event that fires when the deadline passes or the phase fails for good. The deadline of a deal is the
                earlier of an idle time on the wall clock and a last epoch: *start buffer* is `miner.publish.start-buffer`,
                *settling* a few epochs more than any confidence. WORK: a route acts. WAIT: a route looks, there is nothing
                to do but wait. END: nothing follows. REPLY: a code that this side only reads or says.

                ## All codes

                """);
        page.append("| code | name | in words | client | provider |\n|---|---|---|---|---|\n");
        for (DealState state : DealState.values()) {
            page.append("| ").append(state.code()).append(" | ").append(state.wireName()).append(" | ")
                    .append(state.label()).append(" | ").append(state.kind(Role.CLIENT)).append(" | ").append(state.kind(Role.PROVIDER))
                    .append(" |\n");
        }
        deals(page, "The client's deal", Role.CLIENT);
        deals(page, "The provider's deal", Role.PROVIDER);
        part(page, "The sector", SectorFlow.SECTOR, SectorState::wireName, state -> state.kind() + " | " + state.label());
        return page.toString();
    }

    private static void deals(StringBuilder page, String title, Role role) {
        part(page, title, DealFlow.of(role), StatesPage::shortly, state -> state.kind(role) + " | " + state.code());
        page.append("\nWho takes care of it, and how long:\n\n")
                .append("| state | owner | waits on | for | if that fails | idle time | last epoch |\n")
                .append("|---|---|---|---|---|---|---|\n");
        DealDuties.of(role).forEach((state, duty) -> page.append("| ").append(shortly(state)).append(" | `routes/")
                .append(duty.owner()).append("` | ").append(duty.on().label()).append(" | ").append(duty.what())
                .append(" | ").append(duty.retry().label()).append(" | ").append(lapse(duty.idle())).append(" | ")
                .append(duty.bound().label()).append(" |\n"));
    }

    private static String shortly(DealState state) {
        return state.wireName().substring("StorageDeal".length());
    }

    private static String lapse(Duration time) {
        return time.toHours() > 24 ? time.toDays() + " d" : time.toHours() >= 1 ? time.toHours() + " h"
                : time.toMinutes() + " min";
    }

    private static <S extends Enum<S>, E extends Enum<E>> void part(StringBuilder page, String title, Flow<S, E> flow,
            Function<S, String> name, Function<S, String> kindAndMore) {
        boolean sector = flow.name().equals("sector");
        page.append("\n## ").append(title).append("\n\n").append(diagram(flow, name)).append("\n| state | kind | ")
                .append(sector ? "in words" : "code").append(" | events | gives up by |\n|---|---|---|---|---|\n");
        for (S state : flow.states()) {
            page.append("| ").append(name.apply(state)).append(" | ").append(kindAndMore.apply(state)).append(" | ")
                    .append(events(flow, state, name)).append(" | ")
                    .append(flow.failure(state).map(Object::toString).orElse("")).append(" |\n");
        }
    }

    private static <S extends Enum<S>, E extends Enum<E>> String events(Flow<S, E> flow, S state,
            Function<S, String> name) {
        var cells = new ArrayList<String>();
        for (Step<S, E> step : flow.stepsFrom(state)) {
            cells.add(step.event() + switch (step.effect()) {
                case ENTER -> " → " + name.apply(step.to());
                case RERUN -> " again";
                case RECORD -> " noted";
            });
        }
        return String.join(" · ", cells);
    }

    /** Arrows between states; events between the same two share one. What leads to Failing is left to the table. */
    private static <S extends Enum<S>, E extends Enum<E>> String diagram(Flow<S, E> flow, Function<S, String> name) {
        Map<String, List<String>> arrows = new LinkedHashMap<>();
        for (Step<S, E> step : flow.steps()) {
            String to = name.apply(step.to());
            boolean givesUp = to.equals("Failing") || flow.name().equals("sector") && to.equals("Unknown");
            if (step.effect() == Effect.ENTER && !givesUp) {
                arrows.computeIfAbsent(name.apply(step.from()) + " --> " + to, arrow -> new ArrayList<>())
                        .add(step.event().toString());
            }
        }
        var text = new StringBuilder("```mermaid\nstateDiagram-v2\n");
        text.append("    [*] --> ").append(name.apply(flow.steps().get(0).from())).append('\n');
        arrows.forEach((arrow, events) ->
                text.append("    ").append(arrow).append(" : ").append(String.join(", ", events)).append('\n'));
        return text.append("```\n").toString();
    }
}
