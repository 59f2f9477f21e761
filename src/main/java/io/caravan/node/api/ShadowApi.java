package io.caravan.node.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.node.shadow.ShadowRefusedException;
import io.caravan.node.shadow.Shadows;
import io.caravan.rpc.CallContext;
import io.caravan.rpc.MethodTable;
import io.caravan.rpc.Params;
import io.caravan.rpc.Permission;
import io.caravan.rpc.RpcException;
import io.caravan.rpc.RpcMethod;
import io.caravan.store.ShadowStore;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/** Candidates of phases beside the live ones: begun, ended, and what came of them. */
public final class ShadowApi {

    private static final int MOST = 200;
    private static final long MOST_SECONDS = Duration.ofDays(7).toSeconds();

    private final ApiJson json;
    private final Shadows shadows;
    private final ShadowStore rows;

    public ShadowApi(ApiJson json, Shadows shadows, ShadowStore rows) {
        this.json = json;
        this.shadows = shadows;
        this.rows = rows;
    }

    public void register(MethodTable methods) {
        methods.register("Caravan.RouteShadowStart", RpcMethod.of(Permission.ADMIN, 4, this::start));
        methods.register("Caravan.RouteShadowStop", RpcMethod.of(Permission.ADMIN, 1, this::stop));
        methods.register("Caravan.RouteShadowList", RpcMethod.read(0, this::list));
        methods.register("Caravan.RouteShadowReport", RpcMethod.read(2, this::report));
    }

    /** {@code [name, text, seconds, [scheme…]]}. */
    private JsonNode start(Params params, CallContext context) {
        long seconds = params.integer(2, "seconds");
        Set<String> allow = new HashSet<>();
        params.node(3).forEach(scheme -> allow.add(scheme.asText()));
        try {
            return shape(shadows.start(params.text(0, "name"), params.text(1, "text"), allow,
                    Duration.ofSeconds(Math.max(0, Math.min(seconds, MOST_SECONDS + 1))), context.caller().name()));
        } catch (ShadowRefusedException e) {
            throw new RpcException(String.valueOf(e.getMessage()));
        }
    }

    /** {@code [name]}. */
    private JsonNode stop(Params params, CallContext context) {
        String name = params.text(0, "name");
        if (!shadows.stop(name, "stopped by " + context.caller().name())) {
            throw new RpcException("no candidate " + name + " runs on this node; Caravan.RouteShadowList lists them");
        }
        return json.object();
    }

    /** The newest trials first. */
    private JsonNode list(Params params, CallContext context) {
        ArrayNode out = json.list();
        rows.list(MOST).forEach(trial -> out.add(shape(trial)));
        return out;
    }

    /** {@code [name, limit]}: the newest trial of that name with where it decided otherwise, the newest first. */
    private JsonNode report(Params params, CallContext context) {
        String name = params.text(0, "name");
        long limit = params.integer(1, "limit");
        if (limit < 1 || limit > MOST) {
            throw new IllegalArgumentException("a report has 1 to " + MOST + " lines, not " + limit);
        }
        ShadowStore.Trial trial = rows.list(MOST).stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow(
                () -> new RpcException("there was no candidate " + name + "; Caravan.RouteShadowList lists them"));
        ObjectNode out = shape(trial);
        ArrayNode list = out.putArray("differences");
        rows.differences(trial.id(), (int) limit).forEach(one -> list.addObject().put("key", one.key()).put("state", one.state())
                .put("live", one.live()).put("liveReason", one.liveReason()).put("candidate", one.candidate())
                .put("candidateReason", one.candidateReason()).put("tookMillis", one.tookMillis()).put("at", one.at().toString()));
        return out;
    }

    private ObjectNode shape(ShadowStore.Trial trial) {
        return json.object().put("name", trial.name()).put("states", trial.states()).put("allowed", trial.allowed())
                .put("who", trial.who()).put("startedAt", trial.startedAt().toString()).put("until", trial.until().toString())
                .put("endedAt", trial.endedAt() == null ? null : trial.endedAt().toString()).put("endReason", trial.endReason())
                .put("settled", trial.counts().settled()).put("same", trial.counts().same())
                .put("different", trial.counts().different()).put("undecided", trial.counts().undecided())
                .put("dropped", trial.counts().dropped());
    }
}
