package io.caravan.routes;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The form in which routes are written: Camel's canonical notation, of which Caravan uses little. A step is {@code to},
 * {@code filter} or {@code choice}; an expression is Simple and compares facts of the body with null or with a word.
 * Headers, variables, scripts, logs, delays, loops and dynamic endpoints have no place in it.
 */
final class CanonicalForm {

    private static final Set<String> ROUTE =
            Set.of("id", "description", "group", "note", "routeConfigurationId", "from");
    private static final Set<String> FROM = Set.of("uri", "parameters", "steps");
    private static final String FACT = "\\$\\{body(\\.\\w+)*} (==|!=) (null|'[\\w-]+')";
    private static final Pattern SIMPLE = Pattern.compile(FACT + "( && " + FACT + ")*");

    private final List<String> complaints = new ArrayList<>();

    private CanonicalForm() {}

    /** What is wrong with a route; empty when nothing is. */
    static List<String> complaints(RouteText route) {
        var form = new CanonicalForm();
        form.keys(route.definition(), ROUTE, "route");
        form.keys(route.from(), FROM, "from");
        form.uri(route.fromUri());
        form.steps(route.from().get("steps"), true);
        return form.complaints;
    }

    private void steps(Object node, boolean mayBranch) {
        if (!(node instanceof List<?> steps) || steps.isEmpty()) {
            complaints.add("no steps, but " + node);
            return;
        }
        int branches = 0;
        for (Object step : steps) {
            if (!(step instanceof Map<?, ?> map) || map.size() != 1
                    || !(map.values().iterator().next() instanceof Map<?, ?> body)) {
                complaints.add("a step in short notation: " + step);
                continue;
            }
            switch (String.valueOf(map.keySet().iterator().next())) {
                case "to" -> {
                    keys(body, Set.of("uri", "parameters"), "to");
                    uri(String.valueOf(body.get("uri")));
                }
                case "filter" -> {
                    branches++;
                    branch(body);
                }
                case "choice" -> {
                    branches++;
                    choice(body);
                }
                default -> complaints.add("a step that routes do not take: " + map.keySet());
            }
        }
        if (branches > (mayBranch ? 1 : 0)) {
            complaints.add("a second branch, which is two states or one bean");
        }
        fireStandsLast(steps);
    }

    private void choice(Map<?, ?> body) {
        keys(body, Set.of("when", "otherwise"), "choice");
        if (body.get("when") instanceof List<?> whens) {
            whens.forEach(when -> branch((Map<?, ?>) when));
        } else {
            complaints.add("a choice without a list of when");
        }
        if (body.get("otherwise") instanceof Map<?, ?> otherwise) {
            keys(otherwise, Set.of("steps"), "otherwise");
            steps(otherwise.get("steps"), false);
        }
    }

    private void branch(Map<?, ?> body) {
        keys(body, Set.of("expression", "steps"), "branch");
        if (!(body.get("expression") instanceof Map<?, ?> language) || language.size() != 1
                || !(language.get("simple") instanceof Map<?, ?> simple)
                || !(simple.get("expression") instanceof String text) || simple.size() != 1) {
            complaints.add("not a canonical Simple expression: " + body.get("expression"));
        } else if (!SIMPLE.matcher(text).matches()) {
            complaints.add("an expression that does more than look at facts of the body: " + text);
        }
        steps(body.get("steps"), false);
    }

    private void fireStandsLast(List<?> steps) {
        for (int i = 0; i < steps.size() - 1; i++) {
            String step = String.valueOf(steps.get(i));
            if (step.contains("uri=deal:") || step.contains("uri=sector:fire")) {
                complaints.add("steps after an event was fired: " + steps.get(i + 1));
            }
        }
    }

    private void uri(String uri) {
        if (uri.contains("?") && !uri.startsWith("bean:")) {
            complaints.add("options in a URI instead of under parameters: " + uri);
        }
        if (uri.startsWith("bean:") && !uri.matches("bean:\\w+\\?method=\\w+")) {
            complaints.add("not bean:<name>?method=<name>: " + uri);
        }
    }

    private void keys(Map<?, ?> map, Set<String> known, String where) {
        map.keySet().stream().filter(key -> !known.contains(String.valueOf(key)))
                .forEach(key -> complaints.add("'" + key + "' has no place in a " + where));
    }
}
