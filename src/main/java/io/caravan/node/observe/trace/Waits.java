package io.caravan.node.observe.trace;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What deals said that they wait for, until their state's span ends: the newest of each, of a bounded number of deals. */
final class Waits {

    private static final int MOST_STAYS = 5000;
    private static final int MOST_EACH = 16;

    private final Map<String, List<Span.Event>> events = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, List<Span.Event>> eldest) {
            return size() > MOST_STAYS;
        }
    };

    /** Words that come again in a row are noted once, at their first time. */
    synchronized void add(String stay, Span.Event event) {
        List<Span.Event> known = events.computeIfAbsent(stay, none -> new ArrayList<>());
        String last = known.isEmpty() ? "" : String.valueOf(known.get(known.size() - 1).detail());
        if (!known.isEmpty() && last.equals(String.valueOf(event.detail()))) {
            return;
        }
        if (known.size() == MOST_EACH) {
            known.remove(1); // the first wait says since when
        }
        known.add(event);
    }

    synchronized List<Span.Event> taken(String stay) {
        List<Span.Event> known = events.remove(stay);
        return known == null ? List.of() : known;
    }
}
