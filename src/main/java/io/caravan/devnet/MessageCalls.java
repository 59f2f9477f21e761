package io.caravan.devnet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.chain.Message;
import io.caravan.codec.LotusJson;
import io.caravan.model.TokenAmount;
import io.caravan.rpc.MethodTable;
import io.caravan.rpc.Params;
import io.caravan.rpc.RpcException;
import io.caravan.rpc.RpcMethod;

/** Looking for messages, trying them out, and what their gas costs (chain-and-rpc §2.4). */
final class MessageCalls {

    private static final TokenAmount PREMIUM = TokenAmount.ofAtto(100_000);

    private final LiveChain chain;
    private final Shapes shapes;
    private final Reader reader;
    private final MessageSearch search;
    private final MessageWaits waits;
    private final DryRun dryRun;

    MessageCalls(LiveChain chain, Shapes shapes, MessageWaits waits, DryRun dryRun) {
        this.chain = chain;
        this.shapes = shapes;
        this.reader = new Reader(chain, shapes);
        this.search = new MessageSearch(chain);
        this.waits = waits;
        this.dryRun = dryRun;
    }

    void register(MethodTable table) {
        table.register("Filecoin.StateWaitMsg", RpcMethod.read(4, (params, context) ->
                waits.await(new MessageWaits.Wish(
                reader.cid(params, 0), params.integer(1, "confidence"), params.integer(2, "lookback"),
                params.bool(3, "allowReplaced")), context)));
        table.registerV0("Filecoin.StateWaitMsg", RpcMethod.read(2, (params, context) -> waits.await(
                new MessageWaits.Wish(reader.cid(params, 0), params.integer(1, "confidence"), -1, true), context)));
        table.registerV0("Filecoin.StateWaitMsgLimited", RpcMethod.read(3, (params, context) -> waits.await(
                new MessageWaits.Wish(reader.cid(params, 0), params.integer(1, "confidence"),
                params.integer(2, "limit"), true),
                context)));
        ChainCalls.read(table, "StateSearchMsg", 4, params -> found(params, 1, reader.tipset(params, 0),
                params.integer(2, "lookback"), params.bool(3, "allowReplaced")));
        v0(table, "StateSearchMsg", 1, params -> found(params, 0, chain.view().head(), -1, true));
        v0(table, "StateSearchMsgLimited", 2,
                params -> found(params, 0, chain.view().head(), params.integer(1, "limit"), true));
        v0(table, "StateGetReceipt", 2, params -> search.find(reader.cid(params, 0), reader.tipset(params, 1), -1, true)
                .map(one -> shapes.of(one.receipt())).orElse(shapes.of(null)));
        ChainCalls.read(table, "StateCall", 2, this::call);
        ChainCalls.read(table, "GasEstimateMessageGas", 3, this::messageGas);
        ChainCalls.read(table, "GasEstimateGasLimit", 2, params ->
                shapes.of(dryRun.gasUsed(reader.message(params, 0))));
        ChainCalls.read(table, "GasEstimateFeeCap", 3,
                params -> shapes.of(feeCap(reader.message(params, 0).gasPremium()).toAttoString()));
        ChainCalls.read(table, "GasEstimateGasPremium", 4, params -> shapes.of(PREMIUM.toAttoString()));
    }

    /** The message with whatever gas fields it lacks filled in. */
    Message withGas(Message message) {
        TokenAmount premium = message.gasPremium().isZero() ? PREMIUM : message.gasPremium();
        TokenAmount cap = message.gasFeeCap().isZero() ? feeCap(premium) : message.gasFeeCap();
        long limit = message.gasLimit() != 0 ? message.gasLimit()
                : Math.min(Gas.BLOCK_LIMIT, dryRun.gasUsed(message) * 5 / 4);
        return message.withGas(limit, cap, premium.min(cap));
    }

    private TokenAmount feeCap(TokenAmount premium) {
        return chain.rules().baseFee().times(2).plus(premium);
    }

    private JsonNode messageGas(Params params) {
        return shapes.of(withGas(reader.message(params, 0)));
    }

    private JsonNode call(Params params) {
        Message message = reader.message(params, 0);
        Vm.Outcome outcome = dryRun.onState(message, reader.tipset(params, 1));
        ObjectNode json = shapes.object();
        json.set("MsgCid", LotusJson.cid(message.cid()));
        json.set("Msg", shapes.of(message));
        json.set("MsgRct", shapes.of(outcome.receipt()));
        json.set("GasCost", shapes.object().put("GasUsed", Long.toString(outcome.receipt().gasUsed())));
        json.set("ExecutionTrace", shapes.object());
        boolean isOk = outcome.receipt().isOk();
        return json.put("Error", isOk ? "" : String.join("; ", outcome.notes())).put("Duration", 0);
    }

    private JsonNode found(Params params, int cid, Block from, long lookback, boolean isReplacedAllowed) {
        return search.find(reader.cid(params, cid), from, lookback, isReplacedAllowed)
                .map(one -> one.json(shapes)).orElse(shapes.of(null));
    }

    private static void v0(MethodTable table, String name, int params, ChainCalls.Call call) {
        table.registerV0("Filecoin." + name, RpcMethod.read(params, (given, context) -> call.answer(given)));
    }

    /** A message that would fail, in the words of Lotus. */
    static RpcException failed(Vm.Outcome outcome) {
        long exit = outcome.receipt().exitCode();
        String reason = String.join("; ", outcome.notes());
        return exit == io.caravan.chain.ExitCode.SYS_OUT_OF_GAS ? new RpcException(2, "call ran out of gas")
                : new RpcException(3, "message execution failed (exit=[" + exit + "], vm error=[" + reason + "])");
    }
}
