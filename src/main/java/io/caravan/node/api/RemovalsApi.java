package io.caravan.node.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.caravan.rpc.CallContext;
import io.caravan.rpc.MethodTable;
import io.caravan.rpc.Params;
import io.caravan.rpc.RpcMethod;
import io.caravan.store.FileAudit;
import java.util.List;

/** What this node removed of deals, and why: {@code Caravan.DealRemovals} and {@code Caravan.Removals}. */
public final class RemovalsApi {

    private static final int MAX_PAGE = 1000;

    private final ApiJson json;
    private final FileAudit audit;

    public RemovalsApi(ApiJson json, FileAudit audit) {
        this.json = json;
        this.audit = audit;
    }

    public void register(MethodTable methods) {
        methods.register("Caravan.DealRemovals", RpcMethod.read(1, this::ofDeal));
        methods.register("Caravan.Removals", RpcMethod.read(1, this::newest));
    }

    /** What was removed of one deal, in order: {@code [proposalCid]}. */
    private JsonNode ofDeal(Params params, CallContext context) {
        return list(audit.of(params.cid(0, "proposal CID")));
    }

    /** The newest removals of all deals and of none: {@code [limit]}. */
    private JsonNode newest(Params params, CallContext context) {
        long limit = params.integer(0, "limit");
        if (limit < 1 || limit > MAX_PAGE) {
            throw new IllegalArgumentException("a page has 1 to " + MAX_PAGE + " entries, not " + limit);
        }
        return list(audit.newest((int) limit));
    }

    private JsonNode list(List<FileAudit.Line> lines) {
        ArrayNode out = json.list();
        for (FileAudit.Line line : lines) {
            out.addObject().put("proposalCid", line.proposalCid() == null ? null : line.proposalCid().toString())
                    .put("kind", line.kind().text()).put("subject", line.subject()).put("bytes", line.bytes())
                    .put("why", line.why()).put("plannedAt", line.plannedAt().toString())
                    .put("doneAt", line.doneAt() == null ? null : line.doneAt().toString()).put("outcome", line.outcome());
        }
        return out;
    }
}
