package io.caravan.node.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.deal.DealAudit;
import io.caravan.rpc.CallContext;
import io.caravan.rpc.MethodTable;
import io.caravan.rpc.Params;
import io.caravan.rpc.RpcMethod;

/** {@code Caravan.Audit [limit]}: where this side's live deals differ from what the other side, chain and sealing say. */
public final class AuditApi {

    private static final int MOST = 10_000;

    private final ApiJson json;
    private final DealAudit audit;

    public AuditApi(ApiJson json, DealAudit audit) {
        this.json = json;
        this.audit = audit;
    }

    public void register(MethodTable methods) {
        methods.register("Caravan.Audit", RpcMethod.read(1, this::examine));
    }

    private Object examine(Params params, CallContext context) {
        long limit = params.integer(0, "limit");
        if (limit < 1 || limit > MOST) {
            throw new IllegalArgumentException("an audit looks at 1 to " + MOST + " deals, not at " + limit);
        }
        DealAudit.Report report = audit.examine((int) limit);
        ObjectNode out = json.object().put("examined", report.examined());
        ArrayNode found = out.putArray("disagreements");
        report.found().forEach(one -> found.addObject().put("proposalCid", one.proposalCid().toString()).put("code", one.code())
                .put("between", one.between()).put("sentence", one.sentence()).put("plan", one.plan()));
        return out;
    }
}
