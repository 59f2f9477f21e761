package io.caravan.store;

import java.util.Collection;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Names of tables and columns that go into a statement's text: ours are all of one plain form, others are refused. */
final class Identifier {

    private static final Pattern PLAIN = Pattern.compile("[a-z_][a-z0-9_]{0,62}");

    private Identifier() {}

    static String of(String name) {
        if (!PLAIN.matcher(name).matches()) {
            throw new IllegalArgumentException("'" + name + "' is not the name of a table or column of ours");
        }
        return name;
    }

    static String list(Collection<String> names) {
        return names.stream().map(Identifier::of).collect(Collectors.joining(", "));
    }
}
