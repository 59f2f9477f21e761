package io.caravan.node.api;

import static io.caravan.support.DealBuilder.aDeal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.deal.TransferRows;
import io.caravan.model.Deal;
import io.caravan.model.DealEvent;
import io.caravan.model.DealLabel;
import io.caravan.model.DealProposal;
import io.caravan.model.DealState;
import io.caravan.model.ModelJson;
import io.caravan.model.Network;
import io.caravan.model.Role;
import io.caravan.model.SignedProposal;
import io.caravan.model.WaitsOn;
import io.caravan.node.api.AlertsApi.Alert;
import io.caravan.node.net.Finding;
import io.caravan.node.net.Finding.Level;
import io.caravan.rpc.ChannelListener;
import io.caravan.rpc.MethodTable;
import io.caravan.rpc.Permission;
import io.caravan.rpc.RpcClient;
import io.caravan.rpc.RpcServer;
import io.caravan.rpc.RpcSubscription;
import io.caravan.rpc.ServerConfig;
import io.caravan.rpc.Tokens;
import io.caravan.store.DealCounts;
import io.caravan.store.DealSearch;
import io.caravan.store.Outbox;
import io.caravan.store.PostgresDealStore;
import io.caravan.store.Sql;
import io.caravan.store.TransferStore;
import io.caravan.store.WaitingDeals;
import io.caravan.support.SettableClock;
import io.caravan.support.TestPostgres;
import io.caravan.time.Timeline;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What only the dashboard asks a miner, on real rows over a real port. */
@Tag("db")
@TestInstance(Lifecycle.PER_CLASS)
class DashboardApiTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    private final SettableClock clock = SettableClock.at(START);
    private final Tokens tokens = Tokens.ofSecret(new byte[32]);
    private PostgresDealStore deals;
    private AlertsApi alerts;
    private FollowApi follow;
    private RpcServer server;
    private RpcClient reader;

    @BeforeAll
    void serve() {
        Sql sql = POSTGRES.database().sql();
        deals = POSTGRES.deals(clock, "node");
        ApiJson json = new ApiJson(Network.TESTNET);
        MethodTable methods = new MethodTable();
        methods.errors(new ApiErrors());
        OverviewApi.Heads heads = () -> new OverviewApi.Heads.Head(100, START, 30_000);
        new OverviewApi(json, Role.PROVIDER, new OverviewApi.About("1.0", "12D3KooW", "testnet"), new DealCounts(sql, Role.PROVIDER, clock),
                heads, clock).register(methods);
        new DealSearchApi(json, new DealSearch(sql, Role.PROVIDER)).register(methods);
        alerts = new AlertsApi(json, Role.PROVIDER, new WaitingDeals(sql, clock), clock);
        alerts.register(methods);
        new LimitsApi(json, List.of("a."), () -> Map.of("a.size", "How big.", "a.filter", "A command.", "b.other", "No limit."),
                key -> Optional.of(key.equals("a.filter") ? "curl -H secret" : "3")).register(methods);
        follow = new FollowApi(json, new FollowApi.Tools(Role.PROVIDER, deals, new Outbox(sql), new TransferRows(new TransferStore(sql)), heads),
                Timeline.of(Clock.systemUTC()).alarms("follow", 1));
        follow.register(methods);
        server = new RpcServer(ServerConfig.loopback(0), methods, tokens, Map.of(), ModelJson.module(Network.TESTNET));
        server.start();
        reader = new RpcClient(URI.create("http://127.0.0.1:" + server.address().getPort() + "/rpc/v1"), tokens.issue(List.of(Permission.READ)));
    }

    @AfterAll
    void close() {
        follow.close();
        server.close();
    }

    @BeforeEach
    void empty() {
        POSTGRES.database().sql().write("test/empty", Map.of());
        clock.forward(Duration.ofMinutes(10));
    }

    private Deal in(String name, DealState state) {
        return deals.insert(aDeal(name).in(state).build()).deal();
    }

    @Test
    void theOverviewCountsEachStateAndSaysWhatTheCallerMay() {
        in("a", DealState.PUBLISH);
        in("b", DealState.PUBLISH);
        in("c", DealState.ACTIVE);
        JsonNode told = reader.call("Caravan.Overview");
        assertThat(told.path("role").asText()).isEqualTo("miner");
        assertThat(told.path("you").path("permissions").toString()).isEqualTo("[\"read\"]");
        assertThat(told.path("you").path("signedIn").asBoolean()).isTrue();
        assertThat(told.path("counts").path("StorageDealPublish").asLong()).isEqualTo(2);
        assertThat(told.path("counts").path("StorageDealActive").asLong()).isEqualTo(1);
        assertThat(told.path("counts").has("StorageDealError")).isFalse();
        assertThat(told.path("head").path("epoch").asLong()).isEqualTo(100);
        assertThat(told.path("head").path("epochMillis").asLong()).isEqualTo(30_000);
    }

    @Test
    void everyStateOfOursIsInOneChapter() {
        JsonNode told = reader.call("Caravan.States");
        assertThat(told.path("groups")).hasSize(7);
        List<String> named = told.path("groups").findValues("states").stream().flatMap(list -> {
            List<String> names = new ArrayList<>();
            list.forEach(name -> names.add(name.asText()));
            return names.stream();
        }).toList();
        assertThat(named).doesNotHaveDuplicates();
        told.path("states").forEach(state -> {
            if (state.path("isOurs").asBoolean()) {
                assertThat(named).contains(state.path("name").asText());
            }
        });
    }

    @Test
    void aDealIsFoundByWhateverOneHasInHand() {
        Deal deal = deals.insert(labelled(aDeal("a").in(DealState.ACTIVE).build(), "Holiday <Photos>")).deal();
        in("b", DealState.ACTIVE);
        for (String text : List.of(deal.proposalCid().toString().substring(0, 30), deal.proposal().proposal().pieceCid().toString(),
                deal.dataRef().root().toString(), "holiday", "Holiday <P")) {
            assertThat(reader.call("Caravan.DealSearch", text, 10)).as(text).hasSize(1).first()
                    .satisfies(found -> assertThat(found.path("proposalCid").asText()).isEqualTo(deal.proposalCid().toString()));
        }
        assertThat(reader.call("Caravan.DealSearch", "bafy", 10)).as("both").hasSize(2);
        assertThat(reader.call("Caravan.DealSearch", "photos", 10)).as("a label's middle is not looked for").isEmpty();
        assertThat(reader.call("Caravan.DealSearch", "12345", 10)).isEmpty();
        assertThatThrownBy(() -> reader.call("Caravan.DealSearch", "ba", 10)).hasMessageContaining("L7 search-text");
        assertThatThrownBy(() -> reader.call("Caravan.DealSearch", "x".repeat(257), 10)).hasMessageContaining("L7 search-text");
        assertThatThrownBy(() -> reader.call("Caravan.DealSearch", "bafy", 101)).hasMessageContaining("L5 page-size");
    }

    private static Deal labelled(Deal deal, String label) {
        DealProposal p = deal.proposal().proposal();
        DealProposal other = new DealProposal(p.pieceCid(), p.pieceSize(), p.isVerified(), p.client(), p.provider(), DealLabel.ofText(label),
                p.startEpoch(), p.endEpoch(), p.storagePricePerEpoch(), p.providerCollateral(), p.clientCollateral());
        return new Deal(deal.proposalCid(), deal.role(), deal.state(), deal.version(), deal.seq(),
                new SignedProposal(other, deal.proposal().signature()), deal.dataRef(), deal.fastRetrieval(), deal.peer(), deal.transfer(),
                deal.files(), deal.funds(), deal.chain(), deal.remote(), deal.message(), deal.turn(), deal.waiting(), deal.createdAt(),
                deal.enteredAt(), deal.updatedAt());
    }

    @Test
    void whatNeedsAPersonIsToldWithWhatToDo() {
        deals.insert(aDeal("a").in(DealState.RESERVE_PROVIDER_FUNDS).build().waitingFor(WaitsOn.MONEY, "money: wallet f01 has too little",
                START, null));
        in("b", DealState.PUBLISH);
        alerts.addFindings(() -> List.of(new Finding("NODE-01", Level.FAIL, "the chain answers", "the chain does not answer", "start it"),
                new Finding("NODE-02", Level.OK, "the wallet can pay", "it can", null)));
        alerts.add(() -> {
            throw new IllegalStateException("the disk is away");
        });
        alerts.add(() -> List.of(new Alert("swap-1", false, "A route was refused", "R5", "Mend the file", START, "#/routes")));
        JsonNode told = reader.call("Caravan.Alerts");
        assertThat(told.path("stuck").asInt()).isEqualTo(1);
        assertThat(told.path("alerts").findValuesAsText("title")).containsExactlyInAnyOrder("The chain does not answer",
                "A check could not be made", "A route was refused", "A deal waits for money");
        assertThat(told.path("alerts").path(0).path("level").asText()).as("the worst first").isEqualTo("fail");
        assertThat(told.path("alerts").toString()).contains("start it", "money: wallet f01 has too little", "#/deal/baf");
    }

    @Test
    void limitsAreToldWithoutTheSecretsThatACommandMayHold() {
        JsonNode told = reader.call("Caravan.Limits");
        assertThat(told.path("limits")).hasSize(2);
        assertThat(told.toString()).contains("\"a.size\"", "How big.").contains("\"set\"").doesNotContain("secret", "b.other");
    }

    @Test
    void whoFollowsHearsOfEachDealThatMovesAsItIsThen() throws Exception {
        in("before", DealState.PUBLISH);
        BlockingQueue<JsonNode> heard = new LinkedBlockingQueue<>();
        RpcSubscription subscription = reader.subscribe("Caravan.Follow", List.of(), into(heard));
        assertThat(heard.poll(10, TimeUnit.SECONDS).path("head").path("epoch").asLong()).isEqualTo(100);
        Deal deal = in("a", DealState.VALIDATING);
        deals.advance(deals.claim(Role.PROVIDER, DealState.VALIDATING, 1, Duration.ofMinutes(1)).get(0), DealEvent.DEAL_DECIDING);
        JsonNode news = heard.poll(10, TimeUnit.SECONDS);
        while (!news.has("deals")) {
            news = heard.poll(10, TimeUnit.SECONDS);
        }
        assertThat(news.path("deals")).hasSize(1);
        assertThat(news.path("deals").path(0).path("proposalCid").asText()).isEqualTo(deal.proposalCid().toString());
        assertThat(news.path("deals").path(0).path("stateName").asText()).isEqualTo("StorageDealAcceptWait");
        subscription.close();
    }

    private static ChannelListener into(BlockingQueue<JsonNode> heard) {
        return new ChannelListener() {
            @Override
            public void onValue(JsonNode value) {
                heard.add(value);
            }

            @Override
            public void onClosed(String reason) {
                // nobody waits for it
            }
        };
    }
}
