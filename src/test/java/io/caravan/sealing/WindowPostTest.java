package io.caravan.sealing;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.chain.AddBalanceParams;
import io.caravan.chain.Chain;
import io.caravan.chain.HeadFeed;
import io.caravan.chain.LotusChain;
import io.caravan.chain.MessageLane;
import io.caravan.chain.MessageReceipt;
import io.caravan.chain.MessageWatcher;
import io.caravan.chain.Methods;
import io.caravan.chain.ProvingDeadline;
import io.caravan.chain.PublishStorageDealsParams;
import io.caravan.chain.PublishStorageDealsReturn;
import io.caravan.codec.Cid;
import io.caravan.devnet.ProofChecks;
import io.caravan.devnet.ProvingRules;
import io.caravan.devnet.Rules;
import io.caravan.model.DealLabel;
import io.caravan.model.DealProposal;
import io.caravan.model.Epoch;
import io.caravan.model.PaddedPieceSize;
import io.caravan.model.Sector;
import io.caravan.model.SectorEvent;
import io.caravan.model.SectorPiece;
import io.caravan.model.SectorStage;
import io.caravan.model.SectorState;
import io.caravan.model.SignedProposal;
import io.caravan.model.TokenAmount;
import io.caravan.piece.CommPStream;
import io.caravan.store.Backoff;
import io.caravan.store.Deadlines;
import io.caravan.store.MessageStore;
import io.caravan.store.PostgresMessageStore;
import io.caravan.store.PostgresSectorBatches;
import io.caravan.store.PostgresSectorStore;
import io.caravan.store.SectorStore;
import io.caravan.support.SettableClock;
import io.caravan.support.TestDevnet;
import io.caravan.support.TestPostgres;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A sector sealed for real, proven to a devnet that checks every part, and kept proven block after block. */
class WindowPostTest {

    private static final ProvingRules RULES = new ProvingRules(12, 6, 4, 14, 2, true);
    private static final long FAULT_LIMIT = 3 * RULES.period();
    private static final int PASSES = 400;

    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    @TempDir
    private Path home;

    private final SettableClock clock = SettableClock.at(Instant.parse("2026-01-01T00:00:00Z"));
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private TestDevnet devnet;
    private HeadFeed heads;
    private LotusChain chain;
    private PostgresSectorStore sectors;
    private PostgresMessageStore messages;
    private SealingTools tools;
    private WindowPost windows;
    private SectorFiles files;
    private long deal;

    @BeforeEach
    void open() throws Exception {
        POSTGRES.database().sql().write("test/empty", Map.of());
        devnet = TestDevnet.start(config -> config.withChecks(ProofChecks.vanilla())
                .withRules(Rules.mainnet().withProving(RULES).withFaultMaxAge(FAULT_LIMIT)));
        heads = new HeadFeed(devnet.client(), timer, () -> Duration.ofMillis(100));
        chain = new LotusChain(devnet.client(), heads);
        sectors = new PostgresSectorStore(POSTGRES.database().sql(), clock, "node", Deadlines.usual(),
                Backoff.usual(new Random(1)));
        messages = new PostgresMessageStore(POSTGRES.database().sql(), clock);
        files = new SectorFiles(home.resolve("sectors"));
        tools = new SealingTools(chain, sectors, new PostgresSectorBatches(POSTGRES.database().sql(), messages, clock), messages,
                new MessageLane(chain, messages, (address, bytes) -> TestDevnet.WORKER.sign(bytes)),
                new MessageWatcher(chain, messages), new JavaEngine(files, 1, SealingEngine.Progress.NONE),
                () -> SealingConfig.standard().withWaitDealsDelay(Duration.ZERO).withStartBuffer(10).withConfidence(0, 0), clock,
                SealingRooms.ample(POSTGRES, files, clock));
        windows = new WindowPost(TestDevnet.MINER, tools, new VanillaWindows(files));
        sectors.handOff(published());
        until(() -> sectors.count().getOrDefault(SectorState.PROVING, 0L) == 1);
    }

    @AfterEach
    void close() {
        heads.close();
        timer.shutdownNow();
        devnet.close();
    }

    @Test
    void keepsASealedSectorProvenByOneMessageAPeriod() {
        assertThat(chain.storageDeal(deal).orElseThrow().isActive()).isTrue();
        assertThat(only().proof().size()).as("the whole vanilla proof").isGreaterThan(10_000);
        pass(3 * RULES.period());

        assertThat(chain.faultySectors(TestDevnet.MINER)).isEmpty();
        assertThat(landed(Methods.MINER_SUBMIT_WINDOWED_POST)).hasSizeBetween(2, 3)
                .allSatisfy(message -> assertThat(message.path("Receipt").path("ExitCode").asLong()).isZero());
        assertThat(events()).doesNotContain(SectorEvent.FAULTED);
    }

    @Test
    void declaresADamagedSectorFaultySaysWhyAndRecoversItWhenItIsRepaired() throws IOException {
        byte[] replica = Files.readAllBytes(files.sealed(ref()));
        byte[] damaged = replica.clone();
        damaged[777] ^= 1;
        Files.write(files.sealed(ref()), damaged);
        until(() -> only().stage() == SectorStage.FAULTY);
        assertThat(only().message()).contains("the replica s-t01000-", "is damaged");
        assertThat(chain.faultySectors(TestDevnet.MINER)).containsExactly(only().number());
        assertThat(landed(Methods.MINER_DECLARE_FAULTS)).hasSize(1);

        pass(RULES.period());
        assertThat(only().stage()).isEqualTo(SectorStage.FAULTY);
        Files.write(files.sealed(ref()), replica);
        until(() -> only().stage() == SectorStage.COMPUTING);
        assertThat(landed(Methods.MINER_DECLARE_FAULTS_RECOVERED)).hasSize(1);
        assertThat(chain.faultySectors(TestDevnet.MINER)).isEmpty();
        assertThat(only().message()).isNull();
        pass(2 * RULES.period());
        assertThat(events()).containsOnlyOnce(SectorEvent.FAULTED, SectorEvent.RECOVERED);
    }

    @Test
    void losesASectorWhoseReplicaIsGoneAfterTheFaultLimitSoThatItsDealIsSlashed() throws IOException {
        Files.delete(files.sealed(ref()));
        until(() -> only().state() == SectorState.UNKNOWN);

        assertThat(events()).contains(SectorEvent.FAULTED, SectorEvent.TERMINATED);
        assertThat(chain.sector(TestDevnet.MINER, only().number())).isEmpty();
        assertThat(chain.storageDeal(deal)).as("slashed deals leave the market").isEmpty();
        assertThat(chain.terminatedDeals(Epoch.of(0), chain.head().epoch())).as("by the chain's clock, not by a message").isEmpty();
    }

    @Test
    void proofsThatDoNotLandMakeTheSectorFaultyAndItComesBack() {
        devnet.call("Devnet.FailNext", Map.of("method", Methods.MINER_SUBMIT_WINDOWED_POST), 16, 3);
        until(() -> only().stage() == SectorStage.FAULTY);
        assertThat(only().message()).isEqualTo("the chain has it as faulty");
        assertThat(landed(Methods.MINER_SUBMIT_WINDOWED_POST)).hasSizeGreaterThanOrEqualTo(3);

        until(() -> only().stage() == SectorStage.COMPUTING);
        assertThat(events()).containsSubsequence(SectorEvent.FAULTED, SectorEvent.RECOVERED);
    }

    @Test
    void triesAgainInTheSameDeadlineAfterAFailure() {
        devnet.call("Devnet.FailNext", Map.of("method", Methods.MINER_SUBMIT_WINDOWED_POST), 16, 1);
        pass(2 * RULES.period());

        assertThat(landed(Methods.MINER_SUBMIT_WINDOWED_POST).get(0).path("Receipt").path("ExitCode").asLong()).isEqualTo(16);
        assertThat(events()).doesNotContain(SectorEvent.FAULTED);
    }

    /** The row of the message, its signature, its way to the chain: a kill behind any of them, and the start after it. */
    @Test
    void aKillBehindAnyCallOfALookCostsNoProofAndSendsNoneTwice() {
        int calls = lived(Integer.MAX_VALUE);
        assertThat(calls).as("calls of a look that sends a proof").isGreaterThan(10);
        for (int point = 1; point <= calls; point++) {
            lived(point);
        }
        assertThat(chain.faultySectors(TestDevnet.MINER)).isEmpty();
    }

    /** One deadline in which the look that would send the proof is killed behind that call; how many calls it made. */
    private int lived(int killAfter) {
        ProvingDeadline open = opened();
        CountedCalls calls = new CountedCalls(killAfter);
        Chain mortal = calls.of(Chain.class, chain);
        MessageStore rows = calls.of(MessageStore.class, messages);
        SealingTools killed = new SealingTools(mortal, calls.of(SectorStore.class, sectors), tools.batches(), rows,
                new MessageLane(mortal, rows, (address, bytes) -> TestDevnet.WORKER.sign(bytes)), new MessageWatcher(mortal, rows),
                tools.engine(), tools.live(), clock, tools.room());
        try {
            new WindowPost(TestDevnet.MINER, killed, new VanillaWindows(files)).look();
        } catch (CountedCalls.Killed e) {
            tools.lane().resume(); // as a start does
        }
        while (chain.head().epoch().compareTo(open.close()) <= 0) {
            windows.look();
            devnet.mine(1);
        }
        List<Long> sent = new ArrayList<>();
        devnet.call("Devnet.Log", open.open().value()).forEach(entry -> {
            if (entry.path("Message").path("Message").path("Method").asLong() == Methods.MINER_SUBMIT_WINDOWED_POST) {
                sent.add(entry.path("Receipt").path("ExitCode").asLong());
            }
        });
        assertThat(sent).as("window proofs in the deadline whose look was killed behind call " + killAfter).containsExactly(0L);
        return calls.made();
    }

    /** Our sector's deadline, just opened. */
    private ProvingDeadline opened() {
        ProvingDeadline now = chain.provingDeadline(TestDevnet.MINER);
        long ours = 0;
        while (chain.provingPartitions(TestDevnet.MINER, ours).stream().noneMatch(one -> one.live().contains(only().number().value()))) {
            ours++;
        }
        long opening = now.periodStart().value() + ours * now.window();
        long ahead = opening - now.current().value();
        devnet.mine((int) (ahead > 0 ? ahead : ahead + now.provingPeriod()));
        return chain.provingDeadline(TestDevnet.MINER);
    }

    @Test
    void aJumpOfTheChainCostsNothing() {
        devnet.call("Devnet.Warp", devnet.height() + 100_000);
        pass(RULES.period());

        assertThat(events()).doesNotContain(SectorEvent.FAULTED);
        assertThat(chain.faultySectors(TestDevnet.MINER)).isEmpty();
    }

    private Sector only() {
        List<Sector> all = sectors.list(Set.of(), null, 10);
        assertThat(all).hasSize(1);
        return all.get(0);
    }

    private SectorRef ref() {
        return SectorRef.of(only());
    }

    private List<SectorEvent> events() {
        return sectors.events(only().number()).stream().map(move -> move.event()).toList();
    }

    private List<com.fasterxml.jackson.databind.JsonNode> landed(long method) {
        List<com.fasterxml.jackson.databind.JsonNode> found = new ArrayList<>();
        devnet.call("Devnet.Log", 0).forEach(entry -> {
            if (entry.path("Message").path("Message").path("Method").asLong() == method) {
                found.add(entry);
            }
        });
        return found;
    }

    private void until(java.util.function.BooleanSupplier condition) {
        for (int i = 0; i < PASSES; i++) {
            if (condition.getAsBoolean()) {
                return;
            }
            pass(1);
        }
        throw new AssertionError("not within " + PASSES + " blocks: " + sectors.list(Set.of(), null, 10));
    }

    /** So many blocks, and after each what the routes do. */
    private void pass(long blocks) {
        for (long i = 0; i < blocks; i++) {
            devnet.mine(1);
            clock.forward(Duration.ofSeconds(60));
            new SectorPacker(TestDevnet.MINER, tools).pack();
            new PieceWriter(tools).write();
            new SectorPacker(TestDevnet.MINER, tools).pack();
            new ProvenWatch(TestDevnet.MINER, tools).look();
            windows.look();
            new SealingPass(tools).run();
        }
    }

    /** A deal that is on chain, its data in a file. */
    private SectorPiece published() throws IOException {
        TokenAmount coins = TokenAmount.ofFil(10);
        devnet.mine(30);
        send(Methods.MARKET_ADD_BALANCE, coins, new AddBalanceParams(TestDevnet.CLIENT.address()).toCbor(), TestDevnet.CLIENT);
        send(Methods.MARKET_ADD_BALANCE, coins, new AddBalanceParams(TestDevnet.MINER).toCbor(), TestDevnet.WORKER);
        byte[] data = new byte[1500];
        new Random(5).nextBytes(data);
        Path file = Files.write(home.resolve("staged"), data);
        var piece = CommPStream.of(new ByteArrayInputStream(data));
        long start = devnet.height() + 3000;
        DealProposal terms = new DealProposal(piece.commP(), PaddedPieceSize.of(piece.size().bytes()), false,
                TestDevnet.CLIENT.address(), TestDevnet.MINER, DealLabel.ofText("kept"), Epoch.of(start),
                Epoch.of(start + 518_400), TokenAmount.ofAtto(10), chain.collateralBounds(piece.size(), false).min(),
                TokenAmount.ZERO);
        SignedProposal proposal = new SignedProposal(terms, TestDevnet.CLIENT.sign(terms.toCbor()));
        MessageReceipt receipt = send(Methods.MARKET_PUBLISH_STORAGE_DEALS, TokenAmount.ZERO,
                new PublishStorageDealsParams(List.of(proposal)).toCbor(), TestDevnet.WORKER);
        deal = PublishStorageDealsReturn.ofCbor(receipt.returned().toArray()).ids().get(0);
        return new SectorPiece(proposal.proposalCid(), deal, Cid.dagCborBlake2b(new byte[] {1}), terms.pieceCid(),
                terms.pieceSize(), file.toString(), data.length, terms.startEpoch(), terms.endEpoch(), false, clock.instant(),
                null, null, null, null);
    }

    private MessageReceipt send(long method, TokenAmount value, byte[] params, io.caravan.crypto.FilKey from) {
        MessageReceipt receipt = devnet.send(from, Methods.MARKET, value, method, params);
        assertThat(receipt.isOk()).isTrue();
        return receipt;
    }
}
