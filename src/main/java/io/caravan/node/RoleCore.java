package io.caravan.node;

import io.caravan.camel.Feeds;
import io.caravan.camel.LiveContext;
import io.caravan.chain.Chain;
import io.caravan.chain.HeadTime;
import io.caravan.chain.LaneRecovery;
import io.caravan.chain.LotusSigner;
import io.caravan.chain.MessageLane;
import io.caravan.chain.MessageWatcher;
import io.caravan.crypto.Keystore;
import io.caravan.crypto.PrivKey;
import io.caravan.crypto.Signer;
import io.caravan.crypto.Wallet;
import io.caravan.deal.Confidence;
import io.caravan.libp2p.PeerFilter;
import io.caravan.libp2p.Host;
import io.caravan.model.Network;
import io.caravan.node.api.NetBlockApi;
import io.caravan.node.backup.AfterRestore;
import io.caravan.node.config.Live;
import io.caravan.node.config.LiveSettings;
import io.caravan.node.config.Settings;
import io.caravan.node.hawtio.HawtioPage;
import io.caravan.node.hawtio.PortVisitors;
import io.caravan.node.swap.SettingsWatch;
import io.caravan.store.Backoff;
import io.caravan.store.Database;
import io.caravan.store.MoveFeeds;
import io.caravan.store.NetBlocks;
import io.caravan.store.PostgresDealStore;
import io.caravan.store.PostgresFundStore;
import io.caravan.store.PostgresMessageStore;
import io.caravan.store.PublishQueue;
import io.caravan.store.SentMessages;
import io.caravan.store.SettingStore;
import io.caravan.store.RouteBook;
import io.caravan.time.Timeline;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What daemon and miner have in common: keystore, database with its stores, the way to the chain, the libp2p host and the
 * JSON-RPC port. Parts are closed in the reverse order of their making.
 */
final class RoleCore implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RoleCore.class);

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final String role;
    private final NodeHome home;
    private final Path folder;
    private final LiveSettings live;
    private final Settings settings;
    private final Ground ground;
    private final Timeline timeline;
    private final Clock clock;
    private final Keystore keystore;
    private final Wallet wallet;
    private final Database database;
    private final ChainLink link;
    private final HeadTime time;
    private final Network network;
    private final Backoff backoff;
    private final String node;
    private final Signer signer;
    private final PostgresDealStore deals;
    private final PostgresFundStore funds;
    private final PostgresMessageStore messages;
    private final MessageLane lane;
    private final MessageWatcher watcher;
    private final NetBlockApi.Lists blocks;
    private final Live<List<NetBlocks.Line>> denied;
    private final Live<List<NetBlocks.Line>> allowed;
    private final Live<Confidence> confidence;
    private final Host host;
    private final RpcPort rpc;
    private final StoppedRoutes stops;

    /** Opens everything but the JSON-RPC port, which the role opens when it is ready. */
    RoleCore(String role, NodeHome home, Settings settings, RoleDatabases databases, Ground ground) {
        this.role = role;
        this.stops = new StoppedRoutes(role);
        this.home = home;
        this.folder = home.folder(role, "");
        this.live = new LiveSettings(settings);
        this.settings = live.atStart();
        this.ground = ground;
        this.timeline = ground.timeline();
        this.clock = timeline.clock();
        try {
            CompletableFuture<Database> opening = CompletableFuture.supplyAsync(() -> databases.open(role)); // beside the chain
            parts.push(() -> closeWhenOpen(opening));
            keystore = Keystores.unlocked(home, role, this.settings);
            ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
                    work -> new Thread(work, role + "-timer"));
            parts.push(timer::shutdownNow);
            link = opened(new ChainLink(role, home, live, timer, ground));
            time = opened(new HeadTime(link.chain()));
            network = NodeApi.network(link.chain().networkParams().isMainnet());
            wallet = new Wallet(keystore, network, ground.keys());
            database = joined(opening);
            signer = chosenSigner();
            backoff = new Backoff(live.of(CoreSettings::retries), ground.chance());
            node = NodeName.of(folder, ground.keys());
            deals = new PostgresDealStore(database.sql(), timeline, node, live.of(DeadlineSettings::of), backoff);
            messages = new PostgresMessageStore(database.sql(), clock);
            funds = new PostgresFundStore(database.sql(), messages, live.of(now -> CoreSettings.ceiling(now, role)), clock);
            lane = new MessageLane(link.chain(), messages, signer, live.of(CoreSettings::fees));
            watcher = new MessageWatcher(link.chain(), messages);
            denied = live.of(now -> CoreSettings.peers(now, role + ".libp2p.deny"));
            allowed = live.of(now -> CoreSettings.peers(now, role + ".libp2p.allow"));
            blocks = new NetBlockApi.Lists(new NetBlocks(database.sql(), clock), NetBlocks.allowed(database.sql(), clock),
                    denied, allowed, new PeerFilter());
            live.of(LogFile::format).onChange(LogFile::use);
            confidence = live.of(now -> CoreSettings.confidence(now, role));
            host = opened(RoleHost.start(role, this.settings, ground, PeerIdentity.of(keystore, ground.keys()), blocks.read()));
            rpc = opened(new RpcPort(role, folder, live, keystore, database.sql(), clock));
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private static Database joined(CompletableFuture<Database> opening) {
        try {
            return opening.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private static void closeWhenOpen(CompletableFuture<Database> opening) {
        opening.exceptionally(failure -> null).thenAccept(database -> {
            if (database != null) {
                database.close();
            }
        }).join();
    }

    Path folder() {
        return folder;
    }

    /**
     * What is to be done first when the rows come from a backup.
     *
     * @param queue of deals to publish; empty at a daemon
     */
    AfterRestore afterRestore(Optional<PublishQueue> queue) {
        return new AfterRestore(new AfterRestore.Tools(chain(), new LaneRecovery(chain(), messages, new SentMessages(database.sql()), signer),
                deals, queue, new SettingStore(database.sql(), clock)));
    }

    /** Takes over what was sent after the backup that this database comes from, if it comes from one; nothing may be sent before. */
    void reconcile(Optional<PublishQueue> queue) {
        afterRestore(queue).run(Stream.concat(wallet.list().stream(), new SentMessages(database.sql()).senders().stream())
                .distinct().filter(signer::has).toList());
    }

    /** A folder of the role's, made if it is not there. */
    Path subfolder(String name) {
        return home.folder(role, name);
    }

    /** One of the depths at which things count for this role, by {@code <role>.confidence.*}. */
    LongSupplier confidence(ToLongFunction<Confidence> which) {
        return () -> which.applyAsLong(confidence.get());
    }

    /** As they were at the start: for what is decided once. */
    Settings settings() {
        return settings;
    }

    /** As they are: for all else. */
    LiveSettings live() {
        return live;
    }

    Ground ground() {
        return ground;
    }

    Timeline timeline() {
        return timeline;
    }

    Clock clock() {
        return clock;
    }

    Keystore keystore() {
        return keystore;
    }

    /** How often the tables are looked at for what other nodes moved. */
    Supplier<Duration> look() {
        return live.of(now -> now.duration("caravan.look.every"));
    }

    /** The components that run routes at moments, by name. */
    Map<String, Object> clocks() {
        return ground.clocks(settings, database.dataSource(), node);
    }

    /** What routes that tell others of moves need, by name. */
    Map<String, Object> feeds() {
        return Map.of(Feeds.NAME, new Feeds(new MoveFeeds(database.sql(), clock, node), time));
    }

    /** Which letter addresses are printed with. */
    Network network() {
        return network;
    }

    Backoff backoff() {
        return backoff;
    }

    /** The name under which this process holds leases; the same after a restart. */
    String node() {
        return node;
    }

    /** An identity for a host that shall be nobody in particular. */
    PrivKey strangersKey() {
        return PrivKey.generate(ground.keys());
    }

    Wallet wallet() {
        return wallet;
    }

    Signer signer() {
        return signer;
    }

    Database database() {
        return database;
    }

    ChainLink link() {
        return link;
    }

    Chain chain() {
        return link.chain();
    }

    /** The chain's time as last heard. */
    HeadTime time() {
        return time;
    }

    PostgresDealStore deals() {
        return deals;
    }

    PostgresFundStore funds() {
        return funds;
    }

    PostgresMessageStore messages() {
        return messages;
    }

    MessageLane lane() {
        return lane;
    }

    MessageWatcher watcher() {
        return watcher;
    }

    /** {@code daemon} or {@code miner}. */
    String role() {
        return role;
    }

    /** Whom the host keeps away, as rows and as the host goes by it. */
    NetBlockApi.Lists blocks() {
        return blocks;
    }

    /** Hears when the settings have other lists of peers. */
    void onPeers(Runnable heard) {
        denied.onChange(lines -> heard.run());
        allowed.onChange(lines -> heard.run());
    }

    /** Somebody asks for this process to end. */
    void endAsked() {
        ground.endAsked(role);
    }

    Host host() {
        return host;
    }

    RpcPort rpc() {
        return rpc;
    }

    /**
     * Follows the files of settings.
     *
     * @param check throws a ConfigException for values that cannot be used together
     */
    SettingsWatch settingsWatch(Consumer<Settings> check) {
        return new SettingsWatch(role, live, routeBook(), check);
    }

    /** Which of the role's routes are stopped. */
    StoppedRoutes stops() {
        return stops;
    }

    /** What of this node's routes ran and runs. */
    RouteBook routeBook() {
        return new RouteBook(database.sql(), node, clock);
    }

    /** Shows those routes at {@code /hawtio/} of the role's port, and says of deals which of them are stopped. */
    void showRoutes(RoutesContext routes) {
        LiveContext camel = routes.camel();
        stops.watch(camel, routes.desk());
        rpc.serve(HawtioPage.PREFIX, opened(new HawtioPage(role, camel, new PortVisitors(rpc.login(),
                live.of(now -> now.duration("caravan.session.idle").toSeconds())::get)).telling(camel.halts()::asked)));
    }

    /** Remembers a part to be closed before all that were opened earlier. */
    <T extends AutoCloseable> T opened(T part) {
        parts.push(part);
        return part;
    }

    /** Ends as a killed process does: nothing more is written, and what was being done is found half done. */
    void abandon() {
        database.close();
        close();
    }

    @Override
    public void close() {
        while (!parts.isEmpty()) {
            AutoCloseable part = parts.pop();
            try {
                part.close();
            } catch (Exception e) {
                LOG.warn("{}: {} did not close cleanly", role, part.getClass().getSimpleName(), e);
            }
        }
    }

    private Signer chosenSigner() {
        return switch (settings.text("chain.signer")) {
            case "local" -> wallet;
            case "lotus" -> new LotusSigner(link.client());
            default -> throw settings.wrong("chain.signer", "must be local or lotus");
        };
    }
}
