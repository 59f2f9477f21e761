package io.caravan.node.swap;

import io.caravan.node.config.Nearest;
import io.caravan.node.swap.Outline.Named;
import io.caravan.node.swap.Outline.RouteShape;
import io.caravan.node.swap.Outline.Step;
import io.caravan.node.swap.RouteRefusedException.Reason;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The rules that a file of routes keeps beside those of Camel: ids, error configurations, placeholders, beans, who serves what. */
final class RouteRules {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([^}]*)}}");

    private final RouteFile file;
    private final Outline outline;
    private final Surroundings around;

    private RouteRules(RouteFile file, Outline outline, Surroundings around) {
        this.file = file;
        this.outline = outline;
        this.around = around;
    }

    /** @throws RouteRefusedException by the first rule that the file breaks */
    static void check(RouteFile file, Outline outline, Surroundings around) {
        RouteRules rules = new RouteRules(file, outline, around);
        rules.ids();
        rules.placeholders();
        PhaseRules phases = new PhaseRules(file.name(), around.role());
        outline.routes().forEach(phases::check);
        outline.routes().forEach(rules::errorConfiguration);
        rules.servesOnce();
        outline.routes().forEach(rules::beans);
        rules.calls();
        Outline before = around.files().get(file.name());
        if (before != null) {
            rules.stillThere(before);
        }
    }

    /** @throws RouteRefusedException if other files need what the dropped one has */
    static void checkDrop(String name, Outline before, Surroundings around) {
        new RouteRules(new RouteFile(name, ""), new Outline(List.of(), List.of()), around).stillThere(before);
    }

    private void ids() {
        for (RouteShape route : outline.routes()) {
            around.routeElsewhere(file.name(), route.id()).ifPresent(owner -> {
                throw refused(Reason.ID_TAKEN, route.line(), "the id " + route.id() + " belongs to a route of " + owner);
            });
        }
        for (Named configuration : outline.configurations()) {
            around.configurationElsewhere(file.name(), configuration.id()).ifPresent(owner -> {
                throw refused(Reason.ID_TAKEN, configuration.line(), "the id " + configuration.id() + " belongs to a configuration of " + owner);
            });
        }
    }

    private void placeholders() {
        List<String> lines = file.text().lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            int line = i + 1;
            if (!lines.get(i).strip().startsWith("#")) {
                PLACEHOLDER.matcher(lines.get(i)).results().map((MatchResult found) -> found.group(1).strip())
                        .filter(key -> !key.startsWith("?") && key.indexOf(':') < 0 && !around.keys().contains(key)).findFirst()
                        .ifPresent(key -> {
                            throw refused(Reason.UNKNOWN_PLACEHOLDER, line, "{{" + key + "}} is no setting; the nearest is "
                                    + Nearest.to(key, around.keys()));
                        });
            }
        }
    }

    private void errorConfiguration(RouteShape route) {
        if (route.ownErrorHandler() > 0) {
            throw refused(Reason.NO_ERROR_CONFIGURATION, route.ownErrorHandler(), "the route " + route.id()
                    + " has an error handler of its own: name a configuration by routeConfigurationId instead");
        }
        Named wanted = route.configuration();
        if (wanted.id().isEmpty()) {
            if (PhaseRules.isPhase(route)) {
                throw refused(Reason.NO_ERROR_CONFIGURATION, route.line(), "the route " + route.id()
                        + " works on deals or sectors and names no routeConfigurationId: what fails in it would be lost");
            }
            return;
        }
        Set<String> known = new TreeSet<>();
        around.othersThan(file.name()).forEach(other -> other.getValue().configurations().forEach(one -> known.add(one.id())));
        outline.configurations().forEach(one -> known.add(one.id()));
        if (!known.contains(wanted.id())) {
            throw refused(Reason.NO_ERROR_CONFIGURATION, wanted.line(), "there is no error configuration " + wanted.id()
                    + "; there are " + String.join(", ", known));
        }
    }

    /** Two routes that take turns at one state, method or protocol would each see half of it. */
    private void servesOnce() {
        Map<String, String> served = new HashMap<>();
        around.othersThan(file.name()).forEach(other -> other.getValue().routes().forEach(route ->
                entrances(route).forEach(entrance -> served.put(entrance, "the route " + route.id() + " of " + other.getKey()))));
        for (RouteShape route : outline.routes()) {
            for (String entrance : entrances(route)) {
                String other = served.put(entrance, "the route " + route.id() + " of this file");
                if (other != null) {
                    throw refused(Reason.SERVED_TWICE, route.from().line(), entrance + " is served by " + other + " already");
                }
            }
        }
    }

    private static List<String> entrances(RouteShape route) {
        for (String scheme : List.of("deal", "sector", "jsonrpc", "direct", "libp2p", "quartz")) {
            Optional<String> what = PhaseRules.served(route.from(), scheme);
            if (what.isPresent()) {
                return Arrays.stream(what.get().split(",")).map(one -> scheme + ":" + one.strip()).toList();
            }
        }
        return List.of();
    }

    private void beans(RouteShape route) {
        for (Step step : route.steps()) {
            step.after("bean").ifPresent(name -> {
                Class<?> bean = around.beans().type(name);
                if (bean == null) {
                    throw refused(Reason.UNKNOWN_BEAN, step.line(), "there is no bean " + name + "; the nearest is "
                            + Nearest.to(name, new TreeSet<>(around.beans().names())));
                }
                method(step).ifPresent(method -> requireMethod(step, name, bean, method));
            });
        }
    }

    private void requireMethod(Step step, String name, Class<?> bean, String method) {
        Set<String> methods = new TreeSet<>();
        Arrays.stream(bean.getMethods()).filter(one -> one.getDeclaringClass() != Object.class)
                .forEach(one -> methods.add(one.getName()));
        if (!methods.contains(method)) {
            throw refused(Reason.UNKNOWN_BEAN, step.line(), "the bean " + name + " has no method " + method + "; the nearest is "
                    + Nearest.to(method, methods));
        }
    }

    private static Optional<String> method(Step step) {
        String written = step.parameters().get("method");
        if (written == null && step.uri().contains("method=")) {
            written = step.uri().split("method=", 2)[1].split("&", 2)[0];
        }
        return Optional.ofNullable(written).map(word -> word.split("\\(", 2)[0].strip()).filter(word -> word.matches("\\w+"));
    }

    private void calls() {
        Set<String> answered = new HashSet<>(outline.answers());
        around.othersThan(file.name()).forEach(other -> answered.addAll(other.getValue().answers()));
        outline.calls().filter(call -> !answered.contains(call.after("direct").orElseThrow())).findFirst().ifPresent(call -> {
            throw refused(Reason.NOBODY_ANSWERS, call.line(), "no route begins with " + call.uri());
        });
    }

    /** What the version before had and others need is there still. */
    private void stillThere(Outline before) {
        Set<String> gone = new HashSet<>(before.answers());
        gone.removeAll(outline.answers());
        around.othersThan(file.name()).forEach(other -> other.getValue().calls().forEach(call -> {
            if (gone.contains(call.after("direct").orElseThrow())) {
                throw refused(Reason.NOBODY_ANSWERS, 0, other.getKey() + ":" + call.line() + " calls " + call.uri()
                        + ", which nobody would answer any more");
            }
        }));
        Set<String> lost = new HashSet<>();
        before.configurations().forEach(one -> lost.add(one.id()));
        outline.configurations().forEach(one -> lost.remove(one.id()));
        around.othersThan(file.name()).forEach(other -> other.getValue().routes().forEach(route -> {
            if (lost.contains(route.configuration().id())) {
                throw refused(Reason.NO_ERROR_CONFIGURATION, 0, "the route " + route.id() + " of " + other.getKey()
                        + " names the error configuration " + route.configuration().id() + ", which would be gone");
            }
        }));
    }

    private RouteRefusedException refused(Reason reason, int line, String sentence) {
        return new RouteRefusedException(reason, file.name(), line, sentence);
    }
}
