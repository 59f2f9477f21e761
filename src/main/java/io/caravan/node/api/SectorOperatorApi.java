package io.caravan.node.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.model.Sector;
import io.caravan.model.SectorNumber;
import io.caravan.model.SectorState;
import io.caravan.rpc.CallContext;
import io.caravan.rpc.MethodTable;
import io.caravan.rpc.Params;
import io.caravan.rpc.Permission;
import io.caravan.rpc.RpcHandler;
import io.caravan.rpc.RpcMethod;
import io.caravan.store.SectorOperation;
import io.caravan.store.SectorOperation.Verb;
import io.caravan.store.SectorOperation.Word;
import io.caravan.store.SectorOperations;
import org.jspecify.annotations.Nullable;

/**
 * What an operator may do to a sector that waits for one: {@code Caravan.SectorRetry} and {@code Caravan.SectorDrop [number,
 * reason or null]}, both answered with the sector as it is then, and {@code Caravan.SectorHistory [number]}. A word that is
 * not obeyed changes nothing and has a coded reason, {@code OP12 not-parked: …}.
 */
public final class SectorOperatorApi {

    private final ApiJson json;
    private final SectorOperations operations;

    public SectorOperatorApi(ApiJson json, SectorOperations operations) {
        this.json = json;
        this.operations = operations;
    }

    public void register(MethodTable methods) {
        methods.register("Caravan.SectorRetry", RpcMethod.of(Permission.WRITE, 2, word(Verb.RETRY)));
        methods.register("Caravan.SectorDrop", RpcMethod.of(Permission.ADMIN, 2, word(Verb.DROP)));
        methods.register("Caravan.SectorHistory", RpcMethod.read(1, this::history));
    }

    private RpcHandler word(Verb verb) {
        return (params, context) -> {
            String reason = params.isNull(1) ? null : params.text(1, "reason");
            return sector(operations.obey(number(params), new Word(verb, OperatorApi.who(context), reason)));
        };
    }

    private static SectorNumber number(Params params) {
        long wanted = params.integer(0, "sector number");
        return params.parsed(0, "sector number", node -> new SectorNumber(wanted));
    }

    private ObjectNode sector(Sector sector) {
        return json.object().put("number", sector.number().value()).put("state", sector.state().wireName())
                .put("parked", sector.turn().parked()).put("message", sector.message())
                .put("lastError", sector.waiting().lastError());
    }

    private JsonNode history(Params params, CallContext context) {
        ArrayNode list = json.list();
        for (SectorOperation one : operations.list(number(params))) {
            list.addObject().put("at", one.at().toString()).put("who", one.who()).put("verb", one.verb().text())
                    .put("reason", one.reason()).put("from", name(one.from())).put("to", name(one.to()))
                    .put("outcome", one.outcome());
        }
        return list;
    }

    private static @Nullable String name(@Nullable SectorState state) {
        return state == null ? null : state.wireName();
    }
}
