package io.caravan.devnet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.chain.Message;
import io.caravan.chain.SignedMessage;
import io.caravan.crypto.Wallet;
import io.caravan.model.FilAddress;
import io.caravan.model.TokenAmount;
import io.caravan.rpc.CallContext;
import io.caravan.rpc.MethodTable;
import io.caravan.rpc.OutChannel;
import io.caravan.rpc.Params;
import io.caravan.rpc.Permission;
import io.caravan.rpc.RpcException;
import io.caravan.rpc.RpcMethod;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** {@code Filecoin.Mpool*} (chain-and-rpc §2.4). */
final class PoolCalls {

    private static final int REMEMBERED_IDS = 10_000;

    private final LiveChain chain;
    private final Shapes shapes;
    private final Reader reader;
    private final Wallet wallet;
    private final MessageCalls gas;
    // Guarded by itself: which message an idempotency key of MpoolPushMessage became.
    private final Map<String, SignedMessage> pushedById = new LinkedHashMap<>();

    PoolCalls(LiveChain chain, Shapes shapes, Wallet wallet, MessageCalls gas) {
        this.chain = chain;
        this.shapes = shapes;
        this.reader = new Reader(chain, shapes);
        this.wallet = wallet;
        this.gas = gas;
    }

    void register(MethodTable table) {
        table.register("Filecoin.MpoolPush", RpcMethod.of(Permission.WRITE, 1,
                (params, context) -> shapes.of(chain.push(reader.signedMessage(params, 0)))));
        table.register("Filecoin.MpoolPushMessage", RpcMethod.of(Permission.SIGN, 2,
                (params, context) -> shapes.of(pushMessage(params))));
        ChainCalls.read(table, "MpoolGetNonce", 1, params -> shapes.of(chain.nextNonce(reader.address(params, 0))));
        ChainCalls.read(table, "MpoolPending", 1, params -> list(chain.pending()));
        ChainCalls.read(table, "MpoolSelect", 2, params -> list(chain.selection()));
        table.register("Filecoin.MpoolSub", RpcMethod.read(0, (params, context) -> follow(context)));
        ChainCalls.read(table, "MpoolGetConfig", 0, params -> {
            ObjectNode json = shapes.object();
            json.putNull("PriorityAddrs");
            return json.put("SizeLimitHigh", 30000).put("SizeLimitLow", 20000).put("ReplaceByFeeRatio", 110)
                    .put("PruneCooldown", 60_000_000_000L).put("GasLimitOverestimation", 1.25);
        });
    }

    /** Signs a message of our own wallet with the next nonce and pushes it. */
    SignedMessage send(Message message) {
        FilAddress key = key(message.from());
        Message priced = gas.withGas(message.withFrom(key));
        return chain.push(key, nonce -> {
            Message numbered = priced.withNonce(nonce);
            return new SignedMessage(numbered, wallet.sign(key, numbered.signingBytes()));
        });
    }

    /** The key behind an address. */
    FilAddress key(FilAddress address) {
        if (address.isKey()) {
            return address;
        }
        FilAddress key = BlockMaker.stateAfter(chain.view().head()).actor(address).orElseThrow(Reader::actorNotFound)
                .key();
        if (key == null || !key.isKey()) {
            throw new RpcException(address + " is not an account");
        }
        return key;
    }

    private SignedMessage pushMessage(Params params) {
        Message message = reader.message(params, 0);
        JsonNode id = params.node(1).path("MsgUuid");
        if (message.nonce() != 0) {
            throw new RpcException("MpoolPushMessage expects message nonce to be 0, was " + message.nonce());
        }
        if (!id.isTextual() || id.textValue().matches("[0-]*")) {
            return send(message, params.node(1));
        }
        synchronized (pushedById) {
            SignedMessage pushed = pushedById.get(id.textValue());
            if (pushed == null) {
                pushed = send(message, params.node(1));
                pushedById.put(id.textValue(), pushed);
                if (pushedById.size() > REMEMBERED_IDS) {
                    pushedById.remove(pushedById.keySet().iterator().next());
                }
            }
            return pushed;
        }
    }

    private SignedMessage send(Message message, JsonNode spec) {
        TokenAmount maxFee = spec.path("MaxFee").isTextual() ? TokenAmount.parseAtto(spec.get("MaxFee").textValue())
                : TokenAmount.ZERO;
        if (maxFee.isZero()) {
            return send(message);
        }
        Message priced = gas.withGas(message);
        TokenAmount cap = priced.gasFeeCap().min(maxFee.timesRatio(1, priced.gasLimit()));
        return send(priced.withGas(priced.gasLimit(), cap, priced.gasPremium().min(cap)));
    }

    private JsonNode list(List<SignedMessage> messages) {
        var list = shapes.array();
        messages.forEach(message -> list.add(shapes.of(message)));
        return list;
    }

    private OutChannel follow(CallContext context) {
        OutChannel channel = context.openChannel();
        Consumer<PoolChange> listener = change -> {
            ObjectNode json = shapes.object().put("Type", change.isAdded() ? 0 : 1);
            json.set("Message", shapes.of(change.message()));
            channel.send(json);
        };
        chain.onPool(listener);
        channel.onClose(() -> chain.offPool(listener));
        return channel;
    }
}
