package io.caravan.devnet;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.chain.Message;
import io.caravan.chain.SignedMessage;
import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.codec.LotusJson;
import io.caravan.model.FilAddress;
import io.caravan.model.TokenAmount;
import io.caravan.rpc.Params;
import io.caravan.rpc.RpcException;

/** Takes Lotus's parameter types out of a call, and the tipset a call is about out of the chain. */
final class Reader {

    private static final int ACTOR_NOT_FOUND = 11;

    private final LiveChain chain;
    private final Shapes shapes;

    Reader(LiveChain chain, Shapes shapes) {
        this.chain = chain;
        this.shapes = shapes;
    }

    FilAddress address(Params params, int position) {
        return params.parsed(position, "address", node -> FilAddress.parse(node.asText("")));
    }

    Cid cid(Params params, int position) {
        return params.parsed(position, "cid", LotusJson::cid);
    }

    TokenAmount amount(Params params, int position) {
        return params.parsed(position, "amount", node -> TokenAmount.ofAtto(LotusJson.bigInt(node)));
    }

    Bytes bytes(Params params, int position, String name) {
        return Bytes.wrap(params.bytes(position, name));
    }

    Message message(Params params, int position) {
        return params.as(position, "message", shapes.mapper(), Message.class);
    }

    SignedMessage signedMessage(Params params, int position) {
        return params.as(position, "signed message", shapes.mapper(), SignedMessage.class);
    }

    /** The tipset of this key; the head for null and the empty key. */
    Block tipset(Params params, int position) {
        JsonNode key = params.node(position);
        if (key.isNull() || key.isArray() && key.isEmpty()) {
            return chain.view().head();
        }
        if (!key.isArray() || key.size() != 1) {
            throw new RpcException("a tipset of this chain has one block");
        }
        Cid cid = params.parsed(position, "tipset key", node -> LotusJson.cid(node.get(0)));
        return block(cid);
    }

    Block block(Cid cid) {
        return chain.view().byCid(cid).orElseThrow(() -> new RpcException("failed to load block " + cid
                + ": ipld: could not find " + cid));
    }

    /** The state that calls at this tipset see: that before its own messages (chain-and-rpc §4.5). */
    State state(Params params, int position) {
        return stateAt(tipset(params, position));
    }

    State stateAt(Block block) {
        State state = block.parentState();
        if (state == null) {
            throw new RpcException("required historical state unavailable");
        }
        return state;
    }

    long id(State state, FilAddress address) {
        return state.idOf(address).orElseThrow(Reader::actorNotFound);
    }

    Actor actor(State state, FilAddress address) {
        return state.actor(address).orElseThrow(Reader::actorNotFound);
    }

    /** The miner's actor id. */
    long miner(State state, FilAddress address) {
        long id = id(state, address);
        if (!state.table(Tables.MINERS).contains(id)) {
            throw new RpcException("failed to load miner actor: " + shapes.address(address) + " is not a miner");
        }
        return id;
    }

    /** The words clients look for. */
    static RpcException actorNotFound() {
        return new RpcException(ACTOR_NOT_FOUND, "actor not found");
    }
}
