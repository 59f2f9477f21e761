package io.caravan.node.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.caravan.model.TokenAmount;
import io.caravan.node.net.Diagnosis;
import io.caravan.node.net.MinerDoctor;
import io.caravan.node.net.MinerIdentity;
import io.caravan.node.observe.HealthReport;
import io.caravan.rpc.CallContext;
import io.caravan.rpc.MethodTable;
import io.caravan.rpc.Params;
import io.caravan.rpc.Permission;
import io.caravan.rpc.RpcMethod;
import java.util.function.Supplier;

/**
 * Whether this miner is well: {@code Caravan.Doctor []}, {@code Caravan.Health []} and {@code Caravan.NetPublishAddrs [most attoFIL in
 * fees]}.
 */
public final class HealthApi {

    private final ApiJson json;
    private final MinerDoctor doctor;
    private final MinerIdentity identity;
    private final Supplier<TokenAmount> maxFee;
    private final Supplier<HealthReport> health;

    public HealthApi(ApiJson json, MinerDoctor doctor, MinerIdentity identity, Supplier<TokenAmount> maxFee, Supplier<HealthReport> health) {
        this.json = json;
        this.doctor = doctor;
        this.identity = identity;
        this.maxFee = maxFee;
        this.health = health;
    }

    public void register(MethodTable methods) {
        methods.register("Caravan.Doctor", RpcMethod.read(0, (params, context) -> DiagnosisJson.of(json, doctor.examine())));
        methods.register("Caravan.Health", RpcMethod.read(0, (params, context) -> {
            HealthReport report = health.get();
            return DiagnosisJson.standing(DiagnosisJson.of(json, new Diagnosis(identity.miner().toString(), report.findings())), report);
        }));
        methods.register("Caravan.NetPublishAddrs", RpcMethod.of(Permission.ADMIN, 1, this::publish));
    }

    private JsonNode publish(Params params, CallContext context) {
        ArrayNode sent = json.list();
        identity.publish(params.isNull(0) ? maxFee.get() : ApiJson.amount(params, 0, "most attoFIL in fees")).forEach(cid -> sent.add(json.cid(cid)));
        return sent;
    }
}
