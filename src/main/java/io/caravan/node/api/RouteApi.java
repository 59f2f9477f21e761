package io.caravan.node.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.node.swap.RouteDesk;
import io.caravan.rpc.CallContext;
import io.caravan.rpc.MethodTable;
import io.caravan.rpc.Params;
import io.caravan.rpc.Permission;
import io.caravan.rpc.RpcMethod;
import io.caravan.store.RouteBook.Swap;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The routes of this role and their changes: {@code Caravan.RouteList []}, {@code Caravan.RouteCheck [file, text or null]}, {@code
 * Caravan.RouteDiff [file, version or null]}, {@code Caravan.RouteHistory [file or null, before or null, limit or null]}, {@code
 * Caravan.RouteRollback [file, version or null]} and {@code Caravan.RouteStart [route]} for one that somebody stopped. A file is named as below {@code routes/}; what is refused is answered with a
 * coded reason, {@code R5 id-taken: miner/3-accept.camel.yaml:12: …}.
 */
public final class RouteApi {

    private static final int USUAL = 50;
    private static final int MOST = 500;

    private final ApiJson json;
    private final RouteDesk desk;

    public RouteApi(ApiJson json, RouteDesk desk) {
        this.json = json;
        this.desk = desk;
    }

    public void register(MethodTable methods) {
        methods.register("Caravan.RouteList", RpcMethod.read(0, (params, context) -> list()));
        methods.register("Caravan.RouteCheck", RpcMethod.read(2, this::check));
        methods.register("Caravan.RouteDiff", RpcMethod.read(2, this::diff));
        methods.register("Caravan.RouteHistory", RpcMethod.read(3, this::history));
        methods.register("Caravan.RouteStart", RpcMethod.of(Permission.ADMIN, 1, this::start));
        methods.register("Caravan.RouteRollback", RpcMethod.of(Permission.ADMIN, 2, this::rollback));
    }

    /**
     * {@code {"files":[{file, version, since, shipped, trouble, routes:[{id, group, description, from, line, state, started, underWay, stoppedBy,
     * stoppedSince}]}]}}.
     */
    private JsonNode list() {
        ObjectNode all = json.object();
        ArrayNode files = all.putArray("files");
        for (RouteDesk.FileView file : desk.list()) {
            ObjectNode item = files.addObject().put("file", file.file()).put("version", file.version()).put("since", text(file.since()))
                    .put("shipped", file.isShipped()).put("trouble", file.trouble());
            ArrayNode routes = item.putArray("routes");
            file.routes().forEach(route -> routes.addObject().put("id", route.id()).put("group", route.group())
                    .put("description", route.description()).put("from", route.from()).put("line", route.line())
                    .put("state", route.state()).put("started", text(route.started())).put("underWay", route.underWay())
                    .put("stoppedBy", route.stop() == null ? null : route.stop().who())
                    .put("stoppedSince", route.stop() == null ? null : text(route.stop().since())));
        }
        return all;
    }

    /** {@code {"id", "state"}}. */
    private JsonNode start(Params params, CallContext context) {
        RouteDesk.RouteView route = desk.start(params.text(0, "route"), OperatorApi.who(context));
        return json.object().put("id", route.id()).put("state", route.state());
    }

    /** {@code {"file", "routes":[ids]}}, or the reason why it would be refused. */
    private JsonNode check(Params params, CallContext context) {
        String file = params.text(0, "file");
        List<String> ids = desk.check(file, params.isNull(1) ? null : params.text(1, "text"));
        ObjectNode answer = json.object().put("file", file);
        ids.forEach(answer.putArray("routes")::add);
        return answer;
    }

    private JsonNode diff(Params params, CallContext context) {
        RouteDesk.Difference difference = desk.diff(params.text(0, "file"), version(params));
        return json.object().put("file", difference.file()).put("from", difference.from()).put("to", difference.to())
                .put("diff", difference.diff());
    }

    /** {@code {"swaps":[{id, at, who, file, from, to, verdict, reason, diff}], "next": id or null}}. */
    private JsonNode history(Params params, CallContext context) {
        long limit = params.isNull(2) ? USUAL : params.integer(2, "limit");
        int most = (int) Math.max(1, Math.min(MOST, limit));
        List<Swap> swaps = desk.history(params.isNull(0) ? null : params.text(0, "file"),
                params.isNull(1) ? null : (Long) params.integer(1, "before"), most);
        ObjectNode page = json.object();
        ArrayNode list = page.putArray("swaps");
        swaps.forEach(swap -> list.addObject().put("id", swap.id()).put("at", swap.at().toString()).put("who", swap.who())
                .put("file", swap.file()).put("from", swap.from()).put("to", swap.to()).put("verdict", swap.verdict().text())
                .put("reason", swap.reason()).put("diff", swap.diff()));
        return page.put("next", swaps.size() < most ? null : (Long) swaps.get(swaps.size() - 1).id());
    }

    private JsonNode rollback(Params params, CallContext context) {
        String file = params.text(0, "file");
        return json.object().put("file", file).put("version", desk.rollback(file, version(params), OperatorApi.who(context)));
    }

    private static @Nullable Integer version(Params params) {
        return params.isNull(1) ? null : (Integer) (int) Math.max(0, Math.min(Integer.MAX_VALUE, params.integer(1, "version")));
    }

    private static @Nullable String text(@Nullable Instant at) {
        return at == null ? null : at.toString();
    }
}
