package io.caravan.node.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.chain.MinerInfo;
import io.caravan.codec.Cid;
import io.caravan.model.Deal;
import io.caravan.model.DealEvent;
import io.caravan.model.DealState;
import io.caravan.model.Epoch;
import io.caravan.model.FilAddress;
import io.caravan.model.ModelJson;
import io.caravan.model.Network;
import io.caravan.model.PaddedPieceSize;
import io.caravan.model.Role;
import io.caravan.model.Sector;
import io.caravan.model.SectorPiece;
import io.caravan.rpc.MethodTable;
import io.caravan.rpc.Permission;
import io.caravan.rpc.RpcClient;
import io.caravan.rpc.RpcServer;
import io.caravan.rpc.ServerConfig;
import io.caravan.rpc.Tokens;
import io.caravan.store.Backoff;
import io.caravan.store.Deadlines;
import io.caravan.store.DealStore;
import io.caravan.store.PostgresSectorStore;
import io.caravan.store.SectorStore;
import io.caravan.support.DealBuilder;
import io.caravan.support.FakeChain;
import io.caravan.support.SettableClock;
import io.caravan.support.TestPostgres;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("db")
@Timeout(60)
class SectorApiTest {
    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    private static final FilAddress MINER = FilAddress.ofId(1000);

    private final SettableClock clock = SettableClock.at(Instant.parse("2026-01-01T12:00:00Z"));
    private final Tokens tokens = Tokens.ofSecret(new byte[32]);
    private final MethodTable methods = new MethodTable();
    private SectorStore sectors;
    private DealStore deals;
    private RpcServer server;
    private RpcClient miner;

    @BeforeEach
    void start() {
        sectors = new PostgresSectorStore(POSTGRES.database().sql(), clock, "node", Deadlines.usual(),
                Backoff.usual(new Random(1)));
        deals = POSTGRES.deals(clock, "node");
        FakeChain chain = FakeChain.at(100).miner(MINER,
                new MinerInfo(FilAddress.ofId(100), FilAddress.ofId(101), List.of(), null, List.of(), 10, 2048));
        methods.errors(new ApiErrors());
        new SectorApi(new ApiJson(Network.TESTNET), MINER, sectors, deals, chain).register(methods);
        server = new RpcServer(ServerConfig.loopback(0), methods, tokens, Map.of(), ModelJson.module(Network.TESTNET));
        server.start();
        miner = new RpcClient(URI.create("http://127.0.0.1:" + server.address().getPort() + "/rpc/v0"),
                tokens.issue(List.of(Permission.READ)));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void showsASectorWithItsPiecesAndItsHistory() {
        Sector sector = sectors.open(MINER, 5, null);
        Deal deal = DealBuilder.aDeal("sealed").as(Role.PROVIDER).in(DealState.UNKNOWN).at(clock.instant()).build();
        deals.insert(deal, DealEvent.OPEN);
        var terms = deal.proposal().proposal();
        Cid publish = Cid.dagCborBlake2b(new byte[] {1});
        sectors.handOff(new SectorPiece(deal.proposalCid(), 7, publish, terms.pieceCid(), terms.pieceSize(),
                "/staging/x.car", 1500,
                terms.startEpoch(), Epoch.of(600_000), true, clock.instant(), null, null, null, null));
        sectors.assign(deal.proposalCid(), sector.number(), PaddedPieceSize.of(2048));
        long number = sector.number().value();

        assertThat(miner.call("Filecoin.ActorAddress").asText()).isEqualTo("t01000");
        assertThat(miner.call("Filecoin.ActorSectorSize", "t01000").asLong()).isEqualTo(2048);
        assertThat(miner.call("Filecoin.SectorsList").toString()).isEqualTo("[" + number + "]");
        assertThat(miner.call("Filecoin.SectorsSummary").toString()).isEqualTo("{\"PreCommitPhase1\":1}");
        assertThat(miner.call("Filecoin.SectorsListInStates", List.of("PreCommitPhase1", "Nonsense")).size())
                .isEqualTo(1);
        assertThat(miner.call("Filecoin.SectorsListInStates", List.of("Proving"))).isEmpty();
        assertThat(miner.call("Filecoin.SectorsListInStates", List.of("Nonsense")).isNull()).isTrue();
        assertThat(miner.call("Filecoin.SectorsRefs").toString())
                .isEqualTo("{\"7\":[{\"SectorID\":" + number + ",\"Offset\":0,\"Size\":2032}]}");

        JsonNode status = miner.call("Filecoin.SectorsStatus", number, true);
        assertThat(fields(status)).containsExactly("SectorID", "State", "CommD", "CommR", "Proof", "Deals", "Pieces",
                "Ticket", "Seed",
                "PreCommitMsg", "CommitMsg", "Retries", "ToUpgrade", "ReplicaUpdateMessage", "LastErr", "Log",
                "SealProof",
                "Activation", "Expiration", "DealWeight", "VerifiedDealWeight", "InitialPledge", "OnTime", "Early");
        assertThat(status.path("State").asText()).isEqualTo("PreCommitPhase1");
        assertThat(status.path("Deals").toString()).isEqualTo("[7]");
        JsonNode piece = status.path("Pieces").get(0);
        assertThat(piece.path("Piece").path("PieceCID").path("/").asText()).isEqualTo(terms.pieceCid().toString());
        assertThat(piece.path("DealInfo").path("DealProposal").path("Provider").asText()).isEqualTo("t01000");
        assertThat(status.path("Log")).isNotEmpty();
        assertThat(status.path("Log").get(0).path("Kind").asText()).isEqualTo("event;Open");
    }

    @Test
    void refusesWhatItDoesNotHave() {
        assertThatThrownBy(() -> miner.call("Filecoin.SectorsStatus", 4711, false)).hasMessage("sector 4711 not found");
        assertThatThrownBy(() -> miner.call("Filecoin.SectorsStatus", -1, false))
                .hasMessageContaining("param 1: sector number");
        assertThatThrownBy(() -> miner.call("Filecoin.SectorsStatus", 1, "yes"))
                .hasMessageContaining("param 2: showOnChainInfo");
        assertThatThrownBy(() -> miner.call("Filecoin.ActorSectorSize", "t04711"))
                .hasMessageContaining("actor not found");
    }

    private static List<String> fields(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
