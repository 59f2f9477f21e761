package io.caravan.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.zaxxer.hikari.HikariDataSource;
import io.caravan.chain.Chain;
import io.caravan.chain.HeadFeed;
import io.caravan.chain.LotusChain;
import io.caravan.chain.MarketDeal;
import io.caravan.devnet.DevnetConfig;
import io.caravan.devnet.DevnetNode;
import io.caravan.model.FilAddress;
import io.caravan.model.ModelJson;
import io.caravan.model.Network;
import io.caravan.model.TokenAmount;
import io.caravan.rpc.RpcClient;
import io.caravan.store.DatabaseAddress;
import io.caravan.support.Await;
import io.caravan.support.ChainFacts;
import io.caravan.support.TestPool;
import io.caravan.support.TestPostgres;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** The devnet of a {@link World}: a real one with quick epochs, and its controls. */
final class WorldChain implements AutoCloseable {

    private static final Duration LANDING = Duration.ofSeconds(60);

    private final DatabaseAddress database = TestPostgres.empty();
    private final Path home;
    private final DevnetConfig config;
    private final ObjectMapper mapper = ModelJson.newMapper(Network.TESTNET);
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "world-heads");
        thread.setDaemon(true);
        return thread;
    });
    private DevnetNode node;
    private HikariDataSource rows;
    private RpcClient client;
    private HeadFeed heads;
    private Chain chain;

    WorldChain(Path home, DevnetConfig config) {
        this.home = home;
        this.config = config;
        open();
    }

    private void open() {
        rows = TestPool.of(database);
        node = new DevnetNode(config, rows, Clock.systemUTC(), home);
        node.start();
        client = new RpcClient(node.endpoint(), node.token());
        heads = new HeadFeed(client, timer, () -> Duration.ofMillis(100));
        chain = new LotusChain(client, heads);
    }

    /** Stops the chain; it writes nothing at its end, and so is as good as killed. */
    void stop() {
        heads.close();
        client.close();
        node.stop();
        rows.close();
    }

    /** Opens it again on what it had, at another port. */
    void start() {
        open();
    }

    int port() {
        return node.address().getPort();
    }

    String token() {
        return node.token();
    }

    /** The chain as a node reads it, past all links. */
    Chain reads() {
        return chain;
    }

    /** One call, such as {@code call("Devnet.TerminateSector", miner, 0)}; values of the model are shaped as Lotus does. */
    JsonNode call(String method, Object... params) {
        Object[] shaped = java.util.Arrays.stream(params)
                .map(param -> param == null || param instanceof JsonNode ? param : mapper.valueToTree(param)).toArray();
        return client.call(method.contains(".") ? method : "Filecoin." + method, shaped);
    }

    long height() {
        return node.height();
    }

    /** Makes so many blocks at once. */
    void mine(int count) {
        call("Devnet.Mine", count);
    }

    /** From now on a block comes that often; zero stops the clock, then only {@link #mine} makes blocks. */
    void interval(Duration epoch) {
        call("Devnet.SetInterval", epoch.toMillis());
    }

    /** Crosses long times to that height at once. */
    void warp(long epoch) {
        call("Devnet.Warp", epoch);
    }

    void awaitHeight(long epoch) {
        Await.until("height " + epoch + ", at " + height(), LANDING, () -> height() >= epoch);
    }

    /** Gives coins, and waits until they are there. */
    void faucet(FilAddress address, TokenAmount amount) {
        TokenAmount before = chain.walletBalance(address);
        call("Devnet.Faucet", address, amount.atto().toString());
        Await.until("the faucet's coins for " + address, LANDING, () -> chain.walletBalance(address).isMoreThan(before));
    }

    /** Makes somebody a verified client with so many bytes more, and waits until the chain says so. */
    void grantDatacap(FilAddress client, long bytes) {
        BigInteger wanted = chain.verifiedDatacap(client).orElse(BigInteger.ZERO).add(BigInteger.valueOf(bytes));
        call("Devnet.GrantDatacap", client, bytes);
        Await.until("the datacap of " + client, LANDING, () -> chain.verifiedDatacap(client).equals(Optional.of(wanted)));
    }

    /** Fills an escrow from the devnet's own wallet, and waits until it is there. */
    void fillEscrow(FilAddress address, TokenAmount amount) {
        TokenAmount wanted = chain.marketBalance(address).escrow().plus(amount);
        call("MarketAddBalance", call("WalletDefaultAddress"), address, amount.atto().toString());
        Await.until("the escrow of " + address, LANDING, () -> !chain.marketBalance(address).escrow().isLessThan(wanted));
    }

    /** What landed from that height on. */
    ChainFacts facts(long since) {
        return ChainFacts.since(from -> call("Devnet.Log", from), since);
    }

    /** The market actor's row of a deal; empty when it has none (any more). */
    Optional<MarketDeal> deal(long dealId) {
        return chain.storageDeal(dealId);
    }

    /** Which messages a fault is about: {@code match(f05, 4)}. */
    static Map<String, Object> match(FilAddress to, long method) {
        return Map.of("to", to.toString(), "method", method);
    }

    @Override
    public void close() {
        stop();
        timer.shutdownNow();
    }
}
