package io.caravan.node.swap;

import io.caravan.node.swap.Outline.Named;
import io.caravan.node.swap.Outline.RouteShape;
import io.caravan.node.swap.Outline.Step;
import io.caravan.node.swap.RouteRefusedException.Reason;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads the outline of a file of routes out of its YAML, with the line of each thing. */
final class OutlineReader {

    private static final Set<String> DYNAMIC = Set.of("toD", "wireTap", "enrich", "pollEnrich", "recipientList");
    private static final int DEEPEST = 60;

    private final RouteFile file;

    private OutlineReader(RouteFile file) {
        this.file = file;
    }

    /** @throws RouteRefusedException R1 to R4, or R5 for an id that is in the file twice */
    static Outline read(RouteFile file) {
        return new OutlineReader(file).outline();
    }

    private Outline outline() {
        if (file.text().isBlank()) {
            throw refused(Reason.UNREADABLE, 0, "the file is empty");
        }
        if (file.text().getBytes(StandardCharsets.UTF_8).length > RouteFile.MOST_BYTES) {
            throw refused(Reason.UNREADABLE, 0, "the file is larger than " + RouteFile.MOST_BYTES + " bytes");
        }
        var routes = new ArrayList<RouteShape>();
        var configurations = new ArrayList<Named>();
        for (Node element : elements()) {
            Map<String, Node> kinds = fields(element, "an element of the list");
            Map.Entry<String, Node> kind = kinds.entrySet().iterator().next();
            if (kinds.size() != 1 || !kind.getKey().equals("route") && !kind.getKey().equals("routeConfiguration")) {
                throw refused(Reason.NOT_A_ROUTE, line(element), "a file of routes holds 'route' and 'routeConfiguration', not '"
                        + String.join("', '", kinds.keySet()) + "'");
            }
            Map<String, Node> body = fields(kind.getValue(), "a " + kind.getKey());
            Named id = named(body, "id").orElseThrow(() -> refused(Reason.NO_ID, line(element), "this " + kind.getKey() + " has no id"));
            if (kind.getKey().equals("route")) {
                routes.add(route(id, body));
            } else {
                configurations.add(id);
            }
        }
        refuseTwins(routes.stream().map(route -> new Named(route.id(), route.line())).toList());
        refuseTwins(configurations);
        return new Outline(routes, configurations);
    }

    private List<Node> elements() {
        Node root;
        try {
            root = new Compose(LoadSettings.builder().setLabel(file.name()).build()).composeString(file.text())
                    .orElseThrow(() -> refused(Reason.UNREADABLE, 0, "the file holds nothing but comments"));
        } catch (MarkedYamlEngineException e) {
            throw refused(Reason.NOT_YAML, e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(0), e.getProblem());
        } catch (YamlEngineException e) {
            throw refused(Reason.NOT_YAML, 0, String.valueOf(e.getMessage()).lines().findFirst().orElse("cannot be read"));
        }
        if (!(root instanceof SequenceNode list) || list.getValue().isEmpty()) {
            throw refused(Reason.NOT_A_ROUTE, line(root), "a file of routes is a list: each element begins with '- route:'");
        }
        return list.getValue();
    }

    private RouteShape route(Named id, Map<String, Node> body) {
        Map<String, Node> from = fields(Optional.ofNullable(body.get("from"))
                .orElseThrow(() -> refused(Reason.NOT_A_ROUTE, id.line(), "the route " + id.id() + " has no 'from'")), "from");
        Named uri = named(from, "uri").orElseThrow(() ->
                refused(Reason.NOT_A_ROUTE, id.line(), "the 'from' of the route " + id.id() + " has no uri"));
        var steps = new ArrayList<Step>();
        Node inner = from.containsKey("steps") ? from.get("steps") : body.get("steps");
        if (inner != null) {
            collect(inner, "steps", steps, 0);
        }
        Node own = body.get("errorHandler");
        return new RouteShape(id.id(), id.line(), word(body, "group"), word(body, "description"),
                named(body, "routeConfigurationId").orElse(new Named("", id.line())), own == null ? 0 : line(own),
                new Step(uri.id(), uri.line(), parameters(from), false), List.copyOf(steps));
    }

    private void collect(Node node, String name, List<Step> found, int depth) {
        if (depth > DEEPEST) {
            throw refused(Reason.NOT_A_ROUTE, line(node), "steps lie deeper in each other than " + DEEPEST);
        }
        if (node instanceof SequenceNode list) {
            list.getValue().forEach(child -> collect(child, name, found, depth + 1));
        } else if (node instanceof MappingNode) {
            Map<String, Node> body = fields(node, name);
            named(body, "uri").ifPresent(uri ->
                    found.add(new Step(uri.id(), uri.line(), parameters(body), DYNAMIC.contains(name))));
            body.forEach((key, child) -> {
                if (key.equals("to") && child instanceof ScalarNode uri) {
                    found.add(new Step(uri.getValue(), line(uri), Map.of(), false));
                } else if (!key.equals("parameters")) {
                    collect(child, key, found, depth + 1);
                }
            });
        }
    }

    private static Map<String, String> parameters(Map<String, Node> body) {
        var parameters = new LinkedHashMap<String, String>();
        if (body.get("parameters") instanceof MappingNode map) {
            map.getValue().forEach(pair -> parameters.put(text(pair.getKeyNode()), text(pair.getValueNode())));
        }
        return parameters;
    }

    private Map<String, Node> fields(Node node, String what) {
        if (!(node instanceof MappingNode map) || map.getValue().isEmpty()) {
            throw refused(Reason.NOT_A_ROUTE, line(node), what + " is not 'name: value' lines");
        }
        var fields = new LinkedHashMap<String, Node>();
        for (NodeTuple pair : map.getValue()) {
            fields.put(text(pair.getKeyNode()), pair.getValueNode());
        }
        return fields;
    }

    private static Optional<Named> named(Map<String, Node> body, String key) {
        return body.get(key) instanceof ScalarNode word && !word.getValue().isBlank()
                ? Optional.of(new Named(word.getValue().strip(), line(word))) : Optional.empty();
    }

    private static String word(Map<String, Node> body, String key) {
        return named(body, key).map(Named::id).orElse("");
    }

    private static String text(@Nullable Node node) {
        return node instanceof ScalarNode scalar ? scalar.getValue() : "";
    }

    private void refuseTwins(List<Named> names) {
        var seen = new LinkedHashMap<String, Integer>();
        for (Named name : names) {
            Integer before = seen.put(name.id(), name.line());
            if (before != null) {
                throw refused(Reason.ID_TAKEN, name.line(), "the id " + name.id() + " stands in line " + before + " too");
            }
        }
    }

    private static int line(Node node) {
        return node.getStartMark().map(Mark::getLine).orElse(-1) + 1;
    }

    private RouteRefusedException refused(Reason reason, int line, String sentence) {
        return new RouteRefusedException(reason, file.name(), line, sentence);
    }
}
