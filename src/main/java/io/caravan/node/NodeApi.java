package io.caravan.node;

import io.caravan.model.Network;
import io.caravan.model.Role;
import io.caravan.node.api.AccessApi;
import io.caravan.node.api.ApiErrors;
import io.caravan.node.api.ApiJson;
import io.caravan.node.api.RemovalsApi;
import io.caravan.node.api.CaravanApi;
import io.caravan.node.api.CommonApi;
import io.caravan.node.api.DealJson;
import io.caravan.node.api.FeedApi;
import io.caravan.node.api.NetApi;
import io.caravan.node.api.NetBlockApi;
import io.caravan.node.api.OperatorApi;
import io.caravan.node.api.ProcessApi;
import io.caravan.node.api.TransferApi;
import io.caravan.deal.TransferControl;
import io.caravan.deal.TransferRows;
import io.caravan.node.api.Updates;
import io.caravan.node.gate.AccessDesk;
import io.caravan.rpc.MethodTable;
import io.caravan.store.DealOperations;
import io.caravan.store.DealSearch;
import io.caravan.store.FileAudit;
import io.caravan.store.MoveFeeds;
import io.caravan.store.Outbox;
import io.caravan.store.PublishQueue;
import io.caravan.store.Sql;
import io.caravan.store.WaitingDeals;
import io.caravan.time.Alarms;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The part of the JSON-RPC API that daemon and miner share, and the shapes that their own parts use. */
final class NodeApi {

    /** In which a caller gets the answer to its last call. */
    private static final Duration ANSWERED = Duration.ofMillis(300);

    private final RoleCore core;
    private final ApiJson json;
    private final DealJson shapes;
    private final Updates dealUpdates;
    private final Updates transferUpdates;
    private @Nullable Dashboard dashboard;

    NodeApi(RoleCore core, String role) {
        this.core = core;
        this.json = new ApiJson(core.network(), core.stops());
        this.shapes = new DealJson(json, core.host().peerId());
        this.dealUpdates = core.opened(new Updates(role + "-deal-updates"));
        this.transferUpdates = core.opened(new Updates(role + "-transfer-updates"));
    }

    ApiJson json() {
        return json;
    }

    DealJson shapes() {
        return shapes;
    }

    /** What only the dashboard asks, once registered. */
    Dashboard dashboard() {
        return Objects.requireNonNull(dashboard);
    }

    Updates dealUpdates() {
        return dealUpdates;
    }

    Updates transferUpdates() {
        return transferUpdates;
    }

    /** Registers Auth*, ID, Version, Net* and {@code Caravan.*}; returns what answers the routes about transfers. */
    TransferApi register(Role role, TransferRows transfers, TransferControl control) {
        MethodTable methods = core.rpc().methods();
        methods.errors(new ApiErrors());
        CommonApi.About about = new CommonApi.About(Version.text(), role == Role.PROVIDER,
                () -> core.chain().networkParams().blockDelay().toSeconds(), core.clock().instant(), UUID.randomUUID());
        new CommonApi(json, core.host().peerId(), core.rpc().access().tokens(), about).register(methods);
        new AccessApi(json, new AccessDesk(core.rpc().access(), core.clock()), () -> core.rpc().address().orElseThrow()).register(methods);
        new NetApi(json, core.host()).register(methods);
        NetBlockApi blocks = new NetBlockApi(json, core.host(), core.blocks());
        blocks.register(methods);
        core.onPeers(blocks::settingsChanged);
        Alarms end = core.opened(core.timeline().alarms(core.role() + "-end", 1));
        new ProcessApi(json, LogFile::level, () -> end.in(ANSWERED, core::endAsked)).register(methods);
        Sql sql = core.database().sql();
        DealOperations operations = new DealOperations(sql, core.deals(), core.funds(),
                new PublishQueue(sql, core.messages(), core.clock()), core.clock());
        new RemovalsApi(json, new FileAudit(core.database().sql(), core.clock())).register(methods);
        new CaravanApi(json, role, new CaravanApi.Tools(core.deals(), new WaitingDeals(sql, core.clock()), operations,
                new Outbox(sql), transfers, core.messages(), new DealSearch(sql, role))).register(methods);
        dashboard = new Dashboard(core, json, role, transfers);
        dashboard.register();
        new OperatorApi(json, role, operations).register(methods);
        new FeedApi(json, new MoveFeeds(sql, core.clock(), core.node())).register(methods);
        TransferApi transferApi = new TransferApi(json, role, core.host().peerId(), transfers, control);
        transferApi.register(methods);
        return transferApi;
    }

    /** Which letter the chain's addresses begin with. */
    static Network network(boolean isMainnet) {
        return isMainnet ? Network.MAINNET : Network.TESTNET;
    }
}
