package io.caravan.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.codec.Cid;
import io.caravan.devnet.DevnetConfig;
import io.caravan.model.DealProposal;
import io.caravan.model.DealState;
import io.caravan.model.FilAddress;
import io.caravan.model.ModelJson;
import io.caravan.model.Network;
import io.caravan.model.SignedAsk;
import io.caravan.model.SignedProposal;
import io.caravan.model.StorageAsk;
import io.caravan.model.TokenAmount;
import io.caravan.node.NodeHome;
import io.caravan.node.OneRole;
import io.caravan.rpc.ApiInfo;
import io.caravan.store.DatabaseAddress;
import io.caravan.support.Await;
import io.caravan.support.FreePort;
import io.caravan.support.TestPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A devnet, a miner and a daemon as they ship, in one JVM, with quick epochs, on a real PostgreSQL, and with every wire
 * between them in the test's hands. This is where the conformance scenarios run (deal-lifecycle §15).
 *
 * <p>How to write one:
 * <pre>{@code
 * class TransferScenariosIT {
 *     static World world;                                       // one a class; deals may run at the same time in it
 *
 *     @BeforeAll static void start() { world = World.with().set("miner.ask.price", "500000000 attoFIL").start(); }
 *     @AfterAll static void end() { world.close(); }
 *
 *     @Test @DisplayName("S062 a link cut for two seconds costs no block")
 *     void cutLink() {
 *         world.libp2p().throttle(500_000);                     // slow enough to be met in the middle
 *         String deal = world.deal(3_000_000);                  // imports a fresh file, starts a deal: its proposal CID
 *         world.await(world.miner(), deal, TRANSFERRING);       // was in that state (or is past it on its path)
 *         world.libp2p().cut();  …  world.libp2p().restore();
 *         world.awaitActive(deal);
 *         world.checkG(deal);                                   // ends every scenario: I1 and all the rest of G
 *     }
 * }
 * }</pre>
 *
 * <ul>
 * <li>Deals: {@link #deal(int)}, or {@link #imported} and {@link #start(Offer)} with the {@link Offer} as you want it.
 *     As a stranger, with any proposal, signature or bytes: {@link #foreign()}.
 * <li>Sides: {@link #daemon()} and {@link #miner()} answer {@link Side#call real JSON-RPC}, {@link Side#state},
 *     {@link Side#path} (states visited), {@link Side#events}, {@link Side#message}, {@link Side#count SQL},
 *     {@link Side#files}; {@link Side#restart(Map) restart with other settings}, {@link Side#kill} as a kill -9 would.
 *     {@link #shown} is what the daemon shows callers, {@link #shownSoFar} all it ever showed.
 * <li>Wires: {@link #libp2p()} (daemon and strangers to miner), {@link Side#chain()}, {@link Side#database()}; each a
 *     {@link Link} to cut, restore, drop, hold, delay, throttle, bounce or corrupt. Restore what you broke.
 * <li>Chain: {@link #chain()} mines, warps, gives coins, calls {@code Devnet.*} faults, tells what landed.
 * <li>Settings: those of {@code on-devnet.properties}, quicker still ({@link WorldBuilder#QUICK}), asks and escrows zero;
 *     change any by {@link WorldBuilder#set}. Provider collateral is 1 % as the chain's rules say unless changed.
 * </ul>
 */
final class World implements AutoCloseable {

    /** The least epochs of a deal on the chain. */
    static final long DURATION = 518_400;
    /** How far ahead a deal starts, in epochs. */
    static final long START_AHEAD = 23_040;

    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final int LOG_TAIL = 16_000;
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final Path root;
    private final WorldChain chain;
    private final Side daemon;
    private final Side miner;
    private final Link libp2p;
    private final List<Link> links = new ArrayList<>();
    private final ShownStates shown;
    private final ObjectMapper mapper = ModelJson.newMapper(Network.TESTNET);
    private final AtomicInteger files = new AtomicInteger();
    private final FilAddress minerAddress;

    World(Map<String, String> settings, DevnetConfig config) {
        int number = NUMBER.incrementAndGet();
        try {
            root = Files.createTempDirectory("caravan-world");
            OneRole.log(new NodeHome(root));
            chain = new WorldChain(Files.createDirectories(root.resolve("chain")), config);
            int port = FreePort.take();
            libp2p = link(Link.to("libp2p", port));
            Map<String, String> all = new LinkedHashMap<>(settings);
            all.put("miner.libp2p.port", Integer.toString(port));
            all.put("miner.libp2p.announce", "/ip4/127.0.0.1/tcp/" + libp2p.port());
            miner = side("miner", number, all);
            daemon = side("daemon", number, all);
            CompletableFuture<Void> first = CompletableFuture.runAsync(miner::start);
            daemon.start();
            first.join();
            minerAddress = FilAddress.parse(miner.call("ActorAddress").asText());
            Await.until("the chain tells where the miner is", LIMIT, () -> !chain.reads().minerInfo(minerAddress).multiaddrs().isEmpty());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        shown = new ShownStates(daemon);
    }

    /** Everything usual, to be changed before {@link WorldBuilder#start}. */
    static WorldBuilder with() {
        return new WorldBuilder();
    }

    private Side side(String name, int number, Map<String, String> settings) throws IOException {
        DatabaseAddress rows = TestPostgres.fresh("world_" + number + "_" + name);
        Link database = link(Link.to(name + "-db", portOf(rows)));
        Link toChain = link(Link.to(name + "-chain", chain.port()));
        NodeHome home = new NodeHome(Files.createDirectories(root.resolve(name)));
        ApiInfo.write(home.folder("devnet", ""), toChain.address(), chain.token());
        Map<String, String> own = new LinkedHashMap<>(settings);
        own.put("caravan.db.url", "jdbc:postgresql://127.0.0.1:" + database.port() + "/world_" + number);
        own.put("caravan.db.user", rows.user());
        own.put("caravan.db.password", rows.password());
        return new Side(name, home, own, rows, toChain, database, libp2p);
    }

    private Link link(Link link) {
        links.add(link);
        return link;
    }

    private static int portOf(DatabaseAddress address) {
        return Integer.parseInt(address.url().replaceAll(".*:(\\d+)/.*", "$1"));
    }

    Side daemon() {
        return daemon;
    }

    Side miner() {
        return miner;
    }

    WorldChain chain() {
        return chain;
    }

    /** The wire that every dial of the miner goes over. */
    Link libp2p() {
        return libp2p;
    }

    /** Kills the chain's node as by kill -9, and lets it go on at its last block; every role finds it again. */
    void killChain() {
        stopChain();
        startChain();
    }

    void stopChain() {
        chain.stop();
        daemon.chain().drop();
        miner.chain().drop();
    }

    void startChain() {
        chain.start();
        daemon.chain().retarget(chain.port());
        miner.chain().retarget(chain.port());
    }

    /** Our miner's ID address. */
    FilAddress minerAddress() {
        return minerAddress;
    }

    /** The daemon's default wallet. */
    FilAddress wallet() {
        return FilAddress.parse(daemon.call("WalletDefaultAddress").asText());
    }

    /** What the miner asks now. */
    StorageAsk ask() {
        return mapper.convertValue(miner.call("MarketGetAsk"), SignedAsk.class).ask();
    }

    /** Asks that much per GiB and epoch from now on, for plain and verified deals. */
    void setAsk(TokenAmount price, TokenAmount verified) {
        miner.call("MarketSetAsk", price.atto().toString(), verified.atto().toString(), 1_000_000L, 256L, 8L << 20);
    }

    /** The proposal as the daemon signed it. */
    DealProposal proposal(String deal) {
        return SignedProposal.ofCbor(HexFormat.of().parseHex(daemon.value("SELECT encode(proposal, 'hex') FROM deal"
                + " WHERE role = 'client' AND proposal_cid = '" + deal + "'"))).proposal();
    }

    /** Both names of an account: its key and its ID. */
    Set<FilAddress> names(FilAddress account) {
        return new HashSet<>(List.of(account, chain.reads().lookupId(account).orElse(account)));
    }

    /** A stranger with 10 FIL in escrow. */
    ForeignClient foreign() {
        return new ForeignClient(this, TokenAmount.ofFil(10));
    }

    /** A stranger with that much in escrow. */
    ForeignClient foreign(TokenAmount escrow) {
        return new ForeignClient(this, escrow);
    }

    /** A fresh file of so many bytes that no deal has had. */
    Path file(int bytes) {
        return WorldFiles.file(root.resolve("file-" + files.incrementAndGet() + ".bin"), bytes, files.get());
    }

    /** Imports a file; returns its root. */
    Cid imported(Path file) {
        return importedAs(file, false);
    }

    /** Imports a CAR file, which may have been made by {@link #car}. */
    Cid importedCar(Path car) {
        return importedAs(car, true);
    }

    private Cid importedAs(Path file, boolean isCar) {
        JsonNode answer = daemon.call("ClientImport", Map.of("Path", file.toString(), "IsCAR", isCar));
        return Cid.parse(answer.path("Root").path("/").asText());
    }

    /** A CAR file with a DAG of that many leaves of so many bytes each. */
    Path car(int leaves, int leafBytes) {
        return WorldFiles.car(root.resolve("dag-" + files.incrementAndGet() + ".car"), leaves, leafBytes, files.get());
    }

    /** Imports a fresh file of so many bytes and starts an online deal for it; returns the proposal CID. */
    String deal(int bytes) {
        return start(Offer.of(imported(file(bytes))));
    }

    /** Starts a deal by ClientStartDeal; returns the proposal CID. A refusal comes out as a CliException. */
    String start(Offer offer) {
        long size = offer.pieceCid() == null
                ? daemon.call("ClientDealSize", Map.of("/", offer.root().toString())).path("PieceSize").asLong()
                : offer.pieceSize() / 127 * 128;
        StorageAsk ask = ask();
        TokenAmount perGib = offer.isVerified() ? ask.verifiedPrice() : ask.price();
        return daemon.call("ClientStartDeal", offer.toJson(minerAddress.toString(), wallet().toString(),
                priceAt(perGib, size), chain.height() + START_AHEAD)).path("/").asText();
    }

    /** The least price an epoch that satisfies an ask, rounded up. */
    static TokenAmount priceAt(TokenAmount perGib, long paddedSize) {
        return TokenAmount.ofAtto(io.caravan.node.cli.DealVerb.pricePerEpoch(perGib.atto(), paddedSize));
    }

    /** What the daemon shows callers for the deal now. */
    DealState shown(String proposal) {
        return DealState.ofCode(daemon.call("ClientGetDealInfo", Map.of("/", proposal)).path("State").asLong());
    }

    /** All that the daemon has shown for the deal, each change once, as seen by somebody who looks every 20 ms. */
    List<DealState> shownSoFar(String proposal) {
        return shown.of(proposal);
    }

    /** Waits until the deal is in that state at that side, or has been in it; fails at once when it has ended otherwise. */
    void await(Side side, String proposal, DealState state) {
        Await.until(() -> state + " at the " + side.name() + "\n" + story(proposal) + logTail(), LIMIT, () -> {
            DealState now = side.state(proposal);
            if (now == null) {
                return false;
            }
            boolean isThere = now == state || side.path(proposal).contains(state);
            if (!isThere && now.isFinal()) {
                throw new AssertionError("ended without " + state + " at the " + side.name() + "\n" + story(proposal) + logTail());
            }
            return isThere;
        });
    }

    /** The same on both sides at once. */
    void awaitBoth(String proposal, DealState state) {
        await(daemon, proposal, state);
        await(miner, proposal, state);
    }

    void awaitActive(String... proposals) {
        for (String proposal : proposals) {
            awaitBoth(proposal, DealState.ACTIVE);
        }
    }

    /** Waits until the deal has failed on both sides, and cleaned up. */
    void awaitError(String... proposals) {
        for (String proposal : proposals) {
            awaitBoth(proposal, DealState.ERROR);
        }
    }

    /** The global check, for these deals and everything the two sides hold; waits until it holds. */
    void checkG(String... proposals) {
        new GlobalCheck(this).await(LIMIT, proposals);
    }

    /** Both sides' view of a deal, for a failure's message. */
    String story(String proposal) {
        return daemon.story(proposal) + miner.story(proposal);
    }

    /** The end of everybody's log. */
    String logTail() {
        try {
            String log = Files.readString(root.resolve("log").resolve("world.log"));
            return log.substring(Math.max(0, log.length() - LOG_TAIL));
        } catch (IOException e) {
            return "no log: " + e.getMessage();
        }
    }

    /** A folder for a test's own files. */
    Path root() {
        return root;
    }

    @Override
    public void close() {
        shown.close();
        daemon.close();
        miner.close();
        chain.close();
        links.forEach(Link::close);
        try (Stream<Path> all = Files.walk(root)) {
            all.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
