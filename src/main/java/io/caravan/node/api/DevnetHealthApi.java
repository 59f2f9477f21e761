package io.caravan.node.api;

import io.caravan.node.observe.HealthReport;
import io.caravan.rpc.MethodTable;
import io.caravan.rpc.RpcMethod;
import java.util.function.Supplier;

/** Whether the devnet is well: {@code Caravan.Health []}. */
public final class DevnetHealthApi {

    private final ApiJson json;
    private final Supplier<HealthReport> health;

    public DevnetHealthApi(ApiJson json, Supplier<HealthReport> health) {
        this.json = json;
        this.health = health;
    }

    public void register(MethodTable methods) {
        methods.register("Caravan.Health", RpcMethod.read(0, (params, context) -> {
            HealthReport report = health.get();
            return DiagnosisJson.standing(DiagnosisJson.ofRole(json, report.role(), report.findings()), report);
        }));
    }
}
