package io.caravan.camel;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.model.Epoch;
import io.caravan.store.FeedLine;
import io.caravan.store.Outbox;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A move as receivers read it; the fields stand in docs/examples.md and none of them ever goes away or changes its sense. */
final class MoveJson {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SECTOR = "sector";

    private MoveJson() {}

    /** One move as an object. */
    static String one(FeedLine move, @Nullable Epoch epoch) {
        return text(object(move, epoch));
    }

    /** Several as an array, in their order. */
    static String many(List<FeedLine> moves, @Nullable Epoch epoch) {
        ArrayNode list = JSON.createArrayNode();
        moves.forEach(move -> list.add(object(move, epoch)));
        return text(list);
    }

    private static ObjectNode object(FeedLine move, @Nullable Epoch epoch) {
        Outbox.Line line = move.line();
        ObjectNode json = JSON.createObjectNode().put("id", line.id());
        if (line.topic().equals(SECTOR)) {
            json.put(SECTOR, Long.parseLong(line.key()));
        } else {
            json.put("proposalCid", line.key()).put("role", line.topic());
        }
        json.put("seq", line.seq()).put("event", line.event()).put("from", line.from()).put("to", line.to())
                .put("at", line.at().toString()).put("reason", line.note()).put("epoch", epoch == null ? null : epoch.value());
        if (!line.topic().equals(SECTOR)) {
            json.put("message", move.message()).put("dealId", move.dealId()).put("pieceCid", move.pieceCid())
                    .put("payloadCid", move.payloadCid());
        }
        return json;
    }

    private static String text(JsonNode json) {
        try {
            return JSON.writeValueAsString(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a move that has no JSON", e);
        }
    }
}
