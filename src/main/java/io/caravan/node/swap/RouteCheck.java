package io.caravan.node.swap;

import io.caravan.model.Role;
import io.caravan.node.swap.RouteSwap.Text;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.camel.Component;
import org.apache.camel.spi.BeanRepository;
import org.jspecify.annotations.Nullable;

/** All that a text has to pass before it is tried: it is read, held against the rules and what runs, and built on paper. */
public final class RouteCheck {

    private final Role role;
    private final Beans beans;
    private final Supplier<Map<String, String>> placeholders;

    /**
     * @param placeholders the settings with the values that routes see
     */
    public RouteCheck(Role role, Beans beans, Supplier<Map<String, String>> placeholders) {
        this.role = role;
        this.beans = beans;
        this.placeholders = placeholders;
    }

    /**
     * @param around the outlines of what runs, by file
     * @param text the text of one that runs
     * @throws RouteRefusedException by the first thing that is wrong
     */
    Text check(RouteFile file, Map<String, Outline> around, Function<String, RouteFile> text) {
        Outline outline = OutlineReader.read(file);
        Map<String, String> known = placeholders.get();
        RouteRules.check(file, outline, new Surroundings(around, known.keySet(), beans, role));
        new PaperRun(beans, known).build(file, outline, beside(file, outline, around).stream().map(text).toList());
        return new Text(file, outline);
    }

    /** Builds a text on paper by the settings as they are now. */
    void build(Text text, Function<String, RouteFile> other, Map<String, Outline> around) {
        new PaperRun(beans, placeholders.get()).build(text.file(), text.outline(), beside(text.file(), text.outline(), around).stream().map(other).toList());
    }

    /** @throws RouteRefusedException if others need what the file has */
    void checkDrop(String name, Outline before, Map<String, Outline> around) {
        RouteRules.checkDrop(name, before, new Surroundings(around, Set.of(), beans, role));
    }

    /** The files that declare the error configurations it names, and those that name the ones it declares. */
    private static List<String> beside(RouteFile file, Outline outline, Map<String, Outline> around) {
        Set<String> named = new HashSet<>();
        outline.routes().forEach(route -> named.add(route.configuration().id()));
        Set<String> declared = new HashSet<>();
        outline.configurations().forEach(one -> declared.add(one.id()));
        List<String> beside = new ArrayList<>();
        around.forEach((name, other) -> {
            boolean declares = other.configurations().stream().anyMatch(one -> named.contains(one.id()));
            boolean names = other.routes().stream().anyMatch(route -> declared.contains(route.configuration().id()));
            if (!name.equals(file.name()) && (declares || names)) {
                beside.add(name);
            }
        });
        return beside;
    }

    /** What routes call by name. */
    public interface Beans {

        /** The type of a bean; null when there is none of that name. */
        @Nullable Class<?> type(String name);

        Set<String> names();

        /** The beans themselves, where they are at hand. */
        BeanRepository repository();

        /** Twins on paper of the components that Camel does not find by itself, by name. */
        Map<String, Component> components();
    }
}
