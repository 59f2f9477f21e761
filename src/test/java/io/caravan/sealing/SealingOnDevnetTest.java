package io.caravan.sealing;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.camel.SectorComponent;
import io.caravan.chain.AddBalanceParams;
import io.caravan.chain.HeadFeed;
import io.caravan.chain.LotusChain;
import io.caravan.chain.MessageLane;
import io.caravan.chain.MessageReceipt;
import io.caravan.chain.MessageWatcher;
import io.caravan.chain.Methods;
import io.caravan.chain.PublishStorageDealsParams;
import io.caravan.chain.PublishStorageDealsReturn;
import io.caravan.codec.Cid;
import io.caravan.crypto.FilKey;
import io.caravan.model.DealLabel;
import io.caravan.model.DealProposal;
import io.caravan.model.Epoch;
import io.caravan.model.PaddedPieceSize;
import io.caravan.model.Sector;
import io.caravan.model.SectorPiece;
import io.caravan.model.SectorState;
import io.caravan.model.SignedProposal;
import io.caravan.model.TokenAmount;
import io.caravan.piece.CommPStream;
import io.caravan.store.Backoff;
import io.caravan.store.Deadlines;
import io.caravan.store.PostgresMessageStore;
import io.caravan.store.PostgresSectorBatches;
import io.caravan.store.PostgresSectorStore;
import io.caravan.store.QuartzDatabase;
import io.caravan.support.TestDevnet;
import io.caravan.support.TestPostgres;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.camel.component.quartz.QuartzComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The real route files, the real store and a devnet that makes a block each 200 ms: pieces become proven sectors. */
class SealingOnDevnetTest {

    private static final Duration BOUND = Duration.ofSeconds(60);
    private static final List<Integer> DEALS = List.of(1016, 500, 500, 127, 1016, 250, 254, 2032);

    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    @TempDir
    private Path home;

    private final Clock clock = Clock.systemUTC();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private TestDevnet devnet;
    private HeadFeed heads;
    private LotusChain chain;
    private PostgresSectorStore sectors;
    private PostgresMessageStore messages;
    private DefaultCamelContext context;
    private final List<Cid> handed = new ArrayList<>();

    @BeforeEach
    void open() {
        POSTGRES.database().sql().write("test/empty", Map.of());
        devnet = TestDevnet.start(config -> config.withInterval(Duration.ofMillis(200)));
        heads = new HeadFeed(devnet.client(), timer, () -> Duration.ofMillis(200));
        chain = new LotusChain(devnet.client(), heads);
        sectors = new PostgresSectorStore(POSTGRES.database().sql(), clock, "node", Deadlines.usual(),
                Backoff.usual(new Random(1)));
        messages = new PostgresMessageStore(POSTGRES.database().sql(), clock);
    }

    @AfterEach
    void close() {
        if (context != null) {
            context.stop();
        }
        heads.close();
        timer.shutdownNow();
        devnet.close();
    }

    @Test
    void sealsHandedPiecesUntilTheirDealsAreActive() throws Exception {
        List<SectorPiece> pieces = published();
        pieces.forEach(sectors::handOff);
        start(config());
        List<SectorPiece> placed = awaitProving();
        for (SectorPiece piece : placed) {
            assertThat(chain.storageDeal(piece.dealId()).orElseThrow().isActive()).isTrue();
            assertThat(chain.sector(TestDevnet.MINER, piece.sector())).isPresent();
            assertThat(piece.written()).isNotNull();
        }
        for (Sector sector : sectors.list(Set.of(), null, 100)) {
            assertThat(sector.redos()).isZero();
            assertThat(messages.find("sector/" + TestDevnet.MINER + "/" + sector.number() + "/pre-commit/0"))
                    .isPresent();
            assertThat(messages.find("sector/" + TestDevnet.MINER + "/" + sector.number() + "/prove-commit/0"))
                    .isPresent();
        }
    }

    /** The devnet's actors take them, several sectors a message. */
    @Test
    void sectorsShareTheirMessages() throws Exception {
        published().forEach(sectors::handOff);
        BatchConfig together = new BatchConfig(3, Duration.ofSeconds(3), 10);
        start(config().withMaxPieces(1).withMaxOpen(10).withSending(new SendConfig(together, together, TokenAmount.ZERO)));
        for (SectorPiece piece : awaitProving()) {
            assertThat(chain.storageDeal(piece.dealId()).orElseThrow().isActive()).isTrue();
        }
        List<Sector> all = sectors.list(Set.of(), null, 100);
        for (Function<Sector, Sector.Sent> step : List.<Function<Sector, Sector.Sent>>of(Sector::preCommit, Sector::prove)) {
            List<String> keys = all.stream().map(step).map(Sector.Sent::intent).toList();
            assertThat(Set.copyOf(keys)).as("messages").hasSizeLessThan(all.size()).anySatisfy(key -> assertThat(key).contains("/batch/"));
        }
        assertThat(all).allSatisfy(sector -> assertThat(sector.redos()).isZero());
    }

    private static SealingConfig config() {
        return SealingConfig.standard().withWaitDealsDelay(Duration.ZERO).withStartBuffer(10).withConfidence(2, 2);
    }

    private void start(SealingConfig config) throws Exception {
        MessageLane lane = new MessageLane(chain, messages, (address, bytes) -> TestDevnet.WORKER.sign(bytes));
        PlaceholderEngine engine = new PlaceholderEngine(new SectorFiles(home), SealingEngine.Progress.NONE);
        SealingTools tools = new SealingTools(chain, sectors, new PostgresSectorBatches(POSTGRES.database().sql(), messages, clock),
                messages, lane, new MessageWatcher(chain, messages),
                engine, () -> config, clock, SealingRooms.ample(POSTGRES, new SectorFiles(home), clock));
        var settings = new Properties();
        try (var in = Files.newBufferedReader(Path.of("config/sealing.properties"))) {
            settings.load(in);
        }
        for (String key : List.of("sealing.landing.delay", "sealing.seed.delay", "sealing.proving.delay")) {
            settings.setProperty(key, "200ms");
        }
        context = new DefaultCamelContext();
        context.disableJMX();
        context.getPropertiesComponent().setInitialProperties(settings);
        var quartz = new QuartzComponent();
        quartz.setProperties(QuartzDatabase.properties(POSTGRES.database().dataSource(), "test"));
        context.addComponent("quartz", quartz);
        context.addComponent("sector", new SectorComponent(sectors, clock));
        SealingBeans.of(TestDevnet.MINER, tools, new VanillaWindows(new SectorFiles(home))).forEach((name, bean) -> context.getRegistry().bind(name, bean));
        load(Path.of("routes/errors.camel.yaml"));
        try (Stream<Path> files = Files.list(Path.of("routes/sealing"))) {
            for (Path file : files.sorted().filter(file -> !file.endsWith("8-lotus.camel.yaml")).toList()) {
                load(file); // a Lotus miner would take the place of the others
            }
        }
        context.start();
    }

    private void load(Path file) throws Exception {
        PluginHelper.getRoutesLoader(context).loadRoutes(ResourceHelper.fromString(file.toString(),
                Files.readString(file)));
    }

    private List<SectorPiece> awaitProving() throws InterruptedException {
        var moved = new Semaphore(0);
        long deadline = System.nanoTime() + BOUND.toNanos();
        try (var subscription = sectors.onMove(move -> moved.release())) {
            while (System.nanoTime() < deadline) {
                List<SectorPiece> placed = all();
                boolean isDone = placed.stream().allMatch(piece -> piece.sector() != null
                        && sectors.find(piece.sector()).orElseThrow().state() == SectorState.PROVING);
                if (isDone) {
                    return placed;
                }
                moved.tryAcquire(500, TimeUnit.MILLISECONDS);
            }
        }
        throw new AssertionError("not proven in time: " + sectors.list(Set.of(), null, 100));
    }

    private List<SectorPiece> all() {
        return handed.stream().map(cid -> sectors.pieceOf(cid).orElseThrow()).toList();
    }

    /** Deals that are on chain, each with its data in a file. */
    private List<SectorPiece> published() throws Exception {
        TokenAmount coins = TokenAmount.ofFil(10);
        assertOk(Methods.MARKET_ADD_BALANCE, coins, new AddBalanceParams(TestDevnet.CLIENT.address()).toCbor(),
                TestDevnet.CLIENT);
        assertOk(Methods.MARKET_ADD_BALANCE, coins, new AddBalanceParams(TestDevnet.MINER).toCbor(), TestDevnet.WORKER);
        List<SignedProposal> proposals = new ArrayList<>();
        List<Path> files = new ArrayList<>();
        Random random = new Random(7);
        long head = devnet.height();
        for (int i = 0; i < DEALS.size(); i++) {
            byte[] data = new byte[DEALS.get(i)];
            random.nextBytes(data);
            Path file = Files.write(home.resolve("staged-" + i), data);
            var piece = CommPStream.of(new ByteArrayInputStream(data));
            DealProposal terms = new DealProposal(piece.commP(), PaddedPieceSize.of(piece.size().bytes()), false,
                    TestDevnet.CLIENT.address(), TestDevnet.MINER, DealLabel.ofText("deal " + i), Epoch.of(head + 3000),
                    Epoch.of(head + 3000 + 518_400), TokenAmount.ofAtto(10), chain.collateralBounds(piece.size(),
                    false).min(),
                    TokenAmount.ZERO);
            proposals.add(new SignedProposal(terms, TestDevnet.CLIENT.sign(terms.toCbor())));
            files.add(file);
        }
        MessageReceipt receipt = assertOk(Methods.MARKET_PUBLISH_STORAGE_DEALS, TokenAmount.ZERO,
                new PublishStorageDealsParams(proposals).toCbor(), TestDevnet.WORKER);
        List<Long> ids = PublishStorageDealsReturn.ofCbor(receipt.returned().toArray()).ids();
        List<SectorPiece> pieces = new ArrayList<>();
        for (int i = 0; i < proposals.size(); i++) {
            SignedProposal proposal = proposals.get(i);
            DealProposal terms = proposal.proposal();
            handed.add(proposal.proposalCid());
            pieces.add(new SectorPiece(proposal.proposalCid(), ids.get(i), Cid.dagCborBlake2b(new byte[] {1}),
                    terms.pieceCid(),
                    terms.pieceSize(), files.get(i).toString(), DEALS.get(i), terms.startEpoch(), terms.endEpoch(),
                    true,
                    clock.instant(), null, null, null, null));
        }
        return pieces;
    }

    private MessageReceipt assertOk(long method, TokenAmount value, byte[] params, FilKey from)
            throws InterruptedException {
        Cid cid = devnet.push(devnet.signed(from, Methods.MARKET, value, method, params));
        long deadline = System.nanoTime() + BOUND.toNanos();
        while (chain.search(cid).isEmpty()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("message " + cid + " did not land");
            }
            new CountDownLatch(1).await(100, TimeUnit.MILLISECONDS);
        }
        MessageReceipt receipt = chain.search(cid).orElseThrow().receipt();
        assertThat(receipt.isOk()).isTrue();
        return receipt;
    }
}
