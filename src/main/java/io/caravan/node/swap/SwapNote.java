package io.caravan.node.swap;

import io.caravan.node.swap.RouteSwap.Text;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What there is to know about a change that was taken, beside that it was: for its row. */
final class SwapNote {

    static final Outline NOTHING = new Outline(List.of(), List.of());

    private SwapNote() {}

    /** The parts that say something, as one; null where none does. */
    static @Nullable String of(@Nullable String... parts) {
        String all = Stream.of(parts).filter(Objects::nonNull).collect(Collectors.joining("; "));
        return all.isEmpty() ? null : all;
    }

    /** Files whose routes were built anew with it. */
    static @Nullable String along(List<Text> texts) {
        return texts.isEmpty() ? null : "built anew with it: " + texts.stream().map(one -> one.file().name()).collect(Collectors.joining(", "));
    }

    /** Routes that somebody had stopped. */
    static @Nullable String kept(SortedSet<String> stopped) {
        return stopped.isEmpty() ? null : String.join(", ", stopped) + (stopped.size() == 1 ? " stays stopped, as it was" : " stay stopped, as they were");
    }

    /**
     * Which states nobody serves any more: what is in them stays where it is.
     *
     * @param before what a file had
     * @param now what runs
     */
    static @Nullable String unserved(Outline before, Collection<Outline> now) {
        return of(unserved("deal", states(List.of(before), "deal"), states(now, "deal")),
                unserved("sector", states(List.of(before), "sector"), states(now, "sector")));
    }

    private static @Nullable String unserved(String kind, Collection<String> before, Collection<String> after) {
        before.removeAll(after);
        return before.isEmpty() ? null : "no route serves " + String.join(", ", before) + " any more: " + kind + "s stay there";
    }

    private static Collection<String> states(Collection<Outline> outlines, String kind) {
        return outlines.stream().flatMap(outline -> outline.routes().stream()).flatMap(route -> PhaseRules.states(route, kind))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
