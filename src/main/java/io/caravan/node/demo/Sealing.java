package io.caravan.node.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * A computation that the miner is at.
 *
 * @param text what it computes, for people
 * @param done of {@code total}
 */
record Sealing(long sector, String text, long done, long total) {

    /** What {@code Caravan.SealingProgress} answers. */
    static List<Sealing> of(JsonNode rows) {
        List<Sealing> list = new ArrayList<>();
        rows.forEach(row -> list.add(new Sealing(row.path("sector").asLong(), row.path("text").asText(),
                row.path("done").asLong(), row.path("total").asLong())));
        return list;
    }

    long percent() {
        return total <= 0 ? 0 : done * 100 / total;
    }
}
