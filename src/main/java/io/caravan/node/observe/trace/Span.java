package io.caravan.node.observe.trace;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something that took its time, as a collector gets it.
 *
 * @param trace 32 hex digits
 * @param id 16 hex digits
 * @param parent the span it is below, of the same trace; null for the top
 * @param attributes names and values, small in number and size
 * @param links spans of other traces that it belongs to
 * @param failure why it did not do what it should; null when it did
 */
public record Span(String trace, String id, @Nullable String parent, String name, Instant start, Instant end,
        Map<String, String> attributes, List<Event> events, List<Link> links, @Nullable String failure) {

    private static final int LONGEST = 300;

    public Span {
        attributes = Map.copyOf(attributes);
        events = List.copyOf(events);
        links = List.copyOf(links);
        end = end.isBefore(start) ? start : end;
    }

    /** Something that happened within it. */
    public record Event(String name, Instant at, @Nullable String detail) {

        public Event {
            detail = detail == null ? null : shortened(detail);
        }
    }

    /** Another span. */
    public record Link(String trace, String id) {}

    /** Words, bounded. */
    static String shortened(String words) {
        return words.length() <= LONGEST ? words : words.substring(0, LONGEST) + "…";
    }
}
