package io.caravan.docs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The shipped settings as their files explain them. */
public final class ShippedKeys {

    private static final List<String> FILES = List.of("caravan", "daemon", "miner", "sealing", "devnet");

    /**
     * @param section essential, often or seldom
     * @param comment what stands above the key; empty when it shares the comment of the key before it
     */
    public record Key(String file, String section, String name, String value, String comment) {}

    private ShippedKeys() {}

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
