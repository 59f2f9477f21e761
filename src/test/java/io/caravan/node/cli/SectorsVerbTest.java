package io.caravan.node.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.model.FatalException;
import io.caravan.model.FilAddress;
import io.caravan.model.ModelJson;
import io.caravan.model.Network;
import io.caravan.model.RetryableException;
import io.caravan.model.Sector;
import io.caravan.model.SectorEvent;
import io.caravan.model.SectorNumber;
import io.caravan.model.SectorStage;
import io.caravan.model.SectorState;
import io.caravan.model.WaitsOn;
import io.caravan.node.NodeHome;
import io.caravan.node.api.ApiErrors;
import io.caravan.node.api.ApiJson;
import io.caravan.node.api.SealingRoomApi;
import io.caravan.node.api.SectorApi;
import io.caravan.node.api.SectorListApi;
import io.caravan.node.api.SectorOperatorApi;
import io.caravan.rpc.ApiInfo;
import io.caravan.rpc.MethodTable;
import io.caravan.rpc.Permission;
import io.caravan.rpc.RpcServer;
import io.caravan.rpc.ServerConfig;
import io.caravan.rpc.Tokens;
import io.caravan.sealing.JavaEngine;
import io.caravan.sealing.Need;
import io.caravan.sealing.SealProof;
import io.caravan.sealing.SealStep;
import io.caravan.sealing.SealTokens;
import io.caravan.sealing.SealingDisk;
import io.caravan.sealing.SealingEngine;
import io.caravan.sealing.SealingProgress;
import io.caravan.sealing.SealingRoom;
import io.caravan.sealing.SectorFiles;
import io.caravan.sealing.SectorRef;
import io.caravan.store.Backoff;
import io.caravan.store.Deadlines;
import io.caravan.store.DiskReservations;
import io.caravan.store.PostgresMessageStore;
import io.caravan.store.PostgresSectorStore;
import io.caravan.store.SectorOperations;
import io.caravan.store.SectorStore;
import io.caravan.support.FakeChain;
import io.caravan.support.SettableClock;
import io.caravan.support.TestPostgres;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What {@code ./caravan sectors} tells, from the rows to the terminal. */
@Tag("db")
@Timeout(60)
class SectorsVerbTest {

    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    private static final FilAddress MINER = FilAddress.ofId(1000);
    private static final String SENTENCE = "Sectors are sealed by this program: replicas are real, but the commit proof (C2) is a declared devnet "
            + "proof that no other chain accepts.";

    @TempDir
    private Path home;

    private final SettableClock clock = SettableClock.at(Instant.parse("2026-01-01T12:00:00Z"));
    private final SectorStore sectors = new PostgresSectorStore(POSTGRES.database().sql(), clock, "node", Deadlines.usual(),
            Backoff.usual(new Random(1)));
    private final SealingProgress progress = new SealingProgress(clock);
    private final SealTokens tokens = new SealTokens(() -> new SealTokens.Sizes(2, 1 << 28), clock);
    private long free = 1L << 40;
    private RpcServer server;

    @BeforeEach
    void start() {
        POSTGRES.database().sql().write("test/empty", Map.of());
        SealingEngine engine = new JavaEngine(new SectorFiles(home), 1, progress);
        MethodTable methods = new MethodTable();
        methods.errors(new ApiErrors());
        new SectorListApi(new ApiJson(Network.TESTNET), sectors,
                new SectorListApi.Engine("java", engine.notice().orElseThrow(), progress)).register(methods);
        SectorFiles files = new SectorFiles(home);
        SealingDisk disk = new SealingDisk(new DiskReservations(POSTGRES.database().sql(), clock), files, () -> free,
                () -> new SealingDisk.Limits(0, 0));
        new SectorApi(new ApiJson(Network.TESTNET), MINER, sectors, POSTGRES.deals(clock, "node"), FakeChain.at(1)).register(methods);
        new SectorOperatorApi(new ApiJson(Network.TESTNET), new SectorOperations(POSTGRES.database().sql(), sectors,
                new PostgresMessageStore(POSTGRES.database().sql(), clock), clock)).register(methods);
        new SealingRoomApi(new ApiJson(Network.TESTNET), new SealingRoom(tokens, disk), 60_000).register(methods);
        Tokens secret = Tokens.ofSecret(new byte[32]);
        server = new RpcServer(ServerConfig.loopback(0), methods, secret, Map.of(), ModelJson.module(Network.TESTNET));
        server.start();
        ApiInfo.write(new NodeHome(home).folder("miner", ""), server.address(), secret.issue(Arrays.asList(Permission.values())));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private String say(String... more) {
        List<String> line = new java.util.ArrayList<>(List.of("sectors", "--home", home.toString()));
        line.addAll(List.of(more));
        return run(line);
    }

    private static String run(List<String> line) {
        var out = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(out, true, StandardCharsets.UTF_8),
                false);
        assertThat(Cli.run(terminal, line.toArray(String[]::new))).isZero();
        return out.toString(StandardCharsets.UTF_8);
    }

    private JsonNode json() throws IOException {
        return new ObjectMapper().readTree(say("--json"));
    }

    private SectorNumber sector(SectorEvent... way) {
        SectorNumber number = sectors.open(MINER, 5, null).number();
        sectors.signal(number, one -> one, way);
        return number;
    }

    @Test
    void theCommitProofIsSaidToBeADevnetsInOneSentenceAlsoBeforeThereIsASector() throws IOException {
        assertThat(say()).startsWith("no sectors yet\n\nSealing has 0 of 2 cpu").endsWith("\n\n" + SENTENCE + "\n");
        assertThat(json().path("notice").asText()).isEqualTo(SENTENCE);
        sector(SectorEvent.PACKED);
        assertThat(say()).endsWith("\n\n" + SENTENCE + "\n");
        assertThat(json().path("engine").asText()).isEqualTo("java");
    }

    @Test
    void aSectorShowsHowFarItsComputationIs() throws IOException {
        SectorNumber number = sector(SectorEvent.PACKED);
        SectorRef ref = new SectorRef(MINER, number, SealProof.SEAL_2K);
        progress.at(ref, "layer-1", 43, 100);
        assertThat(say()).contains("PreCommitPhase1: labels, layer 1 of 2, 43 %");
        assertThat(json().path("sectors").get(0).path("progress").path("text").asText()).isEqualTo("labels, layer 1 of 2");
        progress.at(ref, "layer-2", 100, 100);
        assertThat(say()).doesNotContain("layer");
        progress.at(ref, "tree-c", 1, 100);
        clock.forward(Duration.ofMinutes(1));
        assertThat(say()).as("what was silent for long was broken off").doesNotContain("tree");
    }

    @Test
    void faultyWaitingAndParkedSectorsSayWhy() throws IOException {
        SectorNumber faulty = sector(SectorEvent.PACKED, SectorEvent.PRE_COMMIT_1_DONE, SectorEvent.PRE_COMMIT_LANDED, SectorEvent.SEED_READY,
                SectorEvent.COMMIT_1_DONE, SectorEvent.PROVE_LANDED, SectorEvent.FINALIZED);
        sectors.signal(faulty, one -> one.withStage(SectorStage.FAULTY).withMessage("the replica s-t01000-0 is damaged"), SectorEvent.FAULTED);
        SectorNumber waiting = sector(SectorEvent.PACKED);
        sectors.signal(waiting, one -> one.waitingFor(WaitsOn.CHAIN, "the pre-commit to land", clock.instant()));
        SectorNumber parked = sector(SectorEvent.PACKED, SectorEvent.PRE_COMMIT_1_DONE);
        sectors.park(sectors.claim(SectorState.PRE_COMMIT_PHASE_2, null, 1, Duration.ofMinutes(1)).get(0), new FatalException("its disk is gone"));
        assertThat(say().lines().map(line -> line.replaceAll(" +", " ")).toList()).contains(
                faulty + " Proving, faulty the replica s-t01000-0 is damaged", waiting + " PreCommitPhase1 waits for the pre-commit to land",
                parked + " PreCommitPhase2 waits for an operator: its disk is gone");
        assertThat(json().path("sectors").get(0).path("stage").asText()).isEqualTo("faulty");
    }

    @Test
    void whoHasTheCoresAndWhatIsMissingOfTheDiskIsSaid() throws IOException {
        SealTokens.Pass pass = tokens.ask(SealStep.PRE_COMMIT_1, new Need(1, 1 << 24), () -> { }).pass();
        pass.of(SectorNumber.of(12));
        free = 12;
        assertThat(say()).contains("Sealing has 1 of 2 cpu, 16.0 MiB of 256.0 MiB heap (sector 12: 1 cpu, 16 MiB)")
                .contains("No sector can be opened: no disk: needs 58.6 KiB, 12 B free of " + home);
        JsonNode room = json().path("room");
        assertThat(room.path("cpu").path("taken").asInt()).isEqualTo(1);
        assertThat(room.path("disk").path("free").asLong()).isEqualTo(12);
    }

    @Test
    void aSectorThatFailedSaysHowOftenAndWhenItIsTriedAgain() throws IOException {
        SectorNumber number = sector(SectorEvent.PACKED);
        sectors.signal(number, one -> one.withStage(SectorStage.COMPUTING));
        sectors.retry(sectors.claim(SectorState.PRE_COMMIT_PHASE_1, null, 1, Duration.ofMinutes(1)).get(0),
                new RetryableException("the disk is ill"));
        Instant next = sectors.find(number).orElseThrow().turn().runAfter();
        assertThat(say()).contains("failed once, again at " + next + ": the disk is ill");
        JsonNode told = json().path("sectors").get(0);
        assertThat(told.path("subState").asText()).isEqualTo("failed");
        assertThat(told.path("nextTry").asText()).isEqualTo(next.toString());
        assertThat(told.path("attempt").asInt()).isEqualTo(1);
    }

    @Test
    void aSectorThatComputesSaysWhatAndHowFarOrSinceWhen() throws IOException {
        SectorNumber number = sector(SectorEvent.PACKED);
        sectors.signal(number, one -> one.withStage(SectorStage.COMPUTING));
        assertThat(standing()).isEqualTo("about to compute the labels");
        sectors.claim(SectorState.PRE_COMMIT_PHASE_1, null, 1, Duration.ofMinutes(1));
        assertThat(standing()).isEqualTo("computing the labels, in this step since 2026-01-01T12:00:00Z");
        assertThat(say()).contains("computing the labels, in this step since 2026-01-01T12:00:00Z");
        progress.at(new SectorRef(MINER, number, SealProof.SEAL_2K), "tree-d", 37, 100);
        assertThat(standing()).isEqualTo("computing: tree over the data (tree-d), 37 %");
    }

    private String standing() throws IOException {
        return json().path("sectors").get(0).path("standing").asText();
    }

    @Test
    void theHistoryOfASectorBeginsWithWhereItStands() {
        SectorNumber number = sector(SectorEvent.PACKED);
        sectors.signal(number, one -> one.withMessage("a layer is damaged"), SectorEvent.PRE_COMMIT_1_FAILED);
        sectors.park(sectors.claim(SectorState.PRE_COMMIT_PHASE_1, null, 1, Duration.ofMinutes(1)).get(0), new FatalException("its disk is gone"));
        String told = run(List.of("sectors", "history", "--home", home.toString(), number.toString()));
        assertThat(told).startsWith("sector " + number + " is in PreCommitPhase1: waits for an operator: its disk is gone; setbacks: 1")
                .contains("PreCommit1Failed").contains("no operator has touched this sector");
    }

    @Test
    void manySectorsComePageByPageAndAreListedOnce() throws IOException {
        for (int i = 0; i < 1_100; i++) {
            sectors.open(MINER, 5, null);
        }
        assertThat(json().path("sectors")).hasSize(1_100);
        assertThat(json().has("next")).isFalse();
        assertThat(say().lines().filter(line -> line.contains("PreCommitPhase1")).distinct()).hasSize(1_100);
    }
}
