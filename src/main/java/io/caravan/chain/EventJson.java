package io.caravan.chain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.codec.Bytes;
import io.caravan.codec.CborReader;
import io.caravan.codec.CborWriter;
import io.caravan.codec.CodecException;
import io.caravan.model.Epoch;
import java.util.List;
import java.util.Optional;

/** The JSON of actors' events as Lotus takes and gives it: {@code GetActorEventsRaw} (chain-and-rpc §2.4, §4.6). */
final class EventJson {

    private static final int CBOR = 0x51;

    private EventJson() {}

    /** The filter that finds the market's {@code deal-terminated} of these epochs. */
    static ObjectNode terminationsOf(Epoch from, Epoch to) {
        ObjectNode filter = JsonNodeFactory.instance.objectNode();
        filter.putArray("addresses").add(Methods.MARKET.toString());
        Bytes type = new CborWriter().text("deal-terminated").toBytes();
        filter.putObject("fields").putArray("$type").addObject().put("codec", CBOR).put("value", type.base64());
        return filter.put("fromHeight", from.value()).put("toHeight", to.value());
    }

    /** The terminations that it found and that still hold. */
    static List<DealTermination> terminations(JsonNode events) {
        return ChainJson.list(events, EventJson::termination).stream().flatMap(Optional::stream).toList();
    }

    private static Optional<DealTermination> termination(JsonNode event) {
        if (event.path("reverted").asBoolean()) {
            return Optional.empty();
        }
        Epoch epoch = Epoch.of(ChainJson.number(ChainJson.field(event, "height")));
        for (JsonNode entry : ChainJson.field(event, "entries")) {
            if (entry.path("Key").asText().equals("id")) {
                return Optional.of(new DealTermination(id(entry), epoch));
            }
        }
        throw new CodecException("a deal-terminated event names no deal");
    }

    private static long id(JsonNode entry) {
        CborReader in = new CborReader(ChainJson.bytes(ChainJson.field(entry, "Value")).toArray());
        long id = in.uint();
        in.end();
        return id;
    }
}
