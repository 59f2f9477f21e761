package io.caravan.routes;

import io.caravan.model.Role;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * One route, or one route configuration, as its file has it.
 *
 * @param folder daemon, miner or sealing; empty for the error configurations
 * @param definition what stands under {@code route:} or {@code routeConfiguration:}
 * @param lines lines of its text, without comments and blank lines
 */
record RouteText(Path file, String folder, boolean isRoute, Map<String, Object> definition, long lines) {

    private static final Path ROOT = Path.of("routes");
    private static final Pattern BLOCK = Pattern.compile("(?m)^(?=- )");

    /** Everything under {@code routes/}. */
    static List<RouteText> all() {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.filter(Files::isRegularFile).sorted().flatMap(file -> of(file).stream()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<RouteText> routes() {
        return all().stream().filter(RouteText::isRoute).toList();
    }

    static List<RouteText> configurations() {
        return all().stream().filter(text -> !text.isRoute()).toList();
    }

    @SuppressWarnings("unchecked")
    private static List<RouteText> of(Path file) {
        String text;
        try {
            text = Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Path inside = ROOT.relativize(file);
        String folder = inside.getNameCount() == 1 ? "" : inside.getName(0).toString();
        var blocks = BLOCK.split(text);
        var found = new ArrayList<RouteText>();
        for (String block : blocks) {
            if (!block.startsWith("- ")) {
                continue;
            }
            var parsed = (List<Map<String, Object>>) new Load(LoadSettings.builder().build()).loadFromString(block);
            Map<String, Object> element = parsed.get(0);
            if (element.size() != 1 || !(element.containsKey("route") || element.containsKey("routeConfiguration"))) {
                throw new IllegalArgumentException(file + " holds " + element.keySet() + ", not a route");
            }
            long lines = block.lines().filter(line -> !line.isBlank() && !line.strip().startsWith("#")).count();
            boolean isRoute = element.containsKey("route");
            found.add(new RouteText(file, folder, isRoute,
                    (Map<String, Object>) element.get(isRoute ? "route" : "routeConfiguration"), lines));
        }
        if (found.isEmpty()) {
            throw new IllegalArgumentException(file + " holds no route");
        }
        return found;
    }

    String id() {
        return word("id");
    }

    /** A text directly under the route; empty when it is not there. */
    String word(String key) {
        return definition.get(key) instanceof String text ? text : "";
    }

    /** Which side's deals the folder is about; a sealing route is the provider's. */
    Role role() {
        return folder.equals("daemon") ? Role.CLIENT : Role.PROVIDER;
    }

    @SuppressWarnings("unchecked")
    Map<String, Object> from() {
        return (Map<String, Object>) definition.getOrDefault("from", Map.of());
    }

    String fromUri() {
        return String.valueOf(from().get("uri"));
    }

    boolean isDealState() {
        return fromUri().startsWith("deal:");
    }

    boolean isSectorState() {
        return folder.equals("sealing") && !id().startsWith("tick-");
    }

    /** Where the route sends, in the order of its text, branches included. */
    List<String> sends() {
        var found = new ArrayList<String>();
        collect(definition.get("from"), found);
        found.remove(0);
        return found;
    }

    /** What it sends to that starts with this, without that start. */
    List<String> sends(String start) {
        return sends().stream().filter(uri -> uri.startsWith(start)).map(uri -> uri.substring(start.length())).toList();
    }

    private static void collect(Object node, List<String> found) {
        if (node instanceof Map<?, ?> map) {
            if (map.get("uri") instanceof String uri) {
                found.add(uri);
            }
            map.values().forEach(child -> collect(child, found));
        } else if (node instanceof List<?> list) {
            list.forEach(child -> collect(child, found));
        }
    }

    @Override
    public String toString() {
        return file + " " + id();
    }
}
