package io.caravan.node.swap;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/** Finds the line of a file that a failure is about. */
final class YamlLine {

    private static final Pattern LINE = Pattern.compile("line (\\d+)");

    private YamlLine() {}

    /** Counted from 1; 0 where none is told. */
    static int of(Throwable failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (at instanceof MarkedYamlEngineException marked && marked.getProblemMark().isPresent()) {
                return marked.getProblemMark().get().getLine() + 1;
            }
            Matcher named = LINE.matcher(String.valueOf(at.getMessage()));
            if (named.find()) {
                return Integer.parseInt(named.group(1));
            }
        }
        return 0;
    }
}
