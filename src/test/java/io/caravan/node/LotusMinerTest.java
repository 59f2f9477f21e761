package io.caravan.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.chain.LotusMinerRpc;
import io.caravan.chain.OnChainSector;
import io.caravan.codec.Cid;
import io.caravan.model.Deal;
import io.caravan.model.DealProposal;
import io.caravan.model.DealState;
import io.caravan.model.Epoch;
import io.caravan.model.Role;
import io.caravan.model.Sector;
import io.caravan.model.SectorEvent;
import io.caravan.model.SectorNumber;
import io.caravan.model.SectorPiece;
import io.caravan.model.SectorState;
import io.caravan.model.TokenAmount;
import io.caravan.model.WaitsOn;
import io.caravan.node.StandInLotusMiner.Fault;
import io.caravan.node.cli.RoleSettings;
import io.caravan.node.config.ConfigException;
import io.caravan.piece.CommPStream;
import io.caravan.rpc.MethodTable;
import io.caravan.rpc.RpcClient;
import io.caravan.rpc.RpcServer;
import io.caravan.rpc.ServerConfig;
import io.caravan.rpc.Tokens;
import io.caravan.sealing.LotusAsker;
import io.caravan.sealing.LotusConfig;
import io.caravan.sealing.LotusPieces;
import io.caravan.sealing.LotusSectors;
import io.caravan.sealing.LotusTools;
import io.caravan.sealing.SealingConfig;
import io.caravan.sealing.StagedPieces;
import io.caravan.store.AdoptedSectors;
import io.caravan.store.Backoff;
import io.caravan.store.Deadlines;
import io.caravan.store.LotusPiece;
import io.caravan.store.LotusPieceStore;
import io.caravan.store.PostgresDealStore;
import io.caravan.store.PostgresSectorStore;
import io.caravan.store.Sql;
import io.caravan.support.DealFixture;
import io.caravan.support.FakeChain;
import io.caravan.support.SettableClock;
import io.caravan.support.TestPostgres;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Our side of sealing by a Lotus miner, on a real store and the real page, against a stand-in for that miner. */
class LotusMinerTest {

    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    private static final Duration SETTLE = Duration.ofMinutes(10);
    private static final int PAYLOAD = 700;
    private static final int UNPADDED = 1016;

    @TempDir
    private Path home;

    private final SettableClock clock = SettableClock.at(DealFixture.NOW);
    private final FakeChain chain = DealFixture.chain();
    private final StandInLotusMiner lotus = new StandInLotusMiner();
    private final HttpClient http = HttpClient.newHttpClient();
    private PostgresDealStore deals;
    private PostgresSectorStore sectors;
    private LotusPieceStore store;
    private RpcServer port;
    private RpcClient client;
    private LotusPieces pieces;
    private LotusSectors follower;
    private int handed;

    @BeforeEach
    void open() {
        POSTGRES.database().sql().write("test/empty", Map.of());
        start(Runnable::run);
    }

    @AfterEach
    void close() {
        stop();
        lotus.close();
    }

    /** This node's process begins. */
    private void start(Executor workers) {
        Sql sql = POSTGRES.database().sql();
        deals = POSTGRES.deals(clock, "node");
        sectors = new PostgresSectorStore(sql, clock, "node", Deadlines.usual(), Backoff.usual(new Random(1)));
        store = new LotusPieceStore(sql, clock, "node");
        store.reclaim();
        port = new RpcServer(ServerConfig.loopback(0), new MethodTable(), Tokens.ofSecret(new byte[32]),
                Map.of(PiecePage.PREFIX, new PiecePage(new StagedPieces(store))));
        port.start();
        client = new RpcClient(lotus.url(), StandInLotusMiner.TOKEN);
        LotusConfig config = new LotusConfig(Duration.ofSeconds(20), SETTLE, 4);
        LotusTools tools = new LotusTools(DealFixture.MINER, new LotusMinerRpc(client, config::addTimeout), chain, sectors,
                new AdoptedSectors(sql, clock, Deadlines.usual()), store, deals, SealingConfig::standard, () -> config, clock);
        pieces = new LotusPieces(tools, new LotusAsker(tools, token -> Optional.of(address(token)), workers,
                new Backoff(Duration.ofSeconds(5), Duration.ofMinutes(1), new Random(1))));
        follower = new LotusSectors(tools);
    }

    private void stop() {
        port.close();
        client.close();
    }

    private URI address(String token) {
        return URI.create("http://127.0.0.1:" + port.address().getPort() + PiecePage.PREFIX + token);
    }

    /** Time goes on far enough for every look that is due, and what is due is done. */
    private void give() {
        clock.forward(Duration.ofMinutes(2));
        pieces.give();
    }

    private SectorPiece hand() {
        try {
            int number = ++handed;
            byte[] data = new byte[PAYLOAD];
            new Random(number).nextBytes(data);
            var piece = CommPStream.of(new ByteArrayInputStream(data));
            DealProposal plain = DealFixture.terms();
            DealProposal terms = new DealProposal(piece.commP(), piece.size(), false, plain.client(), plain.provider(),
                    plain.label(), plain.startEpoch(), plain.endEpoch(), plain.storagePricePerEpoch(),
                    plain.providerCollateral(), plain.clientCollateral());
            Deal deal = DealFixture.deal(Role.PROVIDER, DealState.STAGED, terms);
            deals.insert(deal);
            Path file = Files.write(home.resolve("staged-" + number), data);
            return sectors.handOff(new SectorPiece(deal.proposalCid(), number, Cid.rawSha256("publish".getBytes()),
                    piece.commP(), piece.size(), file.toString(), PAYLOAD, terms.startEpoch(), terms.endEpoch(), true,
                    clock.instant(), null, null, null, null));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private SectorPiece now(SectorPiece piece) {
        return sectors.pieceOf(piece.proposalCid()).orElseThrow();
    }

    private Sector sector(long number) {
        return sectors.find(SectorNumber.of(number)).orElseThrow();
    }

    private void look(String state) {
        lotus.state(70, state);
        clock.forward(Duration.ofSeconds(10));
        follower.look();
    }

    private void prove(long number) {
        chain.proven(new OnChainSector(SectorNumber.of(number), 5, Cid.rawSha256("r".getBytes()), Epoch.of(1010),
                Epoch.of(600_000), TokenAmount.ZERO));
    }

    @Test
    void piecesGoIntoTheMinersSectorAndAreFollowedUntilTheyAreProven() {
        SectorPiece first = hand();
        SectorPiece second = hand();
        give();
        assertThat(now(first).sector()).isEqualTo(SectorNumber.of(70));
        assertThat(List.of(now(first).offset(), now(second).offset())).containsExactlyInAnyOrder(0L, 1024L);
        assertThat(now(first).written()).isNotNull();
        assertThat(sector(70).state()).isEqualTo(SectorState.PRE_COMMIT_PHASE_1);
        for (String[] step : new String[][] {{"WaitDeals", "PreCommitPhase1"}, {"PreCommit1", "PreCommitPhase1"},
            {"PreCommit2", "PreCommitPhase2"}, {"SubmitPreCommitBatch", "PreCommitPhase2"}, {"WaitSeed", "WaitSeed"},
            {"Committing", "CommitPhase1"}, {"SubmitCommitAggregate", "CommitPhase2"}, {"FinalizeSector", "CommitPhase2"}}) {
            look(step[0]);
            assertThat(sector(70).state().wireName()).as(step[0]).isEqualTo(step[1]);
            assertThat(sector(70).message()).startsWith("the Lotus miner: " + step[0]);
        }
        assertThat(sector(70).message()).endsWith("the chain does not show the sector yet");
        prove(70);
        look("FinalizeSector");
        assertThat(sector(70).state()).isEqualTo(SectorState.FINALIZE);
        look("Proving");
        assertThat(sector(70).state()).isEqualTo(SectorState.PROVING);
        assertThat(sector(70).expiration()).isEqualTo(Epoch.of(600_000));
        assertThat(sectors.events(SectorNumber.of(70)).stream().map(move -> move.event().wireName())).containsExactly("Open",
                "Packed", "PreCommit1Done", "PreCommitLanded", "SeedReady", "Commit1Done", "ProveLanded", "Finalized");
        assertThat(lotus.added).isEqualTo(2);
    }

    @Test
    void whoLooksSeldomStillSeesTheWholeWay() {
        hand();
        give();
        prove(70);
        look("Proving");
        assertThat(sector(70).state()).isEqualTo(SectorState.PROVING);
        assertThat(sectors.events(SectorNumber.of(70))).extracting(move -> move.to().wireName())
                .endsWith("PreCommitPhase2", "WaitSeed", "CommitPhase1", "CommitPhase2", "Finalize", "Proving");
    }

    @Test
    void aLostAnswerIsFoundInTheMinersSectorsAlsoAfterARestart() {
        SectorPiece piece = hand();
        lotus.next = Fault.ADDED_AND_SILENT;
        give();
        assertThat(now(piece).sector()).isNull();
        assertThat(sectors.setbackOf(piece.proposalCid()).orElseThrow().reason()).contains("did not answer SectorAddPieceToAny");
        stop();
        start(Runnable::run);
        give();
        assertThat(now(piece).sector()).isEqualTo(SectorNumber.of(70));
        assertThat(lotus.added).isEqualTo(1);
        assertThat(lotus.asked).hasSize(1);
    }

    @Test
    void aKillBetweenTheRowAndTheQuestionCostsNothing() {
        stop();
        start(job -> { }); // the process dies with its jobs
        SectorPiece piece = hand();
        give();
        assertThat(store.find(piece.proposalCid()).orElseThrow().status()).isEqualTo(LotusPiece.Status.ASKING);
        stop();
        start(Runnable::run);
        give();
        assertThat(now(piece).written()).isNotNull();
        assertThat(lotus.added).isEqualTo(1);
    }

    @Test
    void anotherNodeDoesNotAskForWhatIsBeingAskedFor() {
        stop();
        start(job -> { });
        SectorPiece piece = hand();
        give();
        assertThat(store.ask(piece, "A".repeat(43), clock.instant())).isEmpty();
        assertThat(new LotusPieceStore(POSTGRES.database().sql(), clock, "other").reclaim()).isZero();
    }

    @Test
    void whatNobodyFetchedWholeIsAskedForAgainWithTheSameToken() {
        SectorPiece piece = hand();
        lotus.next = Fault.SILENT;
        give();
        lotus.next = Fault.HALF_FETCHED;
        give();
        give();
        assertThat(now(piece).sector()).isEqualTo(SectorNumber.of(70));
        assertThat(lotus.asked).hasSize(3);
        assertThat(Set.copyOf(lotus.asked)).hasSize(1);
        assertThat(lotus.added).isEqualTo(1);
    }

    @Test
    void whatWasFetchedWholeIsAskedForAgainOnlyWhenItsAbsenceIsCertain() {
        SectorPiece piece = hand();
        lotus.next = Fault.FETCHED_AND_LOST;
        give();
        give();
        assertThat(lotus.asked).hasSize(1);
        assertThat(sectors.setbackOf(piece.proposalCid()).orElseThrow().reason()).contains("has it in no sector yet");
        lotus.state(99, "AddPiece");
        clock.forward(SETTLE);
        give();
        assertThat(lotus.asked).hasSize(1);
        lotus.drop(99);
        give();
        assertThat(lotus.asked).hasSize(2);
        assertThat(Set.copyOf(lotus.asked)).hasSize(2);
        assertThat(now(piece).written()).isNotNull();
    }

    @Test
    void aMinerThatIsAwayIsWaitedFor() {
        SectorPiece first = hand();
        give();
        SectorPiece second = hand();
        lotus.stop();
        give();
        follower.look();
        assertThat(sectors.setbackOf(second.proposalCid()).orElseThrow().reason()).contains("did not answer ActorAddress");
        assertThat(sector(70).message()).contains("did not answer");
        lotus.start();
        give();
        look("WaitSeed");
        assertThat(now(second).sector()).isEqualTo(now(first).sector());
        assertThat(sector(70).state()).isEqualTo(SectorState.WAIT_SEED);
    }

    @Test
    void somebodyElsesMinerGetsNothing() {
        SectorPiece piece = hand();
        lotus.actor = "f01001";
        give();
        assertThat(lotus.asked).isEmpty();
        assertThat(sectors.setbackOf(piece.proposalCid()).orElseThrow().reason()).contains("seals for");
    }

    @ParameterizedTest
    @CsvSource({"SealPreCommit2Failed,PreCommitPhase2", "SealPreCommit1Failed,PreCommitPhase1", "PreCommitFailed,PreCommitPhase2",
        "ComputeProofFailed,CommitPhase2", "CommitFailed,CommitPhase2", "FinalizeFailed,CommitPhase2",
        "FailedUnrecoverable,CommitPhase1", "DealsExpired,CommitPhase1", "SomethingNew,CommitPhase1"})
    void aFailedStateIsShownAndNothingMoreIsDone(String lotusState, String ours) {
        SectorPiece piece = hand();
        give();
        look("Committing");
        look(lotusState);
        assertThat(sector(70).state().wireName()).isEqualTo(ours);
        assertThat(sector(70).message()).contains(lotusState);
        boolean isKnown = lotusState.endsWith("Failed");
        assertThat(sector(70).waiting().on()).isEqualTo(isKnown ? WaitsOn.SEALER : WaitsOn.OPERATOR);
        assertThat(now(piece).sector()).isEqualTo(SectorNumber.of(70));
        look("Committing");
        assertThat(sector(70).state()).isEqualTo(SectorState.COMMIT_PHASE_1);
    }

    @Test
    void thePiecesOfARemovedSectorGoIntoAnother() {
        SectorPiece piece = hand();
        give();
        look("Removed");
        assertThat(sector(70).state()).isEqualTo(SectorState.UNKNOWN);
        follower.look();
        assertThat(now(piece).sector()).isNull();
        give();
        assertThat(now(piece).sector()).isEqualTo(SectorNumber.of(71));
        assertThat(Set.copyOf(lotus.asked)).hasSize(2);
    }

    @Test
    void aSectorThatEndedHereByHandKeepsItsPiecesAsLongAsTheMinerHasIt() {
        SectorPiece piece = hand();
        give();
        sectors.signal(SectorNumber.of(70), found -> found, SectorEvent.FAILED);
        follower.look();
        assertThat(now(piece).sector()).isEqualTo(SectorNumber.of(70));
        look("Removed");
        assertThat(now(piece).sector()).isNull();
    }

    @Test
    void aForgottenSectorIsGivenUpOnlyAfterAWhile() {
        SectorPiece piece = hand();
        give();
        lotus.drop(70);
        follower.look();
        clock.forward(SETTLE.minusSeconds(1));
        follower.look();
        assertThat(now(piece).sector()).isEqualTo(SectorNumber.of(70));
        clock.forward(Duration.ofSeconds(1));
        follower.look();
        assertThat(sector(70).state()).isEqualTo(SectorState.UNKNOWN);
    }

    @Test
    void aSectorThatCameTooLateGivesItsPiecesBackToTheirDeals() {
        SectorPiece piece = hand();
        give();
        look("FailedUnrecoverable");
        chain.to(DealFixture.START);
        follower.look();
        follower.look();
        assertThat(sector(70).state()).isEqualTo(SectorState.UNKNOWN);
        assertThat(now(piece).refusal()).contains("no deal of it can start any more").contains("FailedUnrecoverable");
        give();
        assertThat(lotus.asked).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "7", "{}", "{\"Sector\":\"x\",\"Offset\":0}", "{\"Sector\":-1,\"Offset\":0}",
        "{\"Sector\":1,\"Offset\":-1024}", "{\"Sector\":1,\"Offset\":5}", "{\"Sector\":1,\"Offset\":2048}",
        "{\"Sector\":1,\"Offset\":9223372036854775807}", "{\"Sector\":1e40,\"Offset\":0}"})
    void aPlaceThatCannotBeIsNotBelieved(String lie) {
        SectorPiece piece = hand();
        lotus.lies.put("SectorAddPieceToAny", lie);
        give();
        assertThat(now(piece).sector()).isNull();
        assertThat(sectors.list(Set.of(), null, 10)).isEmpty();
        lotus.lies.clear();
        give();
        assertThat(now(piece).sector()).isEqualTo(SectorNumber.of(70));
        assertThat(lotus.added).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "[]", "{\"SectorID\":70}", "{\"SectorID\":71,\"State\":\"Proving\"}",
        "{\"SectorID\":70,\"State\":\"Pro\\nving\"}", "{\"SectorID\":70,\"State\":{}}",
        "{\"SectorID\":70,\"State\":\"Proving\",\"CommR\":{\"/\":\"x\"}}",
        "{\"SectorID\":70,\"State\":\"Proving\",\"Pieces\":[{\"Piece\":{\"Size\":3}}]}"})
    void aStatusThatCannotBeMovesNothing(String lie) {
        hand();
        give();
        lotus.lies.put("SectorsStatus", lie);
        follower.look();
        assertThat(sector(70).state()).isEqualTo(SectorState.PRE_COMMIT_PHASE_1);
        assertThat(sector(70).message()).startsWith("the Lotus miner's answer cannot be");
    }

    private HttpResponse<byte[]> get(String token, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(address(token));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    /** A token that the miner was given and has not used. */
    private String token(SectorPiece piece) {
        lotus.next = Fault.SILENT;
        give();
        return store.find(piece.proposalCid()).orElseThrow().token();
    }

    @Test
    void aTokenIsForOnePieceInRangesAndOnceForItsLastByte() throws Exception {
        SectorPiece piece = hand();
        String token = token(piece);
        byte[] whole = Arrays.copyOf(Files.readAllBytes(Path.of(piece.file())), UNPADDED);
        HttpResponse<byte[]> middle = get(token, "Range", "bytes=600-899");
        assertThat(middle.statusCode()).isEqualTo(206);
        assertThat(middle.headers().firstValue("Content-Range")).contains("bytes 600-899/1016");
        assertThat(middle.body()).isEqualTo(Arrays.copyOfRange(whole, 600, 900));
        assertThat(get(token, "Range", "bytes=1016-").statusCode()).isEqualTo(416);
        HttpRequest head = HttpRequest.newBuilder(address(token)).method("HEAD", HttpRequest.BodyPublishers.noBody()).build();
        assertThat(http.send(head, HttpResponse.BodyHandlers.discarding()).headers().firstValue("Content-Length")).contains("1016");
        assertThat(get(token).body()).isEqualTo(whole);
        assertThat(get(token).statusCode()).isEqualTo(404);
    }

    @Test
    void twoReadersOfOneTokenDoNotBothGetTheLastByte() throws Exception {
        SectorPiece piece = hand();
        StagedPieces staged = new StagedPieces(store);
        String token = token(piece);
        var one = staged.find(token).orElseThrow().open(0, UNPADDED);
        var other = staged.find(token).orElseThrow().open(0, UNPADDED);
        assertThat(one.readNBytes(UNPADDED - 1)).hasSize(UNPADDED - 1);
        assertThat(other.readNBytes(UNPADDED)).hasSize(UNPADDED);
        assertThatThrownBy(one::read).isInstanceOf(IOException.class).hasMessageContaining("fetched whole before");
        one.close();
        other.close();
    }

    @Test
    void aTokenDiesWithItsDealAndIsNotGuessed() throws Exception {
        SectorPiece piece = hand();
        String token = token(piece);
        assertThat(get("A".repeat(43)).statusCode()).isEqualTo(404);
        assertThat(get("../rpc/v1").statusCode()).isEqualTo(404);
        HttpRequest post = HttpRequest.newBuilder(address(token)).POST(HttpRequest.BodyPublishers.ofString("x")).build();
        assertThat(http.send(post, HttpResponse.BodyHandlers.discarding()).statusCode()).isEqualTo(405);
        sectors.withdraw(piece.proposalCid(), "its deal failed");
        assertThat(get(token).statusCode()).isEqualTo(404);
        give();
        assertThat(lotus.asked).hasSize(1);
    }

    @Test
    void aTokenIsNotReadForEver() throws Exception {
        SectorPiece piece = hand();
        String token = token(piece);
        for (int read = 0; read < 200; read++) {
            assertThat(store.read(token, 200)).isPresent();
        }
        assertThat(get(token).statusCode()).isEqualTo(404);
    }

    @Test
    void aStagedFileThatIsNotWhatItWasIsNotServed() throws Exception {
        SectorPiece piece = hand();
        String token = token(piece);
        Files.write(Path.of(piece.file()), new byte[3]);
        assertThat(get(token).statusCode()).isEqualTo(503);
    }

    @Test
    void aLongBodyGoesOutWholeAndABrokenOneIsSeen() throws Exception {
        byte[] bytes = new byte[3_000_001];
        new Random(5).nextBytes(bytes);
        RpcServer server = new RpcServer(ServerConfig.loopback(0), new MethodTable(), Tokens.ofSecret(new byte[32]),
                Map.of("/long/", request -> io.caravan.rpc.HttpPage.Reply.of(200, "application/octet-stream", Map.of(),
                        new io.caravan.rpc.HttpPage.Stream(new ByteArrayInputStream(bytes), request.path().endsWith("short")
                                ? bytes.length + 1 : bytes.length))));
        server.start();
        try {
            URI base = URI.create("http://127.0.0.1:" + server.address().getPort() + "/long/");
            for (int time = 0; time < 2; time++) {
                assertThat(http.send(HttpRequest.newBuilder(base).build(), HttpResponse.BodyHandlers.ofByteArray()).body())
                        .isEqualTo(bytes);
            }
            assertThatThrownBy(() -> http.send(HttpRequest.newBuilder(base.resolve("short")).build(),
                    HttpResponse.BodyHandlers.ofByteArray())).isInstanceOf(IOException.class);
        } finally {
            server.close();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"gpu|http://127.0.0.1:1/rpc/v0||must be java", "lotus-miner|||must not be empty",
        "lotus-miner|nowhere||is not an address", "lotus-miner|http://127.0.0.1:1/rpc/v0|/no/such/file|cannot be read"})
    void wrongSettingsAreFoundBeforeAnythingStarts(String engine, String url, String file, String what) {
        var settings = RoleSettings.load(home, Map.of("sealing.engine", engine, "sealing.lotus.url", url == null ? "" : url,
                "sealing.lotus.token-file", file == null ? "" : file));
        assertThatThrownBy(() -> SettingsCheck.of(settings)).isInstanceOf(ConfigException.class).hasMessageContaining(what);
    }
}
