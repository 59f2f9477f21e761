package io.caravan.node.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;

/**
 * One row of a role's event log, as {@code Caravan.Events} answers it.
 *
 * @param number grows with every row of that role's log
 * @param role {@code client}, {@code provider} or {@code sector}
 * @param id proposal CID, or the sector number
 * @param from state before, by its wire name
 * @param to state after
 * @param event what moved it
 */
record Move(long number, Instant at, String role, String id, String from, String to, String event) {

    static Move of(JsonNode row) {
        return new Move(row.path("id").asLong(), Instant.parse(row.path("at").asText()), row.path("role").asText(),
                row.path("key").asText(), row.path("from").asText(), row.path("to").asText(), row.path("event").asText());
    }

    /** True where the state changed; some events only record a fact. */
    boolean changesState() {
        return !from.equals(to);
    }
}
