package io.caravan.node;

import io.caravan.deal.TransferRows;
import io.caravan.model.Role;
import io.caravan.node.api.AlertsApi;
import io.caravan.node.api.ApiJson;
import io.caravan.node.api.DealSearchApi;
import io.caravan.node.api.FollowApi;
import io.caravan.node.api.LimitsApi;
import io.caravan.node.api.OverviewApi;
import io.caravan.node.api.ParkedSectors;
import io.caravan.node.api.PipelineApi;
import io.caravan.node.api.SectorListApi;
import io.caravan.node.observe.Checks;
import io.caravan.node.observe.HealthReport;
import io.caravan.node.web.ChainNews;
import io.caravan.node.web.DashboardPage;
import io.caravan.node.web.SettingWords;
import io.caravan.rpc.MethodTable;
import io.caravan.store.DealCounts;
import io.caravan.store.DealSearch;
import io.caravan.store.Outbox;
import io.caravan.store.SealingHistory;
import io.caravan.store.SectorStore;
import io.caravan.store.Sql;
import io.caravan.store.WaitingDeals;
import java.util.List;
import java.util.function.Supplier;

/** The dashboard of daemon and miner: its page at {@code /} and the methods that only it asks. */
final class Dashboard {

    private static final List<String> LIMITS = List.of("miner.accept.", "miner.publish.period", "miner.publish.max",
            "miner.publish.start-buffer", "miner.funds.top-up", "miner.transfer.max-", "miner.transfer.stall", "daemon.funds.top-up",
            "daemon.transfer.max-", "daemon.transfer.stall", "daemon.deadline.");

    private final RoleCore core;
    private final ApiJson json;
    private final Role role;
    private final TransferRows transfers;
    private final AlertsApi alerts;

    Dashboard(RoleCore core, ApiJson json, Role role, TransferRows transfers) {
        this.core = core;
        this.json = json;
        this.role = role;
        this.transfers = transfers;
        this.alerts = new AlertsApi(json, role, new WaitingDeals(core.database().sql(), core.clock()), core.clock());
    }

    /** Where the role adds what else needs a person. */
    AlertsApi alerts() {
        return alerts;
    }

    /** What only a daemon has. */
    void daemon(Supplier<HealthReport> health) {
        tell(health);
    }

    /** Deals and sectors that need a person are told one by one instead. */
    private void tell(Supplier<HealthReport> health) {
        alerts.addFindings(() -> health.get().findings().stream().filter(finding -> !Checks.OF_PEOPLE.contains(finding.code())).toList());
    }

    /** What only a miner has. */
    void miner(Supplier<HealthReport> health, SectorStore sectors, SectorListApi list) {
        tell(health);
        alerts.add(() -> ParkedSectors.alerts(sectors));
        new PipelineApi(json, list, sectors, new SealingHistory(core.database().sql()), core.clock())
                .register(core.rpc().methods());
    }

    /** Call it before the port opens. */
    void register() {
        MethodTable methods = core.rpc().methods();
        Sql sql = core.database().sql();
        ChainNews heads = core.opened(new ChainNews(core.chain()));
        new OverviewApi(json, role, new OverviewApi.About(Version.text(), core.host().peerId().toString(),
                core.chain().networkParams().name()), new DealCounts(sql, role, core.clock()), heads, core.clock())
                .register(methods);
        new DealSearchApi(json, new DealSearch(sql, role)).register(methods);
        FollowApi follow = core.opened(new FollowApi(json, new FollowApi.Tools(role, core.deals(), new Outbox(sql), transfers, heads),
                core.timeline().alarms(core.role() + "-follow", 1)));
        follow.register(methods);
        alerts.register(methods);
        String file = core.role() + ".properties";
        new LimitsApi(json, LIMITS, () -> SettingWords.of(file), key -> core.live().now().optional(key)).register(methods);
        core.rpc().serve("/", new DashboardPage());
    }
}
