package io.caravan.node.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.codec.Cid;
import io.caravan.deal.TransferRows;
import io.caravan.model.Deal;
import io.caravan.model.DealDuties;
import io.caravan.model.DealMove;
import io.caravan.model.DealState;
import io.caravan.model.Role;
import io.caravan.model.WaitsOn;
import io.caravan.rpc.CallContext;
import io.caravan.rpc.MethodTable;
import io.caravan.rpc.Params;
import io.caravan.rpc.RpcException;
import io.caravan.rpc.RpcMethod;
import io.caravan.store.DealOperations;
import io.caravan.store.DealSearch;
import io.caravan.store.DealStore;
import io.caravan.store.MessageStore;
import io.caravan.store.Operation;
import io.caravan.store.Outbox;
import io.caravan.store.WaitingDeals;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What Lotus' API does not tell and people ask first: what a deal waits for, until when, and what happened to it. Methods
 * of the namespace {@code Caravan}, the same at the daemon and at the miner; all of them only read.
 */
public final class CaravanApi {

    private final ApiJson json;
    private final Role role;
    private final DealStore deals;
    private final WaitingDeals waiting;
    private final DealOperations operations;
    private final Outbox outbox;
    private final TransferRows transfers;
    private final DealSummary summary;
    private final DealDetail detail;

    /** The rows that are read. */
    public record Tools(DealStore deals, WaitingDeals waiting, DealOperations operations, Outbox outbox,
            TransferRows transfers, MessageStore messages, DealSearch search) {}

    /** @param role whose deals this node keeps */
    public CaravanApi(ApiJson json, Role role, Tools tools) {
        this.json = json;
        this.role = role;
        this.deals = tools.deals();
        this.waiting = tools.waiting();
        this.operations = tools.operations();
        this.outbox = tools.outbox();
        this.transfers = tools.transfers();
        this.summary = new DealSummary(json);
        this.detail = new DealDetail(json, tools.messages(), tools.search());
    }

    public void register(MethodTable methods) {
        methods.register("Caravan.Events", RpcMethod.read(2, this::events));
        methods.register("Caravan.Deal", RpcMethod.read(1, this::deal));
        methods.register("Caravan.Deals", RpcMethod.read(1, this::deals));
        methods.register("Caravan.DealsWaiting", RpcMethod.read(2, this::waiting));
        methods.register("Caravan.DealsStuck", RpcMethod.read(1, this::stuck));
    }

    /** Events of deals and sectors after a number, oldest first: {@code [after, limit]}. */
    private JsonNode events(Params params, CallContext context) {
        ArrayNode out = json.list();
        outbox.after(params.integer(0, "after"), limit(params, 1)).forEach(entry -> out.addObject().put("id", entry.id())
                .put("at", entry.at().toString()).put("role", entry.topic()).put("key", entry.key())
                .put("from", entry.from()).put("to", entry.to()).put("event", entry.event()).put("note", entry.note()));
        return out;
    }

    /** One deal with its timeline: {@code [proposalCid]}. */
    private JsonNode deal(Params params, CallContext context) {
        Cid proposalCid = params.cid(0, "proposal CID");
        Deal deal = deals.find(proposalCid, role).orElseThrow(
                () -> new RpcException("deal not found: no deal of this node has the proposal CID " + proposalCid));
        ObjectNode out = summary.of(deal);
        detail.put(out, deal);
        out.set("transfer", transfers.findByProposal(role, proposalCid).map(transfer -> TransferApi.shape(json, transfer))
                .orElse(null));
        ArrayNode timeline = out.putArray("events");
        for (DealMove move : deals.events(proposalCid, role)) {
            timeline.addObject().put("at", move.at().toString()).put("event", move.event().wireName())
                    .put("from", move.from().wireName()).put("to", move.to().wireName()).put("note", move.note());
        }
        ArrayNode said = out.putArray("operations");
        for (Operation one : operations.list(proposalCid, role)) {
            said.addObject().put("at", one.at().toString()).put("who", one.who()).put("verb", one.verb().text())
                    .put("target", name(one.target())).put("reason", one.reason()).put("from", name(one.from()))
                    .put("to", name(one.to())).put("outcome", one.outcome());
        }
        return out;
    }

    /**
     * A page of deals, newest first: {@code [{states, party, piece, before, after, limit}]}, each of which may be left out, or
     * {@code [limit]}. {@code next} is what to give as {@code after} for the next page, null on the last one.
     */
    private JsonNode deals(Params params, CallContext context) {
        DealListParams asked = DealListParams.of(params.node(0), role);
        Cid after = asked.after();
        Deal last = after == null ? null : deals.find(after, role).orElseThrow(
                () -> DealListParams.wrong("L6 unknown-after", "no deal of this node has the proposal CID " + after));
        List<Deal> page = deals.list(role, asked.filter(), last, asked.limit());
        ObjectNode out = json.object();
        ArrayNode list = out.putArray("deals");
        page.forEach(deal -> list.add(summary.of(deal)));
        return out.put("next", page.size() < asked.limit() ? null : page.get(page.size() - 1).proposalCid().toString());
    }

    /** The live deals that wait on somebody, those first that wait longest: {@code [kind or null, limit]}. */
    private JsonNode waiting(Params params, CallContext context) {
        WaitsOn kind = params.isNull(0) ? null : WaitsOn.of(params.text(0, "kind"));
        ArrayNode out = json.list();
        waiting.on(role, kind, limit(params, 1)).forEach(deal -> out.add(summary.of(deal)));
        return out;
    }

    /**
     * The live deals that somebody should look at, those first that wait longest, then those of phases that nobody serves: {@code
     * [limit]}.
     */
    private JsonNode stuck(Params params, CallContext context) {
        int most = limit(params, 0);
        Map<Cid, Deal> found = new LinkedHashMap<>();
        waiting.stuck(role, most).forEach(deal -> found.put(deal.proposalCid(), deal));
        Set<DealState> unserved = DealDuties.of(role).keySet().stream().filter(state -> json.stops().of(state.wireName()).isPresent())
                .collect(Collectors.toSet());
        if (!unserved.isEmpty()) {
            deals.list(role, unserved, null, most).forEach(deal -> found.putIfAbsent(deal.proposalCid(), deal));
        }
        ArrayNode out = json.list();
        found.values().stream().limit(most).forEach(deal -> out.add(summary.of(deal)));
        return out;
    }

    private static int limit(Params params, int position) {
        long limit = params.integer(position, "limit");
        if (limit < 1 || limit > DealListParams.MAX_PAGE) {
            throw new IllegalArgumentException("a page has 1 to " + DealListParams.MAX_PAGE + " entries, not " + limit);
        }
        return (int) limit;
    }

    private static @Nullable String name(@Nullable DealState state) {
        return state == null ? null : state.wireName();
    }
}
