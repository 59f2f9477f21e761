package io.caravan.node.observe.log;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One line of a log file, with the lines that belong to it.
 *
 * @param fields role, deal, sector, peer, route and trace, those that it has
 * @param message with the stack trace of its error below it, if it has one
 */
public record LogLine(Instant at, String level, String logger, Map<String, String> fields, String message) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern TEXT = Pattern.compile("(\\d{4}-\\d\\d-\\d\\dT\\S+) ([A-Z]{4,5})\\s+(\\S+)\\s+(.*)");
    private static final Pattern FIELD = Pattern.compile("(role|deal|sector|peer|route|trace)=(\\S+) ");

    /** A line that begins an entry; empty for one that goes on with the entry before, or is nobody's. */
    static Optional<LogLine> parse(String line) {
        try {
            return line.startsWith("{") ? json(line) : text(line);
        } catch (DateTimeException | IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<LogLine> text(String line) {
        Matcher parts = TEXT.matcher(line);
        if (!parts.matches()) {
            return Optional.empty();
        }
        Map<String, String> fields = new LinkedHashMap<>();
        String rest = parts.group(4);
        Matcher field = FIELD.matcher(rest);
        while (field.lookingAt()) {
            fields.put(field.group(1), field.group(2));
            rest = rest.substring(field.end());
            field = FIELD.matcher(rest);
        }
        return Optional.of(new LogLine(OffsetDateTime.parse(parts.group(1)).toInstant(), parts.group(2), parts.group(3), fields, rest));
    }

    private static Optional<LogLine> json(String line) throws IOException {
        JsonNode tree = JSON.readTree(line);
        if (!tree.path("time").isTextual()) {
            return Optional.empty();
        }
        Map<String, String> fields = new LinkedHashMap<>();
        for (String name : new String[] {"role", "deal", "sector", "peer", "route", "trace"}) {
            if (tree.path(name).isTextual()) {
                fields.put(name, tree.path(name).asText());
            }
        }
        String stack = tree.path("error").path("stack").asText("");
        return Optional.of(new LogLine(Instant.parse(tree.path("time").asText()), tree.path("level").asText(), tree.path("logger").asText(), fields,
                tree.path("message").asText() + (stack.isEmpty() ? "" : "\n" + stack.stripTrailing())));
    }

    /** With one line more below it. */
    LogLine and(String line) {
        return new LogLine(at, level, logger, fields, message + "\n" + line);
    }
}
