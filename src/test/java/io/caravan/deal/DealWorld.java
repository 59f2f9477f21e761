package io.caravan.deal;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.camel.DealComponent;
import io.caravan.camel.Libp2pComponent;
import io.caravan.chain.ChangeMultiaddrsParams;
import io.caravan.chain.ChangePeerIdParams;
import io.caravan.chain.HeadFeed;
import io.caravan.chain.LotusChain;
import io.caravan.chain.MessageLane;
import io.caravan.chain.MessageWatcher;
import io.caravan.chain.Methods;
import io.caravan.codec.Bytes;
import io.caravan.crypto.PrivKey;
import io.caravan.crypto.Signer;
import io.caravan.libp2p.Host;
import io.caravan.libp2p.Multiaddr;
import io.caravan.market.AskServer;
import io.caravan.market.DealClient;
import io.caravan.market.DealServer;
import io.caravan.market.MarketDeadlines;
import io.caravan.market.StatusClient;
import io.caravan.market.StatusServer;
import io.caravan.market.TransferClient;
import io.caravan.market.TransferServer;
import io.caravan.market.TransferSettings;
import io.caravan.model.DataRef;
import io.caravan.model.Deal;
import io.caravan.model.DealMove;
import io.caravan.model.DealState;
import io.caravan.model.PaddedPieceSize;
import io.caravan.model.Role;
import io.caravan.model.TokenAmount;
import io.caravan.node.api.ImportFolder;
import io.caravan.rpc.RpcClient;
import io.caravan.store.AcceptanceStore;
import io.caravan.store.AskStore;
import io.caravan.store.ContactStore;
import io.caravan.store.ActiveDeals;
import io.caravan.store.Litter;
import io.caravan.store.FileAudit;
import io.caravan.store.Backoff;
import io.caravan.store.Database;
import io.caravan.store.DatabaseAddress;
import io.caravan.store.Deadlines;
import io.caravan.store.DealStore;
import io.caravan.store.FundStore;
import io.caravan.store.ImportStore;
import io.caravan.store.FundRequests;
import io.caravan.store.PieceNumbers;
import io.caravan.store.PostgresDealStore;
import io.caravan.store.PostgresFundStore;
import io.caravan.store.PostgresMessageStore;
import io.caravan.store.PostgresSectorStore;
import io.caravan.store.PublishQueue;
import io.caravan.store.SectorStore;
import io.caravan.store.Settlements;
import io.caravan.store.Sql;
import io.caravan.store.TransferStore;
import io.caravan.support.TestDevnet;
import io.caravan.support.TestPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/** A daemon, a miner and a devnet in one JVM, wired as a node wires them; sealing is a stand-in that proves at once. */
final class DealWorld implements AutoCloseable {

    private static final Duration BOUND = Duration.ofSeconds(90);
    private static final Clock CLOCK = Clock.systemUTC();
    private static final Confidence CONFIDENCE = new Confidence(1, 1, 1);

    /** One role: what it keeps over a kill, and what it is while it runs. */
    final class Side implements AutoCloseable {
        private final DatabaseAddress address;
        private final PrivKey identity;
        private final Path home;
        private final Role role;
        private Database database;
        private Host host;
        private RpcClient rpc;
        private HeadFeed heads;
        private DefaultCamelContext camel;
        private PostgresDealStore deals;
        private PostgresMessageStore messages;
        private PostgresFundStore funds;
        private AutoCloseable transfers;
        private LotusChain chain;
        private MessageLane lane;

        Side(Role role) throws Exception {
            this.role = role;
            address = TestPostgres.fresh();
            identity = PrivKey.generate(new SecureRandom());
            home = Files.createTempDirectory("caravan-" + role.text());
        }

        void open(String listen, Signer signer) throws Exception {
            database = Database.open(address, role.text());
            Sql sql = database.sql();
            deals = new PostgresDealStore(sql, CLOCK, role.text(), Deadlines.usual(),
                    new Backoff(Duration.ofMillis(200), Duration.ofSeconds(2), new Random(1)));
            messages = new PostgresMessageStore(sql, CLOCK);
            funds = new PostgresFundStore(sql, messages, CLOCK);
            rpc = new RpcClient(devnet.endpoint(), devnet.token());
            heads = new HeadFeed(rpc, timer, Duration.ofMillis(500));
            chain = new LotusChain(rpc, heads);
            host = Host.builder().key(identity).clock(CLOCK).listen(listen).agent("caravan/test").start();
            lane = new MessageLane(chain, messages, signer);
            camel = new DefaultCamelContext();
            camel.disableJMX();
            camel.getShutdownStrategy().setTimeout(2);
        }

        void routes() throws Exception {
            deals.reclaim();
            deals.restart(role);
            lane.resume();
            String folder = role == Role.CLIENT ? "daemon" : "miner";
            camel.addComponent("deal", new DealComponent(deals, CLOCK, role));
            camel.addComponent("libp2p", new Libp2pComponent(host));
            bind("messageLane", lane);
            Properties delays = new Properties();
            camel.getPropertiesComponent().setInitialProperties(delays);
            try (Stream<Path> found = Files.list(Path.of("routes", folder))) {
                List<Path> files = found.filter(file -> !file.getFileName().toString().startsWith("1-")).sorted()
                        .toList();
                for (Path file : files) {
                    Matcher key = Pattern.compile("\\{\\{([^}]+)}}").matcher(Files.readString(file));
                    while (key.find()) {
                        delays.setProperty(key.group(1), "200ms");
                    }
                }
                load("routes/errors.camel.yaml");
                for (Path file : files) {
                    load(file.toString());
                }
            }
            camel.start();
        }

        private void load(String file) throws Exception {
            PluginHelper.getRoutesLoader(camel)
                    .loadRoutes(ResourceHelper.fromString(file, Files.readString(Path.of(file))));
        }

        void bind(String name, Object bean) {
            camel.getRegistry().bind(name, bean);
        }

        DealStore deals() {
            return deals;
        }

        FundStore funds() {
            return funds;
        }

        /** A deal that this side has not heard of yet is waited for, too. */
        private void exists(Deal deal, Role as) {
            CountDownLatch tick = new CountDownLatch(1);
            try {
                for (int i = 0; i < 600 && deals.find(deal.proposalCid(), as).isEmpty(); i++) {
                    tick.await(100, TimeUnit.MILLISECONDS);
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        Deal awaited(Deal deal, Role as, DealState state) {
            exists(deal, as);
            return deals.await(deal.proposalCid(), as, now -> now.state() == state || now.isFinal(), BOUND)
                    .filter(now -> now.state() == state)
                    .orElseThrow(() -> new AssertionError(as + " not " + state + ": "
                            + deals.find(deal.proposalCid(), as) + history(deal, as)));
        }

        /** Until the deal has been in that state, whatever it is in by now. */
        void awaitedAtLeast(Deal deal, Role as, DealState state) {
            exists(deal, as);
            deals.await(deal.proposalCid(), as, now -> now.isFinal() || deals.events(deal.proposalCid(), as).stream()
                    .map(DealMove::to).anyMatch(state::equals), BOUND)
                    .orElseThrow(() -> new AssertionError("never " + state));
        }

        private String history(Deal deal, Role as) {
            StringBuilder lines = new StringBuilder();
            deals.events(deal.proposalCid(), as).forEach(move -> lines.append('\n').append(move));
            return lines.toString();
        }

        /** Everything stops at once: nothing is given back, nothing is finished. */
        void kill() throws Exception {
            host.close();
            database.close();
            close();
        }

        @Override
        public void close() throws Exception {
            camel.stop();
            transfers.close();
            host.close();
            heads.close();
            rpc.close();
            database.close();
        }
    }

    private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(3);
    private final Duration batch;
    private final TestDevnet devnet;
    private final Side daemon;
    private final Side miner;
    private DealStarter starter;
    private ImportFolder imports;
    private StandInSealer sealer;
    private String listen = "/ip4/127.0.0.1/tcp/0";

    private DealWorld(Duration batch) throws Exception {
        this.batch = batch;
        devnet = TestDevnet.start();
        daemon = new Side(Role.CLIENT);
        miner = new Side(Role.PROVIDER);
    }

    /** @param batch how long a publish batch stays open */
    static DealWorld start(Duration batch) throws Exception {
        DealWorld world = new DealWorld(batch);
        world.devnet.mine(3);
        world.openMiner(true);
        world.openDaemon();
        world.timer.scheduleWithFixedDelay(() -> world.devnet.mine(1), 100, 100, TimeUnit.MILLISECONDS);
        return world;
    }

    Side daemon() {
        return daemon;
    }

    Side miner() {
        return miner;
    }

    private void openMiner(boolean isFirst) throws Exception {
        Signer signer = (address, bytes) -> TestDevnet.WORKER.sign(bytes);
        miner.open(listen, signer);
        if (isFirst) {
            Multiaddr at = miner.host.listenAddresses().get(0);
            listen = at.withoutPeer().toString();
            onChain(Methods.MINER_CHANGE_PEER_ID,
                    new ChangePeerIdParams(Bytes.of(miner.host.peerId().toBytes())).toCbor());
            onChain(Methods.MINER_CHANGE_MULTIADDRS,
                    new ChangeMultiaddrsParams(List.of(Bytes.of(at.withoutPeer().toBytes()))).toCbor());
        }
        Sql sql = miner.database.sql();
        SectorStore sectors = new PostgresSectorStore(sql, CLOCK, "miner", Deadlines.usual(),
                Backoff.usual(new Random(2)));
        TransferRows journal = new TransferRows(new TransferStore(sql));
        WorkerSigner answers = new WorkerSigner(miner.chain, signer, TestDevnet.MINER, CLOCK);
        AskKeeper asks = new AskKeeper(miner.chain, new AskStore(sql, CLOCK), answers, TestDevnet.MINER);
        if (isFirst) {
            asks.set(new AskKeeper.Terms(TokenAmount.ofAtto(500_000_000), TokenAmount.ofAtto(50_000_000), 1_000_000,
                    PaddedPieceSize.of(256), PaddedPieceSize.of(2048)));
        }
        MessageWatcher watcher = new MessageWatcher(miner.chain, miner.messages);
        FundReserver reserver = reserver(miner, watcher, signer);
        PublishQueue queue = new PublishQueue(sql, miner.messages, CLOCK);
        ChainSignatures verifier = new ChainSignatures(miner.chain);
        TransferServer transfers = new TransferServer(miner.host, new PushedDeals(miner.deals), journal,
                TransferSettings.DEFAULT, CLOCK);
        miner.transfers = transfers;
        Path staging = Files.createDirectories(miner.home.resolve("staging"));
        AcceptanceStore accepted = new AcceptanceStore(sql, CLOCK);
        Admission admission = new Admission(miner.chain, accepted, TestDevnet.MINER, QuotaConfig.standard(),
                () -> 1L << 40, CLOCK);
        miner.deals.accompany(admission);
        miner.bind("admission", admission);
        miner.bind("dealFilter", new DealFilter(
                new DealFilter.Tools(miner.chain, accepted, sectors, TestDevnet.MINER, () -> 1L << 40),
                new DealFilter.Config(Optional.empty(), Duration.ofSeconds(10), 0), CLOCK));
        miner.bind("proposalRules", new ProposalRules(
                new ProposalRules.Tools(miner.chain, asks, TestDevnet.MINER, accepted, () -> 0),
                AcceptConfig.standard().withSealTime(Duration.ZERO), CLOCK));
        miner.bind("transferWatcher", new TransferWatcher(journal, new TransferNotes(miner.deals),
                new TransferPatience(Duration.ofHours(24)), CLOCK));
        miner.bind("pieceVerifier", new PieceVerifier(journal));
        miner.bind("providerFunds", new ProviderFunds(miner.chain, reserver));
        miner.bind("dealPublisher", new DealPublisher(
                new DealPublisher.Tools(miner.chain, miner.deals, queue, miner.lane, watcher, reserver),
                new DealPublisher.Settings(new PublishConfig(batch, 8, 0), CONFIDENCE.publish(), CLOCK)));
        miner.bind("janitor", janitor(miner));
        miner.bind("activeWatch", new ActiveWatch(miner.chain, active(miner), new LookPace(Duration.ofSeconds(1))));
        miner.bind("publishRecheck", new PublishRecheck(miner.chain, miner.deals, watcher, Role.PROVIDER,
                CONFIDENCE.publish(), new PieceNumbers(sql)::change));
        miner.bind("sectorHandOff", new SectorHandOff(miner.chain, sectors, 0, CLOCK));
        miner.bind("providerTracker", new ProviderTracker(miner.chain, sectors, active(miner),
                new LookPace(Duration.ofSeconds(1)), CONFIDENCE.state(), CLOCK));
        miner.bind("dealSettler", new DealSettler(new DealSettler.Tools(miner.chain,
                new Settlements(sql, miner.messages, CLOCK), miner.messages, miner.lane, watcher), TestDevnet.MINER,
                CONFIDENCE.publish()));
        miner.bind("stagingCleaner", new StagingCleaner(miner.chain, reserver, queue, sectors, removals(miner)));
        miner.bind("askServer", new AskServer(asks, MarketDeadlines.DEFAULT));
        miner.bind("dealServer", new DealServer(new ProposalDesk(miner.deals, staging, Duration.ofSeconds(60), CLOCK),
                answers,
                MarketDeadlines.DEFAULT));
        miner.bind("statusServer", new StatusServer(new ProviderDealStates(miner.deals), verifier, answers,
                MarketDeadlines.DEFAULT));
        miner.bind("transferServer", transfers);
        miner.routes();
        transfers.resume();
        sealer = new StandInSealer(miner.chain, sectors, miner.lane, timer);
    }

    private static FundReserver reserver(Side side, MessageWatcher watcher, Signer signer) {
        FundKeeper keeper = new FundKeeper(new FundKeeper.Tools(side.chain, side.funds,
                new FundRequests(side.database.sql(), side.messages, CLOCK), side.messages, side.lane, watcher,
                new FundMarket(side.chain, side.deals, signer)), FundKeeper.Ceiling.NONE, CONFIDENCE.funds(), CLOCK);
        side.bind("fundKeeper", keeper);
        side.bind("fundDesk", new FundDesk(keeper, CLOCK));
        side.bind("fundCheck", new FundCheck(keeper));
        return new FundReserver(keeper, CONFIDENCE.funds(), CLOCK);
    }

    private void openDaemon() throws Exception {
        Signer signer = (address, bytes) -> TestDevnet.CLIENT.sign(bytes);
        daemon.open("/ip4/127.0.0.1/tcp/0", signer);
        Sql sql = daemon.database.sql();
        TransferRows journal = new TransferRows(new TransferStore(sql));
        imports = new ImportFolder(daemon.home.resolve("imports"), new ImportStore(sql), Runnable::run, 1, CLOCK);
        ChainSignatures verifier = new ChainSignatures(daemon.chain);
        MessageWatcher watcher = new MessageWatcher(daemon.chain, daemon.messages);
        FundReserver reserver = reserver(daemon, watcher, signer);
        RemoteStates remote = new RemoteStates(daemon.chain,
                new StatusClient(daemon.host, verifier, MarketDeadlines.DEFAULT), signer,
                new RemoteStates.Pace(Duration.ofMillis(200), Duration.ofMinutes(10)), (proposalCid, since) -> false, CLOCK);
        TransferClient transfers = new TransferClient(daemon.host,
                new PushOrderRows(daemon.deals, daemon.chain, imports), journal,
                TransferSettings.DEFAULT, CLOCK);
        daemon.transfers = transfers;
        starter = new DealStarter(new ProposalBuilder(daemon.chain, imports, signer), daemon.deals, CLOCK);
        daemon.bind("clientFunds", new ClientFunds(reserver));
        daemon.bind("dealProposer", new DealProposer(daemon.chain,
                new DealClient(daemon.host, verifier, MarketDeadlines.DEFAULT),
                new ContactStore(daemon.database.sql(), CLOCK), CLOCK));
        daemon.bind("dataSender", new DataSender(transfers::push, journal, remote, new TransferNotes(daemon.deals),
                new TransferPatience(Duration.ofHours(24)), CLOCK));
        daemon.bind("acceptanceCheck", new AcceptanceCheck(daemon.chain, remote, CLOCK));
        daemon.bind("publishRecheck", new PublishRecheck(daemon.chain, daemon.deals, watcher, Role.CLIENT,
                CONFIDENCE.publish(), PublishRecheck.Numbers.NOBODY));
        daemon.bind("publishCheck", new PublishCheck(daemon.chain, watcher, reserver, CONFIDENCE.publish(), CLOCK));
        daemon.bind("janitor", janitor(daemon));
        daemon.bind("activeWatch", new ActiveWatch(daemon.chain, active(daemon), new LookPace(Duration.ofSeconds(1))));
        daemon.bind("clientTracker", new ClientTracker(daemon.chain, remote, active(daemon),
                new LookPace(Duration.ofSeconds(1)), CONFIDENCE.state(), CLOCK));
        daemon.bind("clientCleaner", new ClientCleaner(reserver));
        daemon.bind("transferClient", transfers);
        daemon.routes();
        transfers.resume();
    }

    void killMiner() throws Exception {
        sealer.close();
        miner.kill();
        openMiner(false);
    }

    void killDaemon() throws Exception {
        daemon.kill();
        openDaemon();
    }

    Deal propose(int bytes) throws Exception {
        return propose(bytes, 953);
    }

    Deal proposeBelowTheAsk(int bytes) throws Exception {
        return propose(bytes, 952);
    }

    private Deal propose(int bytes, long price) throws Exception {
        byte[] data = new byte[bytes];
        new Random(bytes).nextBytes(data);
        Path file = Files.write(daemon.home.resolve("data-" + bytes), data);
        var root = imports.add(file, false).payloadCid();
        return starter.start(new DealRequest(DataRef.graphsync(root), TestDevnet.CLIENT.address(), TestDevnet.MINER,
                TokenAmount.ofAtto(price), 518_400, null, null, false, false));
    }

    void awaitActive(Deal deal) {
        daemon.awaited(deal, Role.CLIENT, DealState.ACTIVE);
        miner.awaited(deal, Role.PROVIDER, DealState.ACTIVE);
    }

    /**
     * One AddBalance for one need, every deal published once: what the two sides sent is what landed, and all of it
     * worked.
     */
    void requireSentOnce() {
        for (Side side : List.of(daemon, miner)) {
            side.lane.resume();
            assertThat(side.messages.live().stream().map(message -> message.intent().key())
                    .filter(key -> !key.startsWith("pre-commit/") && !key.startsWith("prove/")))
                    .as("messages of " + side.role + " still on their way").isEmpty();
        }
        TokenAmount escrow = daemon.chain.marketBalance(TestDevnet.CLIENT.address()).escrow();
        TokenAmount needed = daemon.deals.list(Role.CLIENT, Set.of(), null, 100).stream()
                .map(deal -> deal.proposal().proposal().clientBalanceRequirement())
                .reduce(TokenAmount.ZERO, TokenAmount::plus);
        assertThat(escrow).isEqualTo(needed);
        assertThat(daemon.chain.storageDeal(daemon.deals.list(Role.CLIENT, Set.of(), null, 100).size() + 1000L))
                .isEmpty();
    }

    private void onChain(long method, byte[] params) {
        assertThat(devnet.send(TestDevnet.WORKER, TestDevnet.MINER, TokenAmount.ZERO, method, params).isOk()).isTrue();
    }

    @Override
    public void close() {
        try {
            timer.shutdown();
            timer.awaitTermination(5, TimeUnit.SECONDS);
            sealer.close();
            daemon.close();
            miner.close();
            devnet.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static ActiveDeals active(Side side) {
        return new ActiveDeals(side.database.sql(), side.role, CLOCK);
    }


    private static Removals removals(Side side) {
        Sql sql = side.database.sql();
        return new Removals(new FileAudit(sql, CLOCK), new TransferStore(sql), new Litter(sql, side.role), side.role);
    }

    private static Janitor janitor(Side side) {
        Sql sql = side.database.sql();
        return new Janitor(new Janitor.Tools(new Litter(sql, side.role), new FileAudit(sql, CLOCK), removals(side)), List.of(),
                Duration.ofHours(1), CLOCK);
    }

}
