package io.caravan.node.api;

import io.caravan.node.observe.HealthReport;
import io.caravan.node.net.PathDoctor;
import io.caravan.rpc.MethodTable;
import io.caravan.rpc.RpcMethod;
import java.util.function.Supplier;

/** Why this daemon can, or cannot, reach a miner: {@code Caravan.Doctor [miner]}; whether it is well: {@code Caravan.Health []}. */
public final class DoctorApi {

    private final ApiJson json;
    private final PathDoctor doctor;
    private final Supplier<HealthReport> health;

    public DoctorApi(ApiJson json, PathDoctor doctor, Supplier<HealthReport> health) {
        this.json = json;
        this.doctor = doctor;
        this.health = health;
    }

    public void register(MethodTable methods) {
        methods.register("Caravan.Doctor", RpcMethod.read(1, (params, context) ->
                DiagnosisJson.of(json, doctor.examine(ApiJson.address(params, 0, "miner")))));
        methods.register("Caravan.Health", RpcMethod.read(0, (params, context) -> {
            HealthReport report = health.get();
            return DiagnosisJson.standing(DiagnosisJson.ofRole(json, report.role(), report.findings()), report);
        }));
    }
}
