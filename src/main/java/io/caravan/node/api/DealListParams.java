package io.caravan.node.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.codec.Cid;
import io.caravan.model.DealFlow;
import io.caravan.model.DealState;
import io.caravan.model.FilAddress;
import io.caravan.model.Role;
import io.caravan.rpc.RpcException;
import io.caravan.store.DealQuery;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What {@code Caravan.Deals} is asked for: {@code {"states", "party", "piece", "before", "after", "limit"}}, each of which may be left
 * out, or only a number, the limit. What is wrong is refused by a coded sentence.
 *
 * @param after the last deal of the page before; null for the first page
 */
record DealListParams(DealQuery filter, @Nullable Cid after, int limit) {

    static final int MAX_PAGE = 1000;

    private static final int USUAL_PAGE = 100;
    private static final int SHOWN = 60;
    private static final Set<String> KNOWN = Set.of("states", "party", "piece", "before", "after", "limit");
    private static final String PREFIX = "StorageDeal";

    /** @throws RpcException naming what was wrong by its code, L1 to L5 */
    static DealListParams of(JsonNode asked, Role role) {
        if (asked.isNull() || asked.isNumber()) {
            return new DealListParams(DealQuery.ofStates(Set.of()), null, limit(asked));
        }
        if (!asked.isObject()) {
            throw wrong("L1 unknown-filter", "an object of states, party, piece, before, after and limit is wanted, or a number, the limit");
        }
        for (Iterator<String> names = asked.fieldNames(); names.hasNext();) {
            String name = names.next();
            if (!KNOWN.contains(name)) {
                throw wrong("L1 unknown-filter", quoted(name) + "; there are states, party, piece, before, after and limit");
            }
        }
        JsonNode party = asked.path("party");
        return new DealListParams(new DealQuery(states(asked.path("states"), role), isAbsent(party) ? null : address(party),
                cid(asked.path("piece"), "piece"), moment(asked.path("before"))), cid(asked.path("after"), "after"), limit(asked.path("limit")));
    }

    private static Set<DealState> states(JsonNode names, Role role) {
        Set<DealState> states = EnumSet.noneOf(DealState.class);
        if (isAbsent(names)) {
            return states;
        }
        if (!names.isArray() || names.size() > DealState.values().length) {
            throw wrong("L2 unknown-state", "states is a list of names, each once");
        }
        names.forEach(name -> states.add(state(name, role)));
        return states;
    }

    /** By its name, with or without StorageDeal, or by its code. */
    private static DealState state(JsonNode name, Role role) {
        String text = name.asText();
        return DealFlow.of(role).states().stream()
                .filter(state -> text.equals(Integer.toString(state.code())) || text.equalsIgnoreCase(state.wireName())
                        || text.equalsIgnoreCase(state.wireName().substring(PREFIX.length())))
                .findFirst().orElseThrow(() -> wrong("L2 unknown-state", "a deal of the " + role.text() + " has no state " + quoted(text)));
    }

    private static FilAddress address(JsonNode text) {
        try {
            return FilAddress.parse(text.textValue() == null ? "" : text.textValue());
        } catch (IllegalArgumentException e) {
            throw wrong("L3 bad-party", quoted(text.asText()) + " is no address");
        }
    }

    /** As text, or as Lotus writes it. */
    private static @Nullable Cid cid(JsonNode node, String name) {
        if (isAbsent(node)) {
            return null;
        }
        String text = node.isObject() ? node.path("/").asText() : node.asText();
        try {
            return Cid.parse(text);
        } catch (IllegalArgumentException e) {
            throw wrong("L4 bad-cid", name + " " + quoted(text) + " is no CID");
        }
    }

    private static @Nullable Instant moment(JsonNode text) {
        if (isAbsent(text)) {
            return null;
        }
        try {
            return Instant.parse(text.asText());
        } catch (DateTimeParseException e) {
            throw wrong("L8 bad-time", quoted(text.asText()) + " is no time such as 2026-01-31T23:59:59Z");
        }
    }

    private static int limit(JsonNode node) {
        if (isAbsent(node)) {
            return USUAL_PAGE;
        }
        if (!node.isIntegralNumber() || !node.canConvertToInt() || node.intValue() < 1 || node.intValue() > MAX_PAGE) {
            throw wrong("L5 page-size", "a page has 1 to " + MAX_PAGE + " deals, not " + quoted(node.asText()));
        }
        return node.intValue();
    }

    private static boolean isAbsent(JsonNode node) {
        return node.isMissingNode() || node.isNull();
    }

    static RpcException wrong(String code, String what) {
        return new RpcException(code + ": " + what);
    }

    /** A stranger's text in bounded length. */
    private static String quoted(String text) {
        return "'" + (text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text) + "'";
    }
}
