package io.caravan.node.api;

import static io.caravan.support.DealBuilder.aDeal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.deal.TransferRows;
import io.caravan.model.Deal;
import io.caravan.model.DealState;
import io.caravan.model.ModelJson;
import io.caravan.model.Network;
import io.caravan.model.Role;
import io.caravan.model.WaitsOn;
import io.caravan.rpc.MethodTable;
import io.caravan.rpc.Permission;
import io.caravan.rpc.RpcClient;
import io.caravan.rpc.RpcServer;
import io.caravan.rpc.ServerConfig;
import io.caravan.rpc.Tokens;
import io.caravan.store.DealOperations;
import io.caravan.store.DealSearch;
import io.caravan.store.Outbox;
import io.caravan.store.PostgresDealStore;
import io.caravan.store.PostgresFundStore;
import io.caravan.store.PostgresMessageStore;
import io.caravan.store.PublishQueue;
import io.caravan.store.Sql;
import io.caravan.store.TransferStore;
import io.caravan.store.WaitingDeals;
import io.caravan.support.SettableClock;
import io.caravan.support.TestPostgres;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What operators and pages ask a miner by JSON-RPC: why a deal is where it is, and to do something about it. */
@Tag("db")
@TestInstance(Lifecycle.PER_CLASS)
class OperatorApiTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    private final SettableClock clock = SettableClock.at(START);
    private final Map<String, RouteStops.Stop> stopped = new ConcurrentHashMap<>();
    private final Tokens tokens = Tokens.ofSecret(new byte[32]);
    private PostgresDealStore deals;
    private RpcServer server;
    private RpcClient admin;

    @BeforeAll
    void serve() {
        Sql sql = POSTGRES.database().sql();
        deals = POSTGRES.deals(clock, "node");
        var messages = new PostgresMessageStore(sql, clock);
        var funds = new PostgresFundStore(sql, messages, clock);
        var operations = new DealOperations(sql, deals, funds, new PublishQueue(sql, messages, clock), clock);
        ApiJson json = new ApiJson(Network.TESTNET, state -> Optional.ofNullable(stopped.get(state)));
        MethodTable methods = new MethodTable();
        methods.errors(new ApiErrors());
        new CaravanApi(json, Role.PROVIDER, new CaravanApi.Tools(deals, new WaitingDeals(sql, clock), operations,
                new Outbox(sql), new TransferRows(new TransferStore(sql)), messages, new DealSearch(sql, Role.PROVIDER))).register(methods);
        new OperatorApi(json, Role.PROVIDER, operations).register(methods);
        server = new RpcServer(ServerConfig.loopback(0), methods, tokens, Map.of(), ModelJson.module(Network.TESTNET));
        server.start();
        admin = with(Permission.values());
    }

    @AfterAll
    void close() {
        server.close();
    }

    @BeforeEach
    void empty() {
        stopped.clear();
        POSTGRES.database().sql().write("test/empty", Map.of());
    }

    private RpcClient with(Permission... permissions) {
        return new RpcClient(URI.create("http://127.0.0.1:" + server.address().getPort() + "/rpc/v1"),
                tokens.issue(Arrays.asList(permissions)));
    }

    private static Map<String, String> cid(Deal deal) {
        return Map.of("/", deal.proposalCid().toString());
    }

    private Deal in(DealState state) {
        return deals.insert(aDeal("a").in(state).build()).deal();
    }

    @Test
    void tellsWhyADealIsWhereItIs() {
        Deal deal = deals.insert(aDeal("a").in(DealState.STAGED).build().waitingFor(WaitsOn.SEALER,
                "a free place in sealing", START.minusSeconds(60), START.plusSeconds(300))).deal();
        JsonNode told = admin.call("Caravan.Deal", cid(deal));
        assertThat(told.path("waitsOn").asText()).isEqualTo("sealer");
        assertThat(told.path("waitsFor").asText()).isEqualTo("a free place in sealing");
        assertThat(told.path("waitsSince").asText()).isEqualTo("2025-12-31T23:59:00Z");
        assertThat(told.path("waitsUntil").asText()).isEqualTo("2026-01-01T00:05:00Z");
        assertThat(told.path("owner").asText()).isEqualTo("miner/6-publish");
        assertThat(told.path("lastEpoch").asLong()).isEqualTo(1000);
        assertThat(told.path("attempt").asInt()).isZero();
        assertThat(told.path("nextTry").asText()).isEqualTo("2026-01-01T00:00:00Z");
        assertThat(admin.call("Caravan.DealsWaiting", "sealer", 10)).hasSize(1);
        assertThat(admin.call("Caravan.DealsWaiting", "peer", 10)).isEmpty();
        assertThat(admin.call("Caravan.DealsStuck", 10)).isEmpty();
    }

    @Test
    void aDealWhosePhaseIsStoppedWaitsForAPersonWhateverItsRowSays() {
        Deal deal = deals.insert(aDeal("a").in(DealState.STAGED).build().waitingFor(WaitsOn.SEALER,
                "a free place in sealing", START.minusSeconds(60), START.plusSeconds(300))).deal();
        stopped.put("StorageDealStaged", new RouteStops.Stop("StorageDealStaged", null, "the route StorageDealStaged, stopped on this node",
                "start it", "kim", START.plusSeconds(7)));
        JsonNode told = admin.call("Caravan.Deal", cid(deal));
        assertThat(told.path("waitsOn").asText()).isEqualTo("operator");
        assertThat(told.path("waitsFor").asText()).isEqualTo("the route StorageDealStaged, stopped on this node");
        assertThat(told.path("waitsUntil").isNull()).isTrue();
        assertThat(told.path("waitsSince").asText()).isEqualTo("2026-01-01T00:00:07Z");
        assertThat(told.path("nextTry").isNull()).as("nobody looks at it").isTrue();
        assertThat(told.path("stopped").toString()).isEqualTo(
                "{\"route\":\"StorageDealStaged\",\"file\":null,\"who\":\"kim\",\"since\":\"2026-01-01T00:00:07Z\",\"todo\":\"start it\"}");
        assertThat(admin.call("Caravan.DealsStuck", 10).findValuesAsText("proposalCid")).containsExactly(deal.proposalCid().toString());
        deals.claim(Role.PROVIDER, DealState.STAGED, 1, java.time.Duration.ofMinutes(1)); // a worker that finishes what it began
        assertThat(admin.call("Caravan.Deal", cid(deal)).path("waitsFor").asText()).isEqualTo("a free place in sealing");
    }

    @Test
    void tellsWhatTheStateUsuallyWaitsForBeforeItsPhaseHasSpoken() {
        JsonNode told = admin.call("Caravan.Deal", cid(in(DealState.WAITING_FOR_DATA)));
        assertThat(told.path("waitsOn").asText()).isEqualTo("peer");
        assertThat(told.path("waitsFor").asText()).isEqualTo("the client's data");
        assertThat(told.path("waitsSince").asText()).isEqualTo("2026-01-01T00:00:00Z");
    }

    @Test
    void obeysAndKeepsWhoSaidWhat() {
        Deal deal = in(DealState.VERIFY_DATA);
        assertThat(admin.call("Caravan.DealFail", cid(deal), "the disk is gone").path("stateName").asText())
                .isEqualTo("StorageDealFailing");
        JsonNode line = admin.call("Caravan.Deal", cid(deal)).path("operations").path(0);
        assertThat(line.path("who").asText()).isEqualTo("a token with read, write, sign, admin");
        assertThat(line.path("verb").asText()).isEqualTo("fail");
        assertThat(line.path("from").asText()).isEqualTo("StorageDealVerifyData");
        assertThat(line.path("to").asText()).isEqualTo("StorageDealFailing");
        assertThat(line.path("outcome").asText()).isEqualTo("done");
    }

    @Test
    void takesAStateByNameByItsEndOrByCode() {
        for (Object name : List.of("StorageDealVerifyData", "verifydata", "19", 19)) {
            empty();
            Deal deal = in(DealState.PUBLISH);
            assertThat(admin.call("Caravan.DealRewind", cid(deal), name, null).path("state").asInt()).isEqualTo(19);
        }
    }

    @Test
    void answersBadInputWithItsCodeAndChangesNothing() {
        Deal deal = in(DealState.SEALING);
        Deal stranger = aDeal("stranger").build();
        refused("OP1 no-such-deal", "Caravan.DealRetry", cid(stranger), null);
        refused("OP3 not-before-publish", "Caravan.DealCancel", cid(deal), null);
        refused("OP3 not-before-publish", "Caravan.DealFail", cid(deal), null);
        refused("OP3 not-before-publish", "Caravan.DealRewind", cid(deal), "VerifyData", null);
        refused("OP4 no-such-rewind", "Caravan.DealRewind", cid(deal), "Finalizing", null);
        refused("OP5 no-such-state: a deal of the provider has no state 'ClientFunding'", "Caravan.DealRewind", cid(deal),
                "ClientFunding", null);
        refused("OP5 no-such-state", "Caravan.DealRewind", cid(deal), "x".repeat(100_000), null);
        refused("OP7 nothing-held", "Caravan.DealReleaseFunds", cid(deal), null);
        refused("OP9 bad-reason", "Caravan.DealRetry", cid(deal), "a\nb");
        refused("nothing waits on 'rain'", "Caravan.DealsWaiting", "rain", 10);
        refused("a page has 1 to 1000 entries", "Caravan.DealsStuck", 0);
        assertThatThrownBy(() -> admin.call("Caravan.DealCancel", "no cid", null)).hasMessageContaining("proposal CID");
        assertThatThrownBy(() -> admin.call("Caravan.DealCancel", cid(deal))).hasMessageContaining("2");
        assertThat(deals.find(deal.proposalCid(), Role.PROVIDER)).contains(deal);
    }

    private void refused(String code, String method, Object... params) {
        assertThatThrownBy(() -> admin.call(method, params)).hasMessageStartingWith(code);
    }

    @Test
    void wantsTheRightToChangeADeal() {
        Deal deal = in(DealState.VERIFY_DATA);
        for (String method : List.of("Caravan.DealCancel", "Caravan.DealFail", "Caravan.DealReleaseFunds")) {
            assertThatThrownBy(() -> with(Permission.READ, Permission.WRITE).call(method, cid(deal), null))
                    .hasMessageContaining("admin");
        }
        assertThatThrownBy(() -> with(Permission.READ).call("Caravan.DealRetry", cid(deal), null))
                .hasMessageContaining("write");
        assertThat(with(Permission.WRITE).call("Caravan.DealRetry", cid(deal), null).path("state").asInt()).isEqualTo(19);
        assertThat(deals.find(deal.proposalCid(), Role.PROVIDER).orElseThrow().state()).isEqualTo(DealState.VERIFY_DATA);
    }

    @Test
    void listsGoOnPageByPageAndFilterByStateAndPiece() {
        List<DealState> states = List.of(DealState.ACTIVE, DealState.EXPIRED, DealState.ACTIVE, DealState.ERROR, DealState.ACTIVE);
        List<Deal> all = new ArrayList<>();
        for (int i = 0; i < states.size(); i++) {
            all.add(deals.insert(aDeal("l" + i).as(Role.PROVIDER).in(states.get(i)).at(START.plusSeconds(i)).build()).deal());
        }
        JsonNode first = admin.call("Caravan.Deals", Map.of("states", List.of("Active"), "limit", 2));
        assertThat(keys(first)).containsExactly(text(all.get(4)), text(all.get(2)));
        JsonNode second = admin.call("Caravan.Deals", Map.of("states", List.of("Active"), "limit", 2, "after", first.path("next").asText()));
        assertThat(keys(second)).containsExactly(text(all.get(0)));
        assertThat(second.path("next").isNull()).as("the last page").isTrue();
        String piece = all.get(3).proposal().proposal().pieceCid().toString();
        assertThat(keys(admin.call("Caravan.Deals", Map.of("piece", piece, "states", List.of("Error"))))).contains(text(all.get(3)));
        assertThat(keys(admin.call("Caravan.Deals", Map.of("party", "f07")))).isEmpty();
        assertThat(keys(admin.call("Caravan.Deals", 3))).hasSize(3);
        assertThatThrownBy(() -> admin.call("Caravan.Deals", Map.of("after", piece))).hasMessageContaining("L6 unknown-after: ");
    }

    private static List<String> keys(JsonNode page) {
        List<String> keys = new ArrayList<>();
        page.path("deals").forEach(deal -> keys.add(deal.path("proposalCid").asText()));
        return keys;
    }

    private static String text(Deal deal) {
        return deal.proposalCid().toString();
    }
}
