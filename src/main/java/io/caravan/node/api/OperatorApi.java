package io.caravan.node.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.codec.Cid;
import io.caravan.model.DealFlow;
import io.caravan.model.DealState;
import io.caravan.model.OperationRefusedException;
import io.caravan.model.OperationRefusedException.Reason;
import io.caravan.model.OperatorVerb;
import io.caravan.model.Role;
import io.caravan.rpc.CallContext;
import io.caravan.rpc.MethodTable;
import io.caravan.rpc.Params;
import io.caravan.rpc.Permission;
import io.caravan.rpc.RpcHandler;
import io.caravan.rpc.RpcMethod;
import io.caravan.store.DealOperations;
import io.caravan.store.Operation.Word;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What an operator may do to a deal by hand, the same at the daemon and at the miner. Each word and what became of it is
 * written down; a word that is not obeyed changes nothing and is answered with a coded reason, {@code OP3
 * not-before-publish: …}. All answer with the deal as it is then.
 */
public final class OperatorApi {

    private static final String PREFIX = "StorageDeal";

    private final Role role;
    private final DealOperations operations;
    private final DealSummary summary;

    /** @param role whose deals this node keeps */
    public OperatorApi(ApiJson json, Role role, DealOperations operations) {
        this.role = role;
        this.operations = operations;
        this.summary = new DealSummary(json);
    }

    public void register(MethodTable methods) {
        methods.register("Caravan.DealRetry", RpcMethod.of(Permission.WRITE, 2, word(OperatorVerb.RETRY)));
        methods.register("Caravan.DealCancel", RpcMethod.of(Permission.ADMIN, 2, word(OperatorVerb.CANCEL)));
        methods.register("Caravan.DealFail", RpcMethod.of(Permission.ADMIN, 2, word(OperatorVerb.FAIL)));
        methods.register("Caravan.DealReleaseFunds", RpcMethod.of(Permission.ADMIN, 2, word(OperatorVerb.RELEASE_FUNDS)));
        methods.register("Caravan.DealRewind", RpcMethod.of(Permission.ADMIN, 3, this::rewind));
    }

    /** {@code [proposalCid, reason or null]}. */
    private RpcHandler word(OperatorVerb verb) {
        return (params, context) -> obey(params, context, verb, null, 1);
    }

    /** {@code [proposalCid, state, reason or null]}; a state by its name, with or without StorageDeal, or by its code. */
    private JsonNode rewind(Params params, CallContext context) {
        return obey(params, context, OperatorVerb.REWIND, state(params), 2);
    }

    private JsonNode obey(Params params, CallContext context, OperatorVerb verb, @Nullable DealState to, int reasonAt) {
        Cid proposalCid = params.cid(0, "proposal CID");
        String reason = params.isNull(reasonAt) ? null : params.text(reasonAt, "reason");
        return summary.of(operations.obey(proposalCid, role, new Word(verb, who(context), to, reason)));
    }

    /** The caller as the audit names it. */
    static String who(CallContext context) {
        return context.caller().name();
    }

    private DealState state(Params params) {
        String text = params.node(1).isIntegralNumber() ? params.node(1).asText() : params.text(1, "state");
        String plain = text.toLowerCase(Locale.ROOT).startsWith(PREFIX.toLowerCase(Locale.ROOT))
                ? text.substring(PREFIX.length()) : text;
        return DealFlow.of(role).states().stream().filter(state -> plain.equals(Integer.toString(state.code()))
                        || plain.equalsIgnoreCase(state.wireName().substring(PREFIX.length())))
                .findFirst().orElseThrow(() -> new OperationRefusedException(Reason.NO_SUCH_STATE, "a deal of the "
                        + role.text() + " has no state '" + (text.length() > 50 ? text.substring(0, 50) + "…" : text) + "'"));
    }
}
