package io.caravan.node;

import io.caravan.camel.DealComponent;
import io.caravan.camel.JsonRpcComponent;
import io.caravan.camel.Libp2pComponent;
import io.caravan.crypto.KeyType;
import io.caravan.deal.AcceptanceCheck;
import io.caravan.deal.ChainSignatures;
import io.caravan.deal.ClientCleaner;
import io.caravan.deal.ClientFunds;
import io.caravan.deal.ClientTracker;
import io.caravan.deal.Confidence;
import io.caravan.deal.ActiveWatch;
import io.caravan.node.config.LiveSettings;
import java.util.List;
import io.caravan.store.Litter;
import io.caravan.store.FileAudit;
import io.caravan.deal.Removals;
import io.caravan.deal.Janitor;
import io.caravan.deal.LookPace;
import io.caravan.deal.DataSender;
import io.caravan.deal.DealAudit;
import io.caravan.deal.DealProposer;
import io.caravan.deal.DealStarter;
import io.caravan.deal.FundReserver;
import io.caravan.deal.ProposalBuilder;
import io.caravan.deal.PublishCheck;
import io.caravan.deal.PublishRecheck;
import io.caravan.deal.PushOrderRows;
import io.caravan.deal.RemoteStates;
import io.caravan.deal.StatusPokes;
import io.caravan.deal.TransferRows;
import io.caravan.deal.TransferCloser;
import io.caravan.deal.TransferControl;
import io.caravan.deal.TransferNotes;
import io.caravan.deal.TransferPatience;
import io.caravan.market.AskClient;
import io.caravan.market.DealClient;
import io.caravan.market.MarketDeadlines;
import io.caravan.market.PokeServer;
import io.caravan.market.StatusClient;
import io.caravan.market.TransferClient;
import io.caravan.model.FilAddress;
import io.caravan.model.Role;
import io.caravan.node.api.ChainForwarder;
import io.caravan.node.api.ApiJson;
import io.caravan.node.api.ClientApi;
import io.caravan.node.api.RouteApi;
import io.caravan.node.api.ImportApi;
import io.caravan.node.api.ImportFolder;
import io.caravan.node.api.TransferApi;
import io.caravan.node.api.WalletApi;
import io.caravan.node.api.AuditApi;
import io.caravan.node.api.DoctorApi;
import io.caravan.node.backup.RestoreFindings;
import io.caravan.node.config.Settings;
import io.caravan.node.net.DaemonHealth;
import io.caravan.node.net.PathDoctor;
import io.caravan.node.net.Probe;
import io.caravan.node.observe.Checks;
import io.caravan.node.observe.HealthCheck;
import io.caravan.rpc.MethodTable;
import io.caravan.store.ActiveDeals;
import io.caravan.store.Database;
import io.caravan.store.ContactStore;
import io.caravan.store.DealStore;
import io.caravan.store.ImportStore;
import io.caravan.store.Outbox;
import io.caravan.store.TransferStore;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/** The client's side: takes deals from middleware and follows them to their end. */
final class DaemonRole implements AutoCloseable {

    private static final String NAME = "daemon";

    private final RoleCore core;
    private final TransferRows journal;
    private final Hashers hashers;
    private final ImportFolder imports;
    private final TransferClient transfers;
    private final Observing observing;

    /** Starts it; when this returns the JSON-RPC port is open. */
    DaemonRole(NodeHome home, Settings settings, RoleDatabases databases, Ground ground) {
        core = new RoleCore(NAME, home, settings, databases, ground);
        try {
            observing = new Observing(core, Role.CLIENT);
            journal = new TransferRows(new TransferStore(core.database().sql()));
            hashers = core.opened(new Hashers(NAME));
            imports = new ImportFolder(core.subfolder("imports"), new ImportStore(core.database().sql()), hashers,
                    hashers.lanes(), core.clock());
            transfers = core.opened(new TransferClient(core.host(), new PushOrderRows(core.deals(), core.chain(), imports),
                    journal, core.live().of(TransferConfig::daemon), core.timeline()));
            start();
        } catch (RuntimeException e) {
            core.close();
            throw e;
        }
    }

    String url() {
        return core.rpc().url();
    }

    /** A link that signs that person's browser in once, with every right. */
    String loginLink(String name) {
        return core.rpc().loginLink(name);
    }

    LiveSettings live() {
        return core.live();
    }

    MethodTable methods() {
        return core.rpc().methods();
    }

    DealStore deals() {
        return core.deals();
    }

    Database database() {
        return core.database();
    }

    /** Ends as a kill would. */
    void abandon() {
        core.abandon();
    }

    @Override
    public void close() {
        core.close();
    }

    private void start() {
        core.reconcile(Optional.empty());
        FilAddress wallet = core.wallet().defaultAddress().orElseGet(() -> core.wallet().generate(KeyType.SECP256K1));
        Faucet.fill(core, wallet);
        Shadowing shadows = new Shadowing(core, Role.CLIENT);
        core.deals().reclaim();
        core.lane().resume();
        core.deals().restart(Role.CLIENT);
        RoutesContext routes = core.opened(new RoutesContext(NAME, Role.CLIENT, core.live(), core.routeBook(), core.timeline()).following(core.settingsWatch(SettingsCheck::of)));
        routes.bind(Map.of(
                "deal", new DealComponent(core.deals(), core.timeline(), Role.CLIENT, core.time()).lookEvery(core.look())
                        .watchedBy(observing.phases().and(shadows)),
                "libp2p", new Libp2pComponent(core.host()),
                "jsonrpc", new JsonRpcComponent(core.rpc().methods())));
        routes.bind(core.feeds());
        routes.bind(beans());
        routes.bind(core.clocks());
        observing.routes(routes.camel()).transfers(journal);
        routes.start(NAME);
        shadows.beside(routes);
        new RouteApi(new ApiJson(core.network()), routes.desk()).register(core.rpc().methods());
        observing.check(HealthCheck.of("ROUTES", "routes", routes.desk()::findings)).check(HealthCheck.of("SETTINGS", "settings", routes.settings()::findings));
        core.showRoutes(routes);
        transfers.resume();
        core.rpc().open();
    }

    private Map<String, Object> beans() {
        LiveSettings live = core.live();
        MarketDeadlines deadlines = MarketDeadlines.DEFAULT;
        ChainSignatures signatures = new ChainSignatures(core.chain());
        LongSupplier published = core.confidence(Confidence::publish);
        Funds money = new Funds(core, NAME);
        FundReserver funds = money.reserver();
        StatusPokes pokes = new StatusPokes(core.deals(), core.clock());
        RemoteStates remote = new RemoteStates(core.chain(), new StatusClient(core.host(), signatures, deadlines),
                core.signer(),
                live.of(now -> new RemoteStates.Pace(now.duration("daemon.status.every"), now.duration("daemon.status.forget-after"))), pokes::isSince, core.clock());
        RestoreFindings restored = new RestoreFindings(core.afterRestore(Optional.empty()));
        NodeApi api = new NodeApi(core, NAME);
        TransferControl control = new TransferControl(Role.CLIENT, core.deals(), journal, transfers::cancel, transfers::restart);
        TransferApi transferApi = api.register(Role.CLIENT, journal, control);
        new WalletApi(api.json(), core.wallet(), core.chain()).register(core.rpc().methods());
        money.api(api.json(), Role.CLIENT, () -> core.wallet().defaultAddress().stream().toList(), null).register(core.rpc().methods());
        new ImportApi(api.json(), imports, hashers, hashers.lanes()).register(core.rpc().methods());
        AskClient asks = new AskClient(core.host(), signatures, deadlines);
        ContactStore contacts = new ContactStore(core.database().sql(), core.clock());
        new DoctorApi(api.json(), new PathDoctor(core.chain(), asks, contacts, new Probe(core::strangersKey, core.clock()), core.clock()),
                observing.health()).register(core.rpc().methods());
        DaemonHealth health = new DaemonHealth(new DaemonHealth.Tools(core.chain(), core.host()::listenAddresses),
                core.wallet()::defaultAddress, core.clock());
        observing.check(HealthCheck.needed("NODE-01", "node", health::look))
                .check(HealthCheck.of("RESTORE-01", "node", restored::findings))
                .check(Checks.clock(() -> core.chain().head().at(), core.clock(), core.link().isHomeDevnet()))
                .money(money, () -> core.wallet().defaultAddress().stream().toList(), () -> core.wallet().defaultAddress().orElseThrow());
        api.dashboard().daemon(observing.health());
        new AuditApi(api.json(), new DealAudit(core.deals(), Role.CLIENT, core.chain(), null, core.clock())).register(core.rpc().methods());
        core.rpc().methods().fallback(new ChainForwarder(core.link().clientOfV0(), core.link().client()));

        Map<String, Object> beans = new HashMap<>(money.beans());
        ActiveDeals active = new ActiveDeals(core.database().sql(), Role.CLIENT, core.clock());
        LookPace pace = new LookPace(live.of(now -> now.duration("daemon.track.sweep")));
        FileAudit audit = new FileAudit(core.database().sql(), core.clock());
        Litter litter = new Litter(core.database().sql(), Role.CLIENT);
        Removals removals = new Removals(audit, new TransferStore(core.database().sql()), litter, Role.CLIENT);
        beans.put("janitor", new Janitor(new Janitor.Tools(litter, audit, removals, new Outbox(core.database().sql())),
                List.of(new Janitor.Place(core.subfolder("imports"), FileAudit.Kind.TEMP_FILE,
                        file -> file.getFileName().toString().matches("\\d+\\.idx"))),
                live.of(now -> new Janitor.Ages(now.duration("daemon.janitor.age"), now.duration("daemon.janitor.age"),
                        now.duration("daemon.janitor.moves"))), core.clock()));
        beans.put("activeWatch", new ActiveWatch(core.chain(), active, pace));
        beans.put("messageLane", core.lane());
        beans.put("clientApi", new ClientApi(api.json(), api.shapes(), new ClientApi.Tools(
                new DealStarter(new ProposalBuilder(core.chain(), imports, core.signer()), core.deals(), core.clock()),
                core.deals(), journal, core.chain(), core.host(), asks),
                api.dealUpdates(), api.transferUpdates()));
        beans.put("clientFunds", new ClientFunds(funds));
        beans.put("dealProposer", new DealProposer(core.chain(), new DealClient(core.host(), signatures, deadlines), contacts, core.clock()));
        beans.put("transferClient", transfers);
        beans.put("pokeServer", new PokeServer(pokes::take));
        beans.put("dataSender", new DataSender(transfers::push, journal, remote, new TransferNotes(core.deals()),
                new TransferPatience(live.of(now -> now.duration("daemon.deadline.transfer"))), core.clock()));
        beans.put("transferApi", transferApi);
        beans.put("transferCloser", new TransferCloser(journal, transfers::cancel));
        beans.put("acceptanceCheck", new AcceptanceCheck(core.chain(), remote, core.clock()));
        beans.put("publishRecheck", new PublishRecheck(core.chain(), core.deals(), core.watcher(), Role.CLIENT,
                published, PublishRecheck.Numbers.NOBODY));
        beans.put("publishCheck", new PublishCheck(core.chain(), core.watcher(), funds, published, core.clock()));
        beans.put("clientTracker", new ClientTracker(core.chain(), remote, active, pace, core.confidence(Confidence::state), core.clock()));
        beans.put("clientCleaner", new ClientCleaner(funds));
        return beans;
    }
}
