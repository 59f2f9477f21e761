package io.caravan.devnet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.chain.SignedMessage;
import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.codec.LotusJson;
import io.caravan.model.FilAddress;
import io.caravan.rpc.CallContext;
import io.caravan.rpc.MethodTable;
import io.caravan.rpc.OutChannel;
import io.caravan.rpc.Params;
import io.caravan.rpc.RpcException;
import io.caravan.rpc.RpcMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** {@code Filecoin.Chain*}: blocks, messages, receipts, and the channel of head changes (chain-and-rpc §2.4). */
final class ChainCalls {

    private static final int MAX_PATH = 10_000;

    private final LiveChain chain;
    private final Shapes shapes;
    private final Reader reader;
    private final ObjectStore objects;

    ChainCalls(LiveChain chain, Shapes shapes) {
        this.chain = chain;
        this.shapes = shapes;
        this.reader = new Reader(chain, shapes);
        this.objects = new ObjectStore(chain);
    }

    void register(MethodTable table) {
        read(table, "ChainHead", 0, params -> shapes.tipset(chain.view().head()));
        read(table, "ChainGetTipSet", 1, params -> shapes.tipset(reader.tipset(params, 0)));
        read(table, "ChainGetTipSetByHeight", 2, params -> shapes.tipset(byHeight(params)));
        read(table, "ChainGetTipSetAfterHeight", 2, params -> shapes.tipset(afterHeight(params)));
        read(table, "ChainGetGenesis", 0, params -> shapes.tipset(genesis()));
        read(table, "ChainGetPath", 2, this::path);
        read(table, "ChainGetBlock", 1, params -> shapes.header(reader.block(reader.cid(params, 0)).header()));
        read(table, "ChainGetBlockMessages", 1, this::blockMessages);
        read(table, "ChainGetParentMessages", 1, params -> messages(parent(reader.block(reader.cid(params, 0)))));
        read(table, "ChainGetParentReceipts", 1,
                params -> shapes.of(parent(reader.block(reader.cid(params, 0))).receipts()));
        read(table, "ChainGetMessage", 1, params -> shapes.of(message(reader.cid(params, 0)).message()));
        read(table, "ChainGetMessagesInTipset", 1, params -> messages(reader.tipset(params, 0)));
        read(table, "StateListMessages", 3, this::sentBy);
        read(table, "ChainReadObj", 1, params -> {
            Cid cid = reader.cid(params, 0);
            Bytes bytes = objects.find(cid).orElseThrow(() ->
                    new RpcException("blockstore get: ipld: could not find " + cid));
            return shapes.of(bytes);
        });
        read(table, "ChainHasObj", 1, params -> shapes.of(objects.find(reader.cid(params, 0)).isPresent()));
        read(table, "ChainGetEvents", 1, this::events);
        table.register("Filecoin.ChainNotify", RpcMethod.read(0, (params, context) -> follow(context)));
    }

    /** Shorthand of every group here: a method anybody may call, answering JSON. */
    interface Call {
        JsonNode answer(Params params) throws Exception;
    }

    static void read(MethodTable table, String name, int params, Call call) {
        table.register("Filecoin." + name, RpcMethod.read(params, (given, context) -> call.answer(given)));
    }

    private OutChannel follow(CallContext context) {
        OutChannel channel = context.openChannel();
        Consumer<HeadMove> listener = move -> channel.send(shapes.changes(List.of(move)));
        chain.subscribe(listener, at -> channel.send(shapes.array().add(shapes.change("current", at))));
        channel.onClose(() -> chain.offHead(listener));
        return channel;
    }

    private Block byHeight(Params params) {
        long height = requirePast(params);
        return chain.view().floor(height).orElseThrow(() -> new RpcException("no tipset at or below epoch " + height));
    }

    private Block afterHeight(Params params) {
        long height = requirePast(params);
        return chain.view().ceiling(height).orElseThrow(() ->
                new RpcException("no tipset at or above epoch " + height));
    }

    private long requirePast(Params params) {
        long height = params.integer(0, "height");
        Block anchor = reader.tipset(params, 1);
        if (height > anchor.height()) {
            throw new RpcException("looking for tipset with height greater than start point");
        }
        if (height < 0) {
            throw new RpcException("height is negative");
        }
        return height;
    }

    private Block genesis() {
        return chain.view().floor(0).orElseThrow();
    }

    private Block parent(Block block) {
        return block.height() == 0 ? block : reader.block(block.header().parents().get(0));
    }

    private SignedMessage message(Cid cid) {
        return chain.message(cid).orElseThrow(() -> new RpcException("failed to load message: ipld: could not find "
                + cid));
    }

    /** Down from one tipset to the common ancestor, then up to the other. */
    private JsonNode path(Params params) {
        Block from = reader.tipset(params, 0);
        Block to = reader.tipset(params, 1);
        List<Block> reverted = new ArrayList<>();
        List<Block> applied = new ArrayList<>();
        while (!from.cid().equals(to.cid())) {
            if (reverted.size() + applied.size() > MAX_PATH) {
                throw new RpcException("the path has more than " + MAX_PATH + " steps");
            }
            if (from.height() > to.height()) {
                reverted.add(from);
                from = parent(from);
            } else {
                applied.add(0, to);
                to = parent(to);
            }
        }
        return shapes.changes(List.of(new HeadMove(reverted, applied)));
    }

    private JsonNode blockMessages(Params params) {
        Block block = reader.block(reader.cid(params, 0));
        ObjectNode json = shapes.object();
        ArrayNode bls = json.putArray("BlsMessages");
        ArrayNode secp = json.putArray("SecpkMessages");
        block.messages().forEach(message -> {
            if (message.isBls()) {
                bls.add(shapes.of(message.message()));
            } else {
                secp.add(shapes.of(message));
            }
        });
        json.set("Cids", shapes.cids(block.messages().stream().map(SignedMessage::cid).toList()));
        return json;
    }

    private JsonNode messages(Block block) {
        ArrayNode list = shapes.array();
        block.messages().forEach(message -> {
            ObjectNode entry = shapes.object();
            entry.set("Cid", LotusJson.cid(message.cid()));
            entry.set("Message", shapes.of(message.message()));
            list.add(entry);
        });
        return list;
    }

    /** CIDs of one sender's messages, from a tipset back to an epoch: {@code [{"From"}, tipset, epoch]}. */
    private JsonNode sentBy(Params params) {
        FilAddress from = FilAddress.parse(params.object(0, "match").path("From").asText(""));
        long since = params.integer(2, "epoch");
        List<Cid> found = new ArrayList<>();
        Block block = reader.tipset(params, 1);
        while (block.height() >= since) {
            block.messages().stream().filter(message -> message.message().from().equals(from)).map(SignedMessage::cid).forEach(found::add);
            if (block.height() == 0) {
                break;
            }
            block = parent(block);
        }
        return shapes.cids(found);
    }

    private JsonNode events(Params params) {
        Cid root = reader.cid(params, 0);
        Bytes block = objects.events(root).orElseThrow(() ->
                new RpcException("failed to load events amt: could not find " + root));
        ArrayNode list = shapes.array();
        Event.listOf(block).forEach(event -> {
            ObjectNode json = shapes.object().put("Emitter", event.emitter());
            json.set("Entries", EventCalls.entries(shapes, event));
            list.add(json);
        });
        return list;
    }
}
