package io.caravan.node.api;

import io.caravan.node.net.DaemonHealth;
import io.caravan.node.net.PathDoctor;
import io.caravan.rpc.MethodTable;
import io.caravan.rpc.RpcMethod;

/** Why this daemon can, or cannot, reach a miner: {@code Caravan.Doctor [miner]}; whether it is well: {@code Caravan.Health []}. */
public final class DoctorApi {

    private final ApiJson json;
    private final PathDoctor doctor;
    private final DaemonHealth health;

    public DoctorApi(ApiJson json, PathDoctor doctor, DaemonHealth health) {
        this.json = json;
        this.doctor = doctor;
        this.health = health;
    }

    public void register(MethodTable methods) {
        methods.register("Caravan.Doctor", RpcMethod.read(1, (params, context) ->
                DiagnosisJson.of(json, doctor.examine(ApiJson.address(params, 0, "miner")))));
        methods.register("Caravan.Health", RpcMethod.read(0, (params, context) -> DiagnosisJson.ofDaemon(json, health.look())));
    }
}
