package io.caravan.node.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.model.FatalException;
import io.caravan.model.FilAddress;
import io.caravan.model.ModelJson;
import io.caravan.model.Network;
import io.caravan.model.Sector;
import io.caravan.model.Sector.Sent;
import io.caravan.model.SectorEvent;
import io.caravan.model.SectorNumber;
import io.caravan.model.SectorState;
import io.caravan.model.TokenAmount;
import io.caravan.node.NodeHome;
import io.caravan.node.api.ApiErrors;
import io.caravan.node.api.ApiJson;
import io.caravan.node.api.SectorApi;
import io.caravan.node.api.SectorListApi;
import io.caravan.node.api.SectorOperatorApi;
import io.caravan.rpc.ApiInfo;
import io.caravan.rpc.MethodTable;
import io.caravan.rpc.Permission;
import io.caravan.rpc.RpcServer;
import io.caravan.rpc.ServerConfig;
import io.caravan.rpc.Tokens;
import io.caravan.sealing.SealingProgress;
import io.caravan.store.Backoff;
import io.caravan.store.Deadlines;
import io.caravan.store.MessageIntent;
import io.caravan.store.MessageStore;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What an operator says to sectors at the terminal, down to the rows: what is obeyed, what is refused, what is written down. */
@Tag("db")
@Timeout(60)
class SectorWordsTest {

    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    private static final FilAddress MINER = FilAddress.ofId(1000);
    private static final FilAddress WORKER = FilAddress.ofId(101);

    @TempDir
    private Path home;

    private final SettableClock clock = SettableClock.at(Instant.parse("2026-01-01T12:00:00Z"));
    private final SectorStore sectors = new PostgresSectorStore(POSTGRES.database().sql(), clock, "node", Deadlines.usual(),
            Backoff.usual(new Random(1)));
    private final MessageStore messages = new PostgresMessageStore(POSTGRES.database().sql(), clock);
    private RpcServer server;

    private record Said(int code, String out, String err) {

        JsonNode json() throws IOException {
            return new ObjectMapper().readTree(out);
        }
    }

    @BeforeEach
    void start() {
        POSTGRES.database().sql().write("test/empty", Map.of());
        Tokens tokens = Tokens.ofSecret(new byte[32]);
        MethodTable methods = new MethodTable();
        methods.errors(new ApiErrors());
        new SectorOperatorApi(new ApiJson(Network.TESTNET), new SectorOperations(POSTGRES.database().sql(), sectors, messages, clock))
                .register(methods);
        new SectorApi(new ApiJson(Network.TESTNET), MINER, sectors, POSTGRES.deals(clock, "node"), FakeChain.at(1)).register(methods);
        new SectorListApi(new ApiJson(Network.TESTNET), sectors,
                new SectorListApi.Engine("placeholder", "", new SealingProgress(clock))).register(methods);
        server = new RpcServer(ServerConfig.loopback(0), methods, tokens, Map.of(), ModelJson.module(Network.TESTNET));
        server.start();
        ApiInfo.write(new NodeHome(home).folder("miner", ""), server.address(), tokens.issue(Arrays.asList(Permission.values())));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Said say(String... words) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        List<String> line = new ArrayList<>(List.of(words));
        line.addAll(List.of("--home", home.toString()));
        int code = Cli.run(new Terminal(new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8), false), line.toArray(String[]::new));
        return new Said(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private void refused(String reason, String... words) {
        Said said = say(words);
        assertThat(said.code()).isEqualTo(2);
        assertThat(said.out()).isEmpty();
        assertThat(said.err()).contains(reason);
    }

    private SectorNumber parked(SectorEvent... way) {
        return parked(one -> one, way);
    }

    private SectorNumber parked(UnaryOperator<Sector> facts, SectorEvent... way) {
        Sector sector = sectors.open(MINER, 5, null);
        if (way.length > 0) {
            sectors.signal(sector.number(), facts, way);
        }
        Sector claimed = sectors.claim(sectors.find(sector.number()).orElseThrow().state(), null, 1, Duration.ofMinutes(1)).get(0);
        sectors.park(claimed, new FatalException("its disk is gone"));
        assertThat(sectors.find(sector.number()).orElseThrow().turn().parked()).isTrue();
        return sector.number();
    }

    /** What the sector's history says that operators did to it. */
    private JsonNode operations(SectorNumber number) throws IOException {
        return say("sectors", "history", number.toString(), "--json").json().path("operations");
    }

    private Sector now(SectorNumber number) {
        return sectors.find(number).orElseThrow();
    }

    @Test
    void retryGivesAParkedSectorItsTurnAgainAndWritesTheWordDown() throws IOException {
        SectorNumber number = parked();
        Said said = say("sectors", "retry", number.toString(), "--reason", "the disk is back", "--json");
        assertThat(said.code()).as(said.err()).isZero();
        assertThat(said.json().path("parked").asBoolean(true)).isFalse();
        assertThat(now(number).turn().parked()).isFalse();
        assertThat(sectors.due()).contains(SectorState.PRE_COMMIT_PHASE_1);
        JsonNode history = operations(number);
        assertThat(history).hasSize(1);
        assertThat(history.get(0).path("verb").asText()).isEqualTo("retry");
        assertThat(history.get(0).path("reason").asText()).isEqualTo("the disk is back");
        assertThat(history.get(0).path("outcome").asText()).isEqualTo("done");
        assertThat(history.get(0).path("who").asText()).contains("admin");
        assertThat(say("sectors", "history", number.toString()).out()).contains("retry: the disk is back");
    }

    @Test
    void dropGivesAParkedSectorUp() throws IOException {
        SectorNumber number = parked(SectorEvent.PRE_COMMIT_1_DONE);
        refused("nobody is here to confirm it, add --yes", "sectors", "drop", number.toString());
        assertThat(now(number).state()).isEqualTo(SectorState.PRE_COMMIT_PHASE_2);
        Said said = say("sectors", "drop", number.toString(), "--yes", "--reason", "its replica is lost");
        assertThat(said.code()).as(said.err()).isZero();
        assertThat(said.out()).contains("dropped by an operator: its replica is lost");
        assertThat(now(number).state()).isEqualTo(SectorState.UNKNOWN);
        assertThat(sectors.events(number)).last().satisfies(move -> assertThat(move.event()).isEqualTo(SectorEvent.FAILED));
        assertThat(operations(number).path(0).path("to").asText()).isEqualTo("Unknown");
    }

    @Test
    void aSectorWhoseProofMayLandIsNotDropped() {
        String key = "sector/prove";
        messages.intend(new MessageIntent(key, WORKER, MINER, 34, TokenAmount.ZERO, Bytes.wrap(new byte[1]), "a proof"));
        Cid cid = Cid.dagCborBlake2b(new byte[] {1});
        messages.sign(key, 0, nonce -> new MessageStore.Signed(Bytes.wrap(new byte[2]), cid, 1));
        SectorNumber number = parked(sector -> sector.withProve(new Sent(key, cid, null)), SectorEvent.PRE_COMMIT_1_DONE,
                SectorEvent.PRE_COMMIT_LANDED, SectorEvent.SEED_READY, SectorEvent.COMMIT_1_DONE, SectorEvent.PROVE_SENT);
        refused("OP13 may-be-proven", "sectors", "drop", number.toString(), "--yes");
        assertThat(now(number).state()).isEqualTo(SectorState.COMMIT_PHASE_2);
        messages.landed(key, cid, 5, 16, null);
        assertThat(say("sectors", "drop", number.toString(), "--yes").code()).isZero();
    }

    @Test
    void wordsToOtherSectorsAreRefusedAndWrittenDown() throws IOException {
        SectorNumber running = sectors.open(MINER, 5, null).number();
        refused("OP12 not-parked", "sectors", "retry", running.toString());
        refused("OP12 not-parked", "sectors", "drop", running.toString(), "--yes");
        refused("OP11 no-such-sector", "sectors", "retry", "4711");
        refused("OP9 bad-reason", "sectors", "retry", running.toString(), "--reason", " ");
        refused("-1", "sectors", "retry", "-1");
        refused("NUMBER", "sectors", "retry", "seven");
        refused("NUMBER", "sectors", "drop", "--yes");
        JsonNode history = operations(running);
        assertThat(history.findValuesAsText("outcome")).hasSize(3).allMatch(outcome -> outcome.startsWith("OP"));
        assertThat(now(running).state()).isEqualTo(SectorState.PRE_COMMIT_PHASE_1);
    }

    @Test
    void aMinerThatIsNotThereIsToldApart() {
        ApiInfo.remove(new NodeHome(home).of("miner"));
        assertThat(say("sectors", "retry", "1").code()).isEqualTo(1);
    }
}
