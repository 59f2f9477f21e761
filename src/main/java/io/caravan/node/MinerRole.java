package io.caravan.node;

import io.caravan.camel.DealComponent;
import io.caravan.camel.JsonRpcComponent;
import io.caravan.camel.Libp2pComponent;
import io.caravan.camel.SectorComponent;
import io.caravan.deal.ActiveWatch;
import io.caravan.deal.AskKeeper;
import io.caravan.deal.ChainSignatures;
import io.caravan.deal.Confidence;
import io.caravan.deal.DealAudit;
import io.caravan.deal.DealPublisher;
import io.caravan.deal.DealSettler;
import io.caravan.deal.FundReserver;
import io.caravan.deal.Janitor;
import io.caravan.deal.LookPace;
import io.caravan.deal.PieceVerifier;
import io.caravan.deal.ProviderDealStates;
import io.caravan.deal.ProviderFunds;
import io.caravan.deal.ProviderPokes;
import io.caravan.deal.ProviderTracker;
import io.caravan.deal.PublishConfig;
import io.caravan.deal.PublishDesk;
import io.caravan.deal.PublishRecheck;
import io.caravan.deal.PushedDeals;
import io.caravan.deal.Removals;
import io.caravan.deal.SectorHandOff;
import io.caravan.deal.StagingCleaner;
import io.caravan.deal.TransferCloser;
import io.caravan.deal.TransferControl;
import io.caravan.deal.TransferNotes;
import io.caravan.deal.TransferPatience;
import io.caravan.deal.TransferRows;
import io.caravan.deal.TransferWakes;
import io.caravan.deal.TransferWatcher;
import io.caravan.deal.WorkerSigner;
import io.caravan.market.AskServer;
import io.caravan.market.MarketDeadlines;
import io.caravan.market.MarketProtocols;
import io.caravan.market.StatusPoker;
import io.caravan.market.StatusServer;
import io.caravan.market.TransferServer;
import io.caravan.model.FilAddress;
import io.caravan.model.PaddedPieceSize;
import io.caravan.model.Role;
import io.caravan.node.backup.RestoreFindings;
import io.caravan.node.api.ApiJson;
import io.caravan.node.api.AuditApi;
import io.caravan.node.api.DataImportApi;
import io.caravan.node.api.HealthApi;
import io.caravan.node.api.MinerApi;
import io.caravan.node.api.PublishApi;
import io.caravan.node.api.RouteApi;
import io.caravan.node.api.SectorApi;
import io.caravan.node.api.SectorListApi;
import io.caravan.node.api.SectorOperatorApi;
import io.caravan.node.api.TransferApi;
import io.caravan.node.api.UnsealApi;
import io.caravan.node.config.Live;
import io.caravan.node.config.LiveSettings;
import io.caravan.node.config.Settings;
import io.caravan.node.net.MinerDoctor;
import io.caravan.node.net.MinerIdentity;
import io.caravan.node.net.Probe;
import io.caravan.node.observe.HealthCheck;
import io.caravan.rpc.MethodTable;
import io.caravan.store.ActiveDeals;
import io.caravan.store.AskStore;
import io.caravan.store.Database;
import io.caravan.store.Deadlines;
import io.caravan.store.DealOperations;
import io.caravan.store.DealStore;
import io.caravan.store.FileAudit;
import io.caravan.store.Litter;
import io.caravan.store.Outbox;
import io.caravan.store.PieceNumbers;
import io.caravan.store.PostgresSectorStore;
import io.caravan.store.PublishQueue;
import io.caravan.store.SectorOperations;
import io.caravan.store.SectorStore;
import io.caravan.store.SettingStore;
import io.caravan.store.Settlements;
import io.caravan.store.TransferStore;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/** The provider's side: takes deals from daemons, publishes them, seals and proves their sectors. */
final class MinerRole implements AutoCloseable {

    private static final String NAME = "miner";
    /** Without these no daemon of ours, or of the reference, makes a deal here. */
    private static final List<String> SERVED = List.of(MarketProtocols.DEAL, MarketProtocols.ASK, MarketProtocols.STATUS,
            MarketProtocols.TRANSFER, MarketProtocols.GRAPHSYNC);

    private final RoleCore core;
    private final SectorStore sectors;
    private final TransferRows journal;
    private final TransferServer transfers;
    private final Sealing sealing;
    private final FilAddress miner;
    private final Acceptance acceptance;
    private final MinerIdentity identity;
    private final boolean servesDeals;
    private final Observing observing;

    /** Starts it; when this returns daemons and operators are answered. */
    MinerRole(NodeHome home, Settings settings, RoleDatabases databases, Ground ground) {
        core = new RoleCore(NAME, home, settings, databases, ground);
        servesDeals = core.settings().flag("miner.deals");
        try {
            observing = new Observing(core, Role.PROVIDER);
            sectors = new PostgresSectorStore(core.database().sql(), core.clock(), core.node(),
                    core.live().of(MinerRole::sectorDeadlines), core.backoff());
            journal = new TransferRows(new TransferStore(core.database().sql()));
            transfers = core.opened(new TransferServer(core.host(), new PushedDeals(core.deals()), journal,
                    core.live().of(TransferConfig::miner), core.timeline()));
            journal.onSave(new TransferWakes(core.deals(), core.opened(core.timeline().alarms("transfer-wakes", 1))::in)::saved);
            SettingStore kept = new SettingStore(core.database().sql(), core.clock());
            core.reconcile(Optional.of(queue()));
            miner = new MinerOnChain(core, kept).address();
            identity = new MinerIdentity(miner, new MinerIdentity.Tools(core.host(), core.chain(), core.lane(), core.messages(), kept, core.clock()),
                    core.live().of(now -> identityPolicy(now, core.link().isHomeDevnet())));
            if (!servesDeals) {
                requireWorker();
            }
            sealing = new Sealing(core, sectors, miner);
            acceptance = new Acceptance(core, sectors, miner, sealing.placeable());
            start();
            if (servesDeals) {
                identity.check();
            }
            core.rpc().open();
        } catch (RuntimeException e) {
            core.close();
            throw e;
        }
    }

    String url() {
        return core.rpc().url();
    }

    /** Our miner actor, in the letters of the chain's network. */
    String address() {
        return miner.toString(core.network());
    }

    /** What the sealing engine is, in one sentence. */
    String sealingNotice() {
        return sealing.notice();
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
        Shadowing shadows = new Shadowing(core, Role.PROVIDER);
        core.deals().reclaim();
        sectors.reclaim();
        core.lane().resume();
        if (servesDeals) {
            core.deals().restart(Role.PROVIDER);
        }
        RoutesContext routes = core.opened(new RoutesContext(NAME, Role.PROVIDER, core.live(), core.routeBook(), core.timeline()).following(core.settingsWatch(SettingsCheck::of)));
        routes.bind(Map.of(
                "deal", new DealComponent(core.deals(), core.timeline(), Role.PROVIDER, core.time()).lookEvery(core.look())
                        .watchedBy(observing.phases().and(shadows)),
                "sector", sealing.leased(new SectorComponent(sectors, core.timeline()).lookEvery(core.look()).gatedBy(sealing.gate())
                        .watchedBy(observing.phases())),
                "libp2p", new Libp2pComponent(core.host()),
                "jsonrpc", new JsonRpcComponent(core.rpc().methods())));
        routes.bind(core.feeds());
        routes.bind(beans());
        routes.bind(sealing.beans());
        routes.bind(core.clocks());
        observing.routes(routes.camel()).sectors(sectors).transfers(journal);
        routes.without(file -> sealing.isLeftOut(file) || !servesDeals && isOfDeals(file)).start(NAME, "sealing");
        shadows.beside(routes);
        new RouteApi(new ApiJson(core.network()), routes.desk()).register(core.rpc().methods());
        observing.check(HealthCheck.of("ROUTES", "routes", routes.desk()::findings)).check(HealthCheck.of("SETTINGS", "settings", routes.settings()::findings));
        core.showRoutes(routes);
        if (servesDeals) {
            transfers.resume();
            pokeClients();
        }
    }

    /** What a node that only seals has no use for; messages it sends as others do. */
    private static boolean isOfDeals(String file) {
        return file.startsWith(NAME + "/") && !file.startsWith(NAME + "/9-messages.");
    }

    /** A node that only seals is not made known to the chain; it has to be given what the first one made. */
    private void requireWorker() {
        FilAddress worker = core.chain().accountKey(core.chain().minerInfo(miner).worker());
        if (!core.signer().has(worker)) {
            throw new StartException("this node has no key for %s, the worker of miner %s: copy the folder miner/keystore of the node that serves deals into this home folder, or set chain.signer = lotus"
                    .formatted(worker.toString(core.network()), address()));
        }
    }

    private void pokeClients() {
        core.opened(new ProviderPokes(core.deals(), new StatusPoker(core.host()), core.opened(core.timeline().workers("miner-pokes", 2, 1000)),
                core.live().of(now -> now.flag("miner.status.poke"))::get));
    }

    private PublishQueue queue() {
        return new PublishQueue(core.database().sql(), core.messages(), core.clock());
    }

    private Map<String, Object> beans() {
        LiveSettings live = core.live();
        MarketDeadlines deadlines = MarketDeadlines.DEFAULT;
        LongSupplier published = core.confidence(Confidence::publish);
        ChainSignatures signatures = new ChainSignatures(core.chain());
        WorkerSigner worker = new WorkerSigner(core.chain(), core.signer(), miner, core.clock());
        Funds money = new Funds(core, NAME);
        FundReserver funds = money.reserver();
        AskKeeper asks = asks(worker);
        Live<PublishConfig> publish = live.of(MinerRole::publishing);
        PublishQueue queue = queue();

        RestoreFindings restored = new RestoreFindings(core.afterRestore(Optional.of(queue)));
        NodeApi api = new NodeApi(core, NAME);
        if (servesDeals) {
            new DataImportApi(acceptance.dataImport(core.opened(new Hashers(NAME)))).register(core.rpc().methods());
        }
        TransferControl control = new TransferControl(Role.PROVIDER, core.deals(), journal, transfers::cancel, transfers::restart);
        TransferApi transferApi = api.register(Role.PROVIDER, journal, control);
        Settlements settlements = new Settlements(core.database().sql(), core.messages(), core.clock());
        money.api(api.json(), Role.PROVIDER, () -> List.of(miner), settlements).register(core.rpc().methods());
        new SectorApi(api.json(), miner, sectors, core.deals(), core.chain()).register(core.rpc().methods());
        SectorListApi sectorList = new SectorListApi(api.json(), sectors, sealing.engine());
        sectorList.register(core.rpc().methods());
        new SectorOperatorApi(api.json(), new SectorOperations(core.database().sql(), sectors, core.messages(), core.clock()))
                .register(core.rpc().methods());
        new UnsealApi(api.json(), sealing.unsealing()).register(core.rpc().methods());
        new AuditApi(api.json(), new DealAudit(core.deals(), Role.PROVIDER, core.chain(), sectors, core.clock())).register(core.rpc().methods());
        MinerDoctor doctor = new MinerDoctor(identity, core.chain(), core.host(), core.signer(),
                new Probe(core::strangersKey, core.clock()), SERVED, core.clock());
        observing.check(HealthCheck.needed("NET-01", "network", () -> doctor.glance().findings()))
                .check(HealthCheck.of("SEAL-01", "sealing", sealing::findings))
                .check(HealthCheck.of("RESTORE-01", "node", restored::findings))
                .money(money, () -> List.of(miner), () -> core.chain().accountKey(core.chain().minerInfo(miner).worker()));
        new HealthApi(api.json(), doctor, identity, live.of(now -> now.amount("miner.identity.max-fee")), observing.health()).register(core.rpc().methods());
        api.dashboard().miner(observing.health(), sectors, sectorList);
        sealing.api(api.json()).register(core.rpc().methods());

        Map<String, Object> beans = new HashMap<>(acceptance.beans(asks, worker, deadlines));
        beans.putAll(money.beans());
        ActiveDeals active = new ActiveDeals(core.database().sql(), Role.PROVIDER, core.clock());
        LookPace pace = new LookPace(live.of(now -> now.duration("miner.track.sweep")));
        FileAudit audit = new FileAudit(core.database().sql(), core.clock());
        Litter litter = new Litter(core.database().sql(), Role.PROVIDER);
        Removals removals = new Removals(audit, new TransferStore(core.database().sql()), litter, Role.PROVIDER);
        beans.put("janitor", new Janitor(new Janitor.Tools(litter, audit, removals, new Outbox(core.database().sql())),
                List.of(new Janitor.Place(core.subfolder("staging"), FileAudit.Kind.STAGING_ORPHAN, file -> false)),
                live.of(now -> new Janitor.Ages(now.duration("miner.janitor.age"), now.duration("miner.janitor.publications"),
                        now.duration("miner.janitor.moves"))),
                core.clock()));
        beans.put("activeWatch", new ActiveWatch(core.chain(), active, pace));
        beans.put("messageLane", core.lane());
        beans.put("minerIdentity", identity);
        beans.put("minerApi", new MinerApi(api.json(), api.shapes(),
                new MinerApi.Tools(miner, asks, core.deals(), journal, core.chain()), api.dealUpdates(), api.transferUpdates()));
        beans.put("askServer", new AskServer(asks, deadlines));
        beans.put("statusServer", new StatusServer(new ProviderDealStates(core.deals()), signatures, worker, deadlines));
        beans.put("transferServer", transfers);
        beans.put("transferWatcher", new TransferWatcher(journal, new TransferNotes(core.deals()),
                new TransferPatience(live.of(now -> now.duration("miner.deadline.transfer"))), live.of(now -> now.duration("miner.transfer.offline-delay")),
                core.clock()));
        beans.put("transferApi", transferApi);
        beans.put("transferCloser", new TransferCloser(journal, transfers::cancel));
        beans.put("pieceVerifier", new PieceVerifier(journal));
        beans.put("providerFunds", new ProviderFunds(core.chain(), funds));
        beans.put("dealPublisher", new DealPublisher(
                new DealPublisher.Tools(core.chain(), core.deals(), queue, core.lane(), core.watcher(), funds),
                new DealPublisher.Settings(publish, published, core.clock())));
        beans.put("publishRecheck", new PublishRecheck(core.chain(), core.deals(), core.watcher(), Role.PROVIDER,
                published, new PieceNumbers(core.database().sql())::change));
        beans.put("publishApi", new PublishApi(api.json(), new PublishDesk(miner, core.deals(), queue,
                new DealOperations(core.database().sql(), core.deals(), core.funds(), queue, core.clock()), () -> publish.get().period())));
        beans.put("sectorHandOff", new SectorHandOff(core.chain(), sectors, () -> publish.get().startBuffer(), core.clock()));
        beans.put("providerTracker", new ProviderTracker(core.chain(), sectors, active, pace, core.confidence(Confidence::state), core.clock()));
        beans.put("dealSettler", new DealSettler(new DealSettler.Tools(core.chain(), settlements, core.messages(), core.lane(),
                core.watcher()), miner, published));
        beans.put("stagingCleaner", new StagingCleaner(core.chain(), funds, queue, sectors, removals));
        return beans;
    }

    /** Our ask; the first one is made of the configured terms. */
    private AskKeeper asks(WorkerSigner worker) {
        Settings settings = core.settings();
        AskKeeper asks = new AskKeeper(core.chain(), new AskStore(core.database().sql(), core.clock()), worker, miner);
        if (asks.find(miner).isEmpty()) {
            long largest = settings.bytes("miner.ask.max-piece-size");
            asks.set(new AskKeeper.Terms(settings.amount("miner.ask.price"), settings.amount("miner.ask.verified-price"),
                    settings.number("miner.ask.duration", 1, Long.MAX_VALUE),
                    PaddedPieceSize.of(settings.bytes("miner.ask.min-piece-size")),
                    PaddedPieceSize.of(largest > 0 ? largest : core.chain().minerInfo(miner).sectorSize())));
        }
        return asks;
    }

    static MinerIdentity.Policy identityPolicy(Settings settings, boolean isDevnet) {
        String word = settings.text("miner.identity.publish");
        return new MinerIdentity.Policy(MinerIdentity.Publishing.of(word).orElseThrow(() ->
                settings.wrong("miner.identity.publish", "must be auto, ask or off")), settings.amount("miner.identity.max-fee"), isDevnet);
    }

    private static Deadlines sectorDeadlines(Settings settings) {
        return Deadlines.usual().withCoolDown(settings.duration("sealing.retry.wait"));
    }

    static PublishConfig publishing(Settings settings) {
        return new PublishConfig(settings.duration("miner.publish.period"), settings.integer("miner.publish.max", 1, 255),
                settings.number("miner.publish.start-buffer", 0, 100_000),
                settings.number("miner.publish.max-gas", 1, PublishConfig.BLOCK_GAS),
                settings.integer("miner.publish.tries", 1, 100), settings.duration("miner.publish.try-wait"));
    }
}
