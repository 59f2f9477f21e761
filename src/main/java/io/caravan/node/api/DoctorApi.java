package io.caravan.node.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.model.FilAddress;
import io.caravan.model.TokenAmount;
import io.caravan.node.net.Diagnosis;
import io.caravan.node.net.Finding;
import io.caravan.node.net.MinerDoctor;
import io.caravan.node.net.MinerIdentity;
import io.caravan.node.net.PathDoctor;
import io.caravan.rpc.CallContext;
import io.caravan.rpc.MethodTable;
import io.caravan.rpc.Params;
import io.caravan.rpc.Permission;
import io.caravan.rpc.RpcMethod;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Why daemons can, or cannot, reach a miner: {@code Caravan.Doctor}, {@code Caravan.Health}, {@code Caravan.NetPublishAddrs}. */
public final class DoctorApi {

    private final ApiJson json;

    public DoctorApi(ApiJson json) {
        this.json = json;
    }

    /** At a daemon: {@code Caravan.Doctor [miner]}. */
    public void register(MethodTable methods, PathDoctor doctor) {
        methods.register("Caravan.Doctor", RpcMethod.read(1, (params, context) ->
                shown(doctor.examine(ApiJson.address(params, 0, "miner")))));
    }

    /**
     * At a miner: {@code Caravan.Doctor []}, {@code Caravan.Health []} and {@code Caravan.NetPublishAddrs [most attoFIL in fees]}.
     *
     * @param others what health tells beside the network
     */
    public void register(MethodTable methods, MinerDoctor doctor, MinerIdentity identity, TokenAmount maxFee, Supplier<List<Finding>> others) {
        methods.register("Caravan.Doctor", RpcMethod.read(0, (params, context) -> shown(doctor.examine())));
        methods.register("Caravan.Health", RpcMethod.read(0, (params, context) -> shown(with(doctor.glance(), others.get()))));
        methods.register("Caravan.NetPublishAddrs", RpcMethod.of(Permission.ADMIN, 1, (params, context) -> publish(identity, maxFee, params, context)));
    }

    private static Diagnosis with(Diagnosis diagnosis, List<Finding> others) {
        return new Diagnosis(diagnosis.miner(), Stream.concat(diagnosis.findings().stream(), others.stream()).toList());
    }

    private JsonNode publish(MinerIdentity identity, TokenAmount maxFee, Params params, CallContext context) {
        ArrayNode sent = json.list();
        identity.publish(params.isNull(0) ? maxFee : ApiJson.amount(params, 0, "most attoFIL in fees")).forEach(cid -> sent.add(json.cid(cid)));
        return sent;
    }

    private JsonNode shown(Diagnosis diagnosis) {
        ObjectNode out = json.object().put("miner", json.address(FilAddress.parse(diagnosis.miner()))).put("healthy", diagnosis.isHealthy())
                .put("sentence", diagnosis.sentence());
        ArrayNode findings = out.putArray("findings");
        diagnosis.findings().forEach(finding -> findings.addObject().put("code", finding.code()).put("level", finding.level().name().toLowerCase(Locale.ROOT))
                .put("check", finding.check()).put("sentence", finding.sentence()).put("fix", finding.fix()));
        return out;
    }
}
