package io.caravan.node.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.model.DealDuties;
import io.caravan.model.DealGroup;
import io.caravan.model.DealState;
import io.caravan.model.Duty;
import io.caravan.model.Kind;
import io.caravan.model.Role;
import io.caravan.rpc.CallContext;
import io.caravan.rpc.Caller;
import io.caravan.rpc.MethodTable;
import io.caravan.rpc.Params;
import io.caravan.rpc.Permission;
import io.caravan.rpc.RpcMethod;
import io.caravan.store.DealCounts;
import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a page needs before anything else: {@code Caravan.Overview []}, who this node is, what the caller may do, where the chain
 * stands and how many deals are in each state; {@code Caravan.States []}, every state of this side in words.
 */
public final class OverviewApi {

    private final ApiJson json;
    private final Role role;
    private final About about;
    private final DealCounts counts;
    private final Heads heads;
    private final Clock clock;

    /**
     * Who this node is.
     *
     * @param network the chain's name
     */
    public record About(String version, String peer, String network) {}

    /** Where the chain stands, as this node last heard. */
    public interface Heads {
        /** {@code epoch}, {@code at} and {@code epochMillis}; null before the first head. */
        @Nullable Head newest();

        /** One head: its epoch, when it was made, and how long an epoch lasts in milliseconds. */
        record Head(long epoch, Instant at, long epochMillis) {}
    }

    /** @param role whose deals this node keeps */
    public OverviewApi(ApiJson json, Role role, About about, DealCounts counts, Heads heads, Clock clock) {
        this.json = json;
        this.role = role;
        this.about = about;
        this.counts = counts;
        this.heads = heads;
        this.clock = clock;
    }

    public void register(MethodTable methods) {
        methods.register("Caravan.Overview", RpcMethod.read(0, this::overview));
        methods.register("Caravan.States", RpcMethod.read(0, this::states));
    }

    private JsonNode overview(Params params, CallContext context) {
        ObjectNode out = json.object().put("role", role == Role.CLIENT ? "daemon" : "miner").put("version", about.version())
                .put("peer", about.peer()).put("network", about.network())
                .put("now", clock.instant().toString());
        Caller caller = context.caller();
        ObjectNode you = out.putObject("you").put("name", caller.name()).put("signedIn", caller.kind() != Caller.Kind.NOBODY)
                .put("bySession", caller.bySession());
        ArrayNode may = you.putArray("permissions");
        context.permissions().stream().sorted().map(Permission::wireName).forEach(may::add);
        out.set("head", head(json, heads));
        DealCounts.Counts found = counts.count();
        ObjectNode states = out.putObject("counts");
        found.states().forEach((state, many) -> states.put(state.wireName(), many));
        return out.put("countedAt", found.settledAt().toString());
    }

    /** The newest head as all answers tell it; null before the first. */
    static @Nullable ObjectNode head(ApiJson json, Heads heads) {
        Heads.Head head = heads.newest();
        return head == null ? null : json.object().put("epoch", head.epoch()).put("at", head.at().toString())
                .put("epochMillis", head.epochMillis());
    }

    private JsonNode states(Params params, CallContext context) {
        ObjectNode out = json.object();
        ArrayNode groups = out.putArray("groups");
        for (DealGroup group : DealGroup.values()) {
            ArrayNode names = groups.addObject().put("group", group.text()).put("label", group.label()).putArray("states");
            group.states(role).forEach(state -> names.add(state.wireName()));
        }
        ArrayNode states = out.putArray("states");
        for (DealState state : DealState.values()) {
            Duty duty = DealDuties.of(role, state).orElse(null);
            states.addObject().put("code", state.code()).put("name", state.wireName()).put("label", state.label())
                    .put("group", DealGroup.of(state).text()).put("isOurs", state.kind(role) != Kind.REPLY)
                    .put("isFinal", state.isFinal()).put("owner", duty == null ? null : duty.owner())
                    .put("waitsOn", duty == null ? null : duty.on().label()).put("waitsFor", duty == null ? null : duty.what());
        }
        return out;
    }
}
