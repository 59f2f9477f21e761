package io.caravan.node.swap;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a file of routes holds, as far as the rules about it go.
 *
 * @param configurations the error configurations that it declares
 */
record Outline(List<RouteShape> routes, List<Named> configurations) {

    /** An id with the line where it stands. */
    record Named(String id, int line) {}

    /**
     * Where something comes from or goes to.
     *
     * @param uri as written, without its parameters
     * @param isDynamic whether it is an address only when a message is there
     */
    record Step(String uri, int line, Map<String, String> parameters, boolean isDynamic) {

        /** What comes after a scheme, without options. */
        Optional<String> after(String scheme) {
            return uri.startsWith(scheme + ":")
                    ? Optional.of(uri.substring(scheme.length() + 1).replaceFirst("^//", "").split("\\?", 2)[0]) : Optional.empty();
        }
    }

    /**
     * One route.
     *
     * @param configuration its error configuration; empty when it names none
     * @param ownErrorHandler the line of an error handler of its own; 0 when it has none
     */
    record RouteShape(String id, int line, String group, String description, Named configuration, int ownErrorHandler,
            Step from, List<Step> steps) {

        Stream<Step> all() {
            return Stream.concat(Stream.of(from), steps.stream());
        }
    }

    List<String> ids() {
        return routes.stream().map(RouteShape::id).toList();
    }

    /** What its routes call by {@code direct:}. */
    Stream<Step> calls() {
        return routes.stream().flatMap(route -> route.steps().stream())
                .filter(step -> !step.isDynamic() && step.after("direct").isPresent());
    }

    /** The {@code direct:} names that its routes answer. */
    List<String> answers() {
        return routes.stream().flatMap(route -> route.from().after("direct").stream()).toList();
    }
}
