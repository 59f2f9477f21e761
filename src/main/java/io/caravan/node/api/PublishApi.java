package io.caravan.node.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.deal.PublishDesk;
import io.caravan.model.SignedProposal;
import io.caravan.rpc.RpcCall;
import io.caravan.store.QueuedDeal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The publish queue as its operator sees it; each public method is the bean of one {@code jsonrpc:} route. */
public final class PublishApi {

    /** What Go prints for a moment that never was. */
    private static final String NEVER = "0001-01-01T00:00:00Z";

    private final ApiJson json;
    private final PublishDesk desk;

    public PublishApi(ApiJson json, PublishDesk desk) {
        this.json = json;
        this.desk = desk;
    }

    /** MarketPendingDeals: the signed proposals that wait, since when, and the period in nanoseconds. */
    public JsonNode pendingDeals(RpcCall call) {
        PublishDesk.Batch batch = desk.pending();
        ObjectNode out = json.object();
        ArrayNode deals = out.putArray("Deals");
        for (PublishDesk.Pending pending : batch.deals()) {
            SignedProposal signed = pending.deal().proposal();
            ObjectNode deal = deals.addObject();
            deal.set("Proposal", json.tree(signed.proposal()));
            deal.set("ClientSignature", json.tree(signed.signature()));
        }
        Instant first = batch.first();
        return out.put("PublishPeriodStart", first == null ? NEVER : first.toString())
                .put("PublishPeriod", batch.period().toNanos());
    }

    /** MarketPublishPendingDeals: publishes what waits now. */
    public @Nullable JsonNode publishPendingDeals(RpcCall call) {
        desk.publishNow(who(call));
        return null;
    }

    /** MarketRetryPublishDeal: tries to publish one deal again: {@code [proposalCid]}. */
    public @Nullable JsonNode retryPublishDeal(RpcCall call) {
        desk.retry(call.params().cid(0, "proposal CID"), who(call));
        return null;
    }

    private static String who(RpcCall call) {
        return OperatorApi.who(call.context());
    }

    /** Caravan.PublishQueue: each deal that waits to be published, and what it waits for. */
    public JsonNode publishQueue(RpcCall call) {
        ArrayNode out = json.list();
        for (PublishDesk.Pending pending : desk.pending().deals()) {
            QueuedDeal place = pending.place();
            Instant next = place.notBefore();
            out.addObject().put("proposalCid", place.proposalCid().toString()).put("startEpoch", place.start().value())
                    .put("queuedAt", place.queuedAt().toString()).put("urgent", place.isUrgent())
                    .put("cameBack", place.round()).put("tries", place.tries())
                    .put("nextTry", next == null ? null : next.toString()).put("problem", place.problem())
                    .put("waitsFor", pending.deal().waiting().what()).put("lastError", pending.deal().waiting().lastError());
        }
        return out;
    }
}
