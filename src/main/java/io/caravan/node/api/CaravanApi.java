package io.caravan.node.api;

import io.caravan.deal.TransferRows;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.codec.Cid;
import io.caravan.market.Transfer;
import io.caravan.model.Deal;
import io.caravan.model.DealMove;
import io.caravan.model.DealProposal;
import io.caravan.model.Role;
import io.caravan.rpc.CallContext;
import io.caravan.rpc.MethodTable;
import io.caravan.rpc.Params;
import io.caravan.rpc.RpcException;
import io.caravan.rpc.RpcMethod;
import io.caravan.store.DealStore;
import io.caravan.store.Outbox;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What Lotus' API does not tell and people ask first: what a deal waits for, until when, and what happened to it. Methods
 * of the namespace {@code Caravan}, the same at the daemon and at the miner; all of them only read.
 */
public final class CaravanApi {

    private static final int MAX_PAGE = 1000;

    private final ApiJson json;
    private final Role role;
    private final DealStore deals;
    private final Outbox outbox;
    private final TransferRows transfers;

    /** @param role whose deals this node keeps */
    public CaravanApi(ApiJson json, Role role, DealStore deals, Outbox outbox, TransferRows transfers) {
        this.json = json;
        this.role = role;
        this.deals = deals;
        this.outbox = outbox;
        this.transfers = transfers;
    }

    public void register(MethodTable methods) {
        methods.register("Caravan.Events", RpcMethod.read(2, this::events));
        methods.register("Caravan.Deal", RpcMethod.read(1, this::deal));
        methods.register("Caravan.Deals", RpcMethod.read(1, this::deals));
        methods.register("Caravan.Transfers", RpcMethod.read(0, this::transfers));
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
        ObjectNode out = summary(deal);
        ArrayNode timeline = out.putArray("events");
        for (DealMove move : deals.events(proposalCid, role)) {
            timeline.addObject().put("at", move.at().toString()).put("event", move.event().wireName())
                    .put("from", move.from().wireName()).put("to", move.to().wireName()).put("note", move.note());
        }
        return out;
    }

    /** The newest deals: {@code [limit]}. */
    private JsonNode deals(Params params, CallContext context) {
        ArrayNode out = json.list();
        deals.list(role, Set.of(), null, limit(params, 0)).forEach(deal -> out.add(summary(deal)));
        return out;
    }

    /** How far the bytes of the newest transfers are. */
    private JsonNode transfers(Params params, CallContext context) {
        ArrayNode out = json.list();
        for (Transfer transfer : transfers.list(role, MAX_PAGE)) {
            ObjectNode one = out.addObject().put("proposalCid", transfer.proposalCid().toString())
                    .put("status", transfer.status().name()).put("received", transfer.bytes());
            put(one, "total", transfer.totalBytes());
        }
        return out;
    }

    private ObjectNode summary(Deal deal) {
        DealProposal proposal = deal.proposal().proposal();
        ObjectNode out = json.object().put("proposalCid", deal.proposalCid().toString()).put("role", role.text())
                .put("state", deal.state().code()).put("stateName", deal.state().wireName())
                .put("with", json.address(role == Role.CLIENT ? proposal.provider() : proposal.client()))
                .put("pieceCid", proposal.pieceCid().toString()).put("pieceSize", proposal.pieceSize().bytes())
                .put("pricePerEpochAtto", proposal.storagePricePerEpoch().atto().toString())
                .put("duration", proposal.endEpoch().value() - proposal.startEpoch().value())
                .put("startEpoch", proposal.startEpoch().value()).put("endEpoch", proposal.endEpoch().value());
        put(out, "dealId", deal.dealId());
        put(out, "sector", deal.chain().sector() == null ? null : deal.chain().sector().value());
        out.put("message", deal.message())
                .put("waitsOn", deal.waiting().on() == null ? null : deal.waiting().on().text())
                .put("waitsFor", deal.waiting().what());
        put(out, "waitsSince", deal.waiting().since());
        put(out, "waitsUntil", deal.waiting().until());
        put(out, "deadline", deal.turn().deadline());
        out.put("lastError", deal.waiting().lastError());
        put(out, "nextTry", deal.isFinal() ? null : deal.turn().runAfter());
        return out.put("parked", deal.turn().parked()).put("createdAt", deal.createdAt().toString());
    }

    private static int limit(Params params, int position) {
        long limit = params.integer(position, "limit");
        if (limit < 1 || limit > MAX_PAGE) {
            throw new IllegalArgumentException("a page has 1 to " + MAX_PAGE + " entries, not " + limit);
        }
        return (int) limit;
    }

    private static void put(ObjectNode out, String name, @Nullable Long number) {
        if (number == null) {
            out.putNull(name);
        } else {
            out.put(name, number);
        }
    }

    private static void put(ObjectNode out, String name, @Nullable Instant at) {
        out.put(name, at == null ? null : at.toString());
    }
}
