package io.caravan.devnet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.chain.SignedMessage;
import io.caravan.codec.LotusJson;
import io.caravan.model.FilAddress;
import io.caravan.rpc.CallContext;
import io.caravan.rpc.MethodTable;
import io.caravan.rpc.OutChannel;
import io.caravan.rpc.Params;
import io.caravan.rpc.RpcException;
import io.caravan.rpc.RpcMethod;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.StreamSupport;

/**
 * {@code Filecoin.GetActorEventsRaw} and its channel: what actors announced, filtered by emitter, entries and height.
 */
final class EventCalls {

    private static final int MAX_BLOCKS = 2880;

    private final LiveChain chain;
    private final Shapes shapes;
    private final Reader reader;

    EventCalls(LiveChain chain, Shapes shapes) {
        this.chain = chain;
        this.shapes = shapes;
        this.reader = new Reader(chain, shapes);
    }

    void register(MethodTable table) {
        ChainCalls.read(table, "GetActorEventsRaw", 1, this::find);
        table.register("Filecoin.SubscribeActorEventsRaw", RpcMethod.read(1, this::follow));
    }

    static ArrayNode entries(Shapes shapes, Event event) {
        ArrayNode entries = shapes.array();
        event.entries().forEach(entry -> entries.add(shapes.object().put("Flags", Event.FLAGS).put("Key", entry.key())
                .put("Codec", Event.CODEC).put("Value", entry.value().base64())));
        return entries;
    }

    private JsonNode find(Params params) {
        JsonNode filter = params.isNull(0) ? shapes.object() : params.object(0, "filter");
        Block head = chain.view().head();
        long to = filter.path("toHeight").isIntegralNumber() ? filter.get("toHeight").longValue() : head.height();
        long from = filter.path("fromHeight").isIntegralNumber() ? filter.get("fromHeight").longValue() : to;
        List<Block> blocks = new ArrayList<>();
        // events of a block show only through its child, as receipts do
        Optional<Block> at = chain.view().floor(Math.min(to, head.height() - 1));
        while (at.isPresent() && at.get().height() >= from) {
            if (blocks.size() == MAX_BLOCKS) {
                throw new RpcException("more than " + MAX_BLOCKS + " tipsets between fromHeight and toHeight");
            }
            blocks.add(at.get());
            at = chain.view().floor(at.get().height() - 1);
        }
        Collections.reverse(blocks);
        ArrayNode found = shapes.array();
        blocks.forEach(block -> ofBlock(block, filter, false).forEach(found::add));
        return found;
    }

    private OutChannel follow(Params params, CallContext context) {
        JsonNode filter = params.isNull(0) ? shapes.object() : params.object(0, "filter");
        OutChannel channel = context.openChannel();
        Consumer<HeadMove> listener = move -> {
            move.reverted().stream().skip(1).forEach(block -> ofBlock(block, filter, true).forEach(channel::send));
            move.applied().forEach(block -> reader.block(block.cid()).header().parents().stream().map(reader::block)
                    .forEach(parent -> ofBlock(parent, filter, false).forEach(channel::send)));
        };
        chain.subscribe(listener, head -> { });
        channel.onClose(() -> chain.offHead(listener));
        return channel;
    }

    private List<JsonNode> ofBlock(Block block, JsonNode filter, boolean isReverted) {
        List<JsonNode> found = new ArrayList<>();
        for (int place = 0; place < block.messages().size(); place++) {
            SignedMessage message = block.messages().get(place);
            for (Event event : block.outcomes().get(place).events()) {
                if (matches(event, filter)) {
                    ObjectNode json = shapes.object();
                    json.set("entries", entries(shapes, event));
                    json.put("emitter", shapes.address(event.emitter())).put("reverted", isReverted)
                            .put("height", block.height());
                    json.set("tipsetKey", shapes.key(block));
                    json.set("msgCid", LotusJson.cid(message.cid()));
                    found.add(json);
                }
            }
        }
        return found;
    }

    private static boolean matches(Event event, JsonNode filter) {
        JsonNode addresses = filter.path("addresses");
        if (addresses.isArray() && !addresses.isEmpty() && StreamSupport.stream(addresses.spliterator(), false)
                .noneMatch(node -> FilAddress.parse(node.asText()).equals(FilAddress.ofId(event.emitter())))) {
            return false;
        }
        for (var field : filter.path("fields").properties()) {
            boolean isThere = event.entries().stream().anyMatch(entry -> entry.key().equals(field.getKey())
                    && StreamSupport.stream(field.getValue().spliterator(), false)
                            .anyMatch(wanted -> wanted.path("value").asText().equals(entry.value().base64())));
            if (!isThere) {
                return false;
            }
        }
        return true;
    }
}
