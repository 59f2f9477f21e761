package io.caravan.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The shipped settings as their files explain them. */
public final class ShippedKeys {

    private static final List<String> FILES = List.of("caravan", "daemon", "miner", "sealing", "devnet");

    /**
     * @param section essential, often or seldom
     * @param comment what stands above the key; empty when it shares the comment of the key before it
     */
    public record Key(String file, String section, String name, String value, String comment) {}

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([^}:]+)");

    private ShippedKeys() {}

    /** What the shipped routes name: a changed value builds the route anew. */
    public static Set<String> namedByRoutes() {
        try (Stream<Path> files = Files.walk(Path.of("routes"))) {
            return files.filter(Files::isRegularFile).flatMap(file -> PLACEHOLDER.matcher(Pages.read(file)).results())
                    .map(found -> found.group(1)).collect(Collectors.toSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every key that may be set, in the order of the files. */
    public static List<Key> all() {
        return FILES.stream().flatMap(file -> of(file).stream()).toList();
    }

    /** The keys of one file of {@code config/}. */
    public static List<Key> of(String file) {
        var keys = new ArrayList<Key>();
        var comment = new StringBuilder();
        String section = "";
        boolean isTaken = false;
        for (String line : Pages.read(Path.of("config", file + ".properties")).lines().toList()) {
            if (line.startsWith("# ----")) {
                section = line.replaceAll("[# -]", "");
            } else if (line.startsWith("#")) {
                if (isTaken) {
                    comment.setLength(0);
                    isTaken = false;
                }
                comment.append(comment.isEmpty() ? "" : " ").append(line.substring(1).strip());
            } else if (line.isBlank()) {
                comment.setLength(0);
                isTaken = false;
            } else {
                int equals = line.indexOf('=');
                keys.add(new Key(file, section, line.substring(0, equals).strip(), line.substring(equals + 1).strip(),
                        isTaken ? "" : comment.toString()));
                if (comment.isEmpty()) {
                    throw new IllegalStateException(line + " in " + file + ".properties has no comment");
                }
                isTaken = true;
            }
        }
        return keys;
    }

    /** What the devnet of a home folder changes: key and value. */
    static List<String[]> onDevnet() {
        return Pages.read(Path.of("config/on-devnet.properties")).lines().filter(line -> line.contains(" = "))
                .filter(line -> !line.startsWith("#")).map(line -> line.split("\\s*=\\s*", 2)).toList();
    }
}
