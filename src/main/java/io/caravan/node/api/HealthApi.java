package io.caravan.node.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.caravan.model.TokenAmount;
import io.caravan.node.net.Diagnosis;
import io.caravan.node.net.Finding;
import io.caravan.node.net.MinerDoctor;
import io.caravan.node.net.MinerIdentity;
import io.caravan.rpc.CallContext;
import io.caravan.rpc.MethodTable;
import io.caravan.rpc.Params;
import io.caravan.rpc.Permission;
import io.caravan.rpc.RpcMethod;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Whether this miner is well: {@code Caravan.Doctor []}, {@code Caravan.Health []} and {@code Caravan.NetPublishAddrs [most attoFIL in
 * fees]}.
 */
public final class HealthApi {

    private final ApiJson json;
    private final MinerDoctor doctor;
    private final MinerIdentity identity;
    private final TokenAmount maxFee;
    private final Supplier<List<Finding>> others;

    /** @param others what health tells beside the network */
    public HealthApi(ApiJson json, MinerDoctor doctor, MinerIdentity identity, TokenAmount maxFee, Supplier<List<Finding>> others) {
        this.json = json;
        this.doctor = doctor;
        this.identity = identity;
        this.maxFee = maxFee;
        this.others = others;
    }

    public void register(MethodTable methods) {
        methods.register("Caravan.Doctor", RpcMethod.read(0, (params, context) -> DiagnosisJson.of(json, doctor.examine())));
        methods.register("Caravan.Health", RpcMethod.read(0, (params, context) -> DiagnosisJson.of(json, with(doctor.glance(), others.get()))));
        methods.register("Caravan.NetPublishAddrs", RpcMethod.of(Permission.ADMIN, 1, this::publish));
    }

    /** What {@code Caravan.Health} tells. */
    public List<Finding> findings() {
        return with(doctor.glance(), others.get()).findings();
    }

    private static Diagnosis with(Diagnosis diagnosis, List<Finding> others) {
        return new Diagnosis(diagnosis.miner(), Stream.concat(diagnosis.findings().stream(), others.stream()).toList());
    }

    private JsonNode publish(Params params, CallContext context) {
        ArrayNode sent = json.list();
        identity.publish(params.isNull(0) ? maxFee : ApiJson.amount(params, 0, "most attoFIL in fees")).forEach(cid -> sent.add(json.cid(cid)));
        return sent;
    }
}
