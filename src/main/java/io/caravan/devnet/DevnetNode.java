package io.caravan.devnet;

import io.caravan.codec.Bytes;
import io.caravan.crypto.FileKeystore;
import io.caravan.crypto.KeyType;
import io.caravan.crypto.Wallet;
import io.caravan.model.FilAddress;
import io.caravan.model.Network;
import io.caravan.rpc.ApiInfo;
import io.caravan.rpc.HttpPage;
import io.caravan.rpc.MethodTable;
import io.caravan.rpc.Permission;
import io.caravan.rpc.RpcServer;
import io.caravan.rpc.ServerConfig;
import io.caravan.rpc.Tokens;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The embedded chain as one thing to start and stop: opens or begins the chain in its database, serves it at {@code
 * /rpc/v0} and {@code /rpc/v1}, makes blocks. Its home folder holds the files {@code api} and {@code token} and the
 * keystore. A process that is killed goes on at its last complete block.
 *
 * <p>Which proofs it takes is said by {@link DevnetConfig#checks}; no other chain takes them.
 */
public final class DevnetNode implements AutoCloseable {

    private static final int STOP_SECONDS = 5;

    private final DevnetConfig config;
    private final DevnetStore store;
    private final Clock clock;
    private final Path home;
    private final SecureRandom random = new SecureRandom();
    private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(2, work -> {
        Thread thread = new Thread(work, "devnet-timer");
        thread.setDaemon(true);
        return thread;
    });
    private final Faults faults = new Faults();
    private final Map<String, HttpPage> pages = new ConcurrentHashMap<>();
    private LiveChain chain;
    private Ticker ticker;
    private MessageWaits waits;
    private RpcServer server;
    private FileKeystore keystore;
    private Tokens tokens;
    private MethodTable methods;

    /**
     * @param database empty or this devnet's own; the tables are made at start
     * @param home folder for {@code api}, {@code token} and {@code keystore}
     */
    public DevnetNode(DevnetConfig config, DataSource database, Clock clock, Path home) {
        this.config = config;
        this.store = new DevnetStore(database);
        this.clock = clock;
        this.home = home;
    }

    /** Opens the chain and answers calls when it returns; blocks come from then on. To be called once. */
    public void start() {
        store.migrate();
        keystore = new FileKeystore(home.resolve("keystore"));
        tokens = Tokens.ofSecret(keystore.jwtSecret(random).toArray());
        Wallet wallet = new Wallet(keystore, Network.TESTNET, random);
        chain = open(wallet);
        ticker = new Ticker(chain, timer);
        methods = methods(wallet);
        server = new RpcServer(ServerConfig.loopback(config.port()).at(config.host(), config.port()), methods,
                tokens,
                pages);
        server.start();
        ApiInfo.write(home, server.address(), token());
        ticker.interval(config.interval().toMillis());
    }

    /** What it answers, for callers in the same process. */
    public MethodTable methods() {
        return methods;
    }

    /** Answers plain HTTP below a path of its port. */
    public void serve(String prefix, HttpPage page) {
        pages.put(prefix, page);
    }

    /** From now on each tick of its clock gives the making of its block to that, which runs it before it returns, or leaves it. */
    public void tickBy(Consumer<Runnable> way) {
        ticker.by(way);
    }

    /** The rights of a token; IllegalArgumentException for one that is none of ours. */
    public Set<Permission> rights(String token) {
        return Set.copyOf(tokens.verify(token));
    }

    /** A token with all permissions. */
    public String token() {
        return tokens.issue(Permission.all());
    }

    /** Where the JSON-RPC listens. */
    public InetSocketAddress address() {
        return server.address();
    }

    /** The URL of {@code /rpc/v1}. */
    public URI endpoint() {
        return ApiInfo.parse("http://" + address().getAddress().getHostAddress() + ":" + address().getPort(), 1)
                .endpoint();
    }

    /** Why the chain makes no more blocks; empty while all is well. */
    public Optional<String> trouble() {
        return chain.stopReason();
    }

    /**
     * How the chain is, for those who watch it.
     *
     * @param height the epoch of the head
     * @param headAt the moment that the head is dated; quick blocks run ahead of the clock
     * @param waiting messages in the mempool
     * @param interval between two blocks of its clock; zero while that is stopped
     * @param trouble why the chain makes no more blocks; null while all is well
     */
    public record Standing(long height, Instant headAt, int waiting, Duration interval, @Nullable String trouble) {}

    /** How the chain is now. */
    public Standing standing() {
        Block head = chain.view().head();
        return new Standing(head.height(), Instant.ofEpochSecond(head.header().timestamp()), chain.pending().size(),
                Duration.ofMillis(ticker.ticks() ? ticker.millisPerEpoch() : 0), chain.stopReason().orElse(null));
    }

    /** The epoch of the head. */
    public long height() {
        return chain.view().head().height();
    }

    /** Stops making blocks and answering calls. May be called twice without harm. */
    public void stop() {
        if (ticker != null) {
            ticker.stop();
        }
        timer.shutdown();
        try {
            if (!timer.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
                timer.shutdownNow();
            }
        } catch (InterruptedException e) {
            timer.shutdownNow();
            Thread.currentThread().interrupt();
        }
        if (waits != null) {
            waits.close();
        }
        if (server != null) {
            server.close();
            ApiInfo.remove(home);
        }
    }

    @Override
    public void close() {
        stop();
    }

    private LiveChain open(Wallet wallet) {
        Optional<Bytes> stored = store.setting("seed");
        Bytes seed = stored.orElseGet(() -> GenesisMaker.randomSeed(random));
        if (stored.isEmpty()) {
            begin(wallet, seed);
        }
        long genesisSeconds = number("genesis-seconds");
        BlockMaker maker = new BlockMaker(new BlockMaker.Setting(config.rules(), config.checks(), GenesisMaker.MINER,
                genesisSeconds, config.blockDelaySeconds()), faults);
        ChainView view = new StateLoader(store).load(ChainView.empty(seed, store), config.blocksKept(),
                config.statesKept());
        return new LiveChain(store, config, maker, faults, view);
    }

    private void begin(Wallet wallet, Bytes seed) {
        FilAddress owner = config.genesis().owner();
        if (owner == null) {
            owner = wallet.defaultAddress().orElseGet(() -> wallet.generate(KeyType.SECP256K1));
        }
        FilAddress worker = config.genesis().worker();
        Draft draft = GenesisMaker.make(config.genesis(), owner, worker == null ? owner : worker);
        long now = clock.instant().getEpochSecond();
        BlockMaker maker = new BlockMaker(new BlockMaker.Setting(config.rules(), config.checks(), GenesisMaker.MINER,
                now,
                config.blockDelaySeconds()), faults);
        store.putSetting("genesis-seconds", Bytes.wrap(ByteBuffer.allocate(Long.BYTES).putLong(now).array()));
        store.begin(maker.genesis(seed, draft.state()), draft.changes(), seed);
    }

    private long number(String name) {
        return store.setting(name).map(bytes -> ByteBuffer.wrap(bytes.toArray()).getLong())
                .orElseThrow(() -> new IllegalStateException("the devnet's database has no setting " + name));
    }

    private MethodTable methods(Wallet wallet) {
        MethodTable table = new MethodTable();
        Shapes shapes = new Shapes();
        RpcFaults rpcFaults = new RpcFaults(timer);
        waits = new MessageWaits(chain, shapes);
        MessageCalls messages = new MessageCalls(chain, shapes, waits, new DryRun(chain, config.checks()));
        PoolCalls pool = new PoolCalls(chain, shapes, wallet, messages);
        new NodeCalls(shapes, chain, config, tokens, clock).register(table);
        new ChainCalls(chain, shapes).register(table);
        new EventCalls(chain, shapes).register(table);
        new StateCalls(chain, shapes, config, ticker).register(table);
        new MarketCalls(chain, shapes).register(table);
        new MinerCalls(chain, shapes).register(table);
        messages.register(table);
        pool.register(table);
        new WalletCalls(wallet, chain, shapes, pool).register(table);
        new FundCalls(chain, shapes, pool).register(table);
        new DevnetCalls(chain, shapes, faults, rpcFaults, ticker).register(table);
        return rpcFaults.around(table);
    }
}
