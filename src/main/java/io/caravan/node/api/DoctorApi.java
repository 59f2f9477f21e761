package io.caravan.node.api;

import io.caravan.node.net.PathDoctor;
import io.caravan.rpc.MethodTable;
import io.caravan.rpc.RpcMethod;

/** Why this daemon can, or cannot, reach a miner: {@code Caravan.Doctor [miner]}. */
public final class DoctorApi {

    private final ApiJson json;
    private final PathDoctor doctor;

    public DoctorApi(ApiJson json, PathDoctor doctor) {
        this.json = json;
        this.doctor = doctor;
    }

    public void register(MethodTable methods) {
        methods.register("Caravan.Doctor", RpcMethod.read(1, (params, context) ->
                DiagnosisJson.of(json, doctor.examine(ApiJson.address(params, 0, "miner")))));
    }
}
