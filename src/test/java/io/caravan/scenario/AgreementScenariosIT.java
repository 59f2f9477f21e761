package io.caravan.scenario;

import static io.caravan.model.DealState.ACTIVE;
import static io.caravan.model.DealState.CHECK_FOR_ACCEPTANCE;
import static io.caravan.model.DealState.ERROR;
import static io.caravan.model.DealState.PUBLISH;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.codec.CborWriter;
import io.caravan.codec.Cid;
import io.caravan.crypto.FilKey;
import io.caravan.crypto.KeyType;
import io.caravan.libp2p.Multiaddr;
import io.caravan.libp2p.PeerId;
import io.caravan.libp2p.Stream;
import io.caravan.market.DealStatusRequest;
import io.caravan.market.MarketProtocols;
import io.caravan.market.ProviderDealState;
import io.caravan.model.DealState;
import io.caravan.model.SignedProposal;
import io.caravan.support.Await;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Whatever the two sides are asked, they say the same (deal-lifecycle §11, §15.9). */
@TestMethodOrder(MethodOrderer.MethodName.class)
class AgreementScenariosIT {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Map<String, String> USUAL = Map.of("daemon.status.every", "200ms", "daemon.status.forget-after", "2s");

    static World world;

    @BeforeAll
    static void start() {
        world = World.with().set(USUAL).start();
    }

    @AfterAll
    static void end() {
        if (world != null) {
            world.close();
        }
    }

    @BeforeEach
    void everyWireWhole() {
        world.libp2p().restore();
    }

    /** A deal that rests at the miner in Publish and at the daemon in CheckForAcceptance. */
    private static String resting() {
        world.miner().restart(Map.of("miner.publish.period", "1h"));
        String deal = world.deal(1300);
        world.await(world.miner(), deal, PUBLISH);
        world.await(world.daemon(), deal, CHECK_FOR_ACCEPTANCE);
        return deal;
    }

    private static JsonNode info(String deal) {
        return world.daemon().call("ClientGetDealInfo", Map.of("/", deal));
    }

    private static void finish(String... deals) {
        world.miner().restart(Map.of("miner.publish.period", "0s"));
        world.awaitActive(deals);
        world.checkG(deals);
    }

    @Test
    @DisplayName("S130 a signed status query tells all eight fields of the miner's row")
    void a130() {
        try (ForeignClient foreign = world.foreign()) {
            SignedProposal proposal = foreign.signed(foreign.terms());
            foreign.propose(proposal);
            ProviderDealState said = foreign.status(proposal.proposalCid());
            JsonNode row = row(proposal.proposalCid());
            assertThat(said.state().code()).isEqualTo(row.path("State").asLong());
            assertThat(said.message()).isEqualTo(row.path("Message").asText());
            assertThat(said.proposal()).isEqualTo(proposal.proposal());
            assertThat(said.proposalCid()).isEqualTo(proposal.proposalCid());
            assertThat(said.addFundsCid()).isNull();
            assertThat(said.publishCid()).isNull();
            assertThat(row.path("AddFundsCid").isNull() && row.path("PublishCid").isNull()).isTrue();
            assertThat(said.dealId()).isEqualTo(row.path("DealID").asLong());
            assertThat(said.fastRetrieval()).isEqualTo(row.path("FastRetrieval").asBoolean());
        }
    }

    private static JsonNode row(Cid proposalCid) {
        for (JsonNode deal : world.miner().call("MarketListIncompleteDeals")) {
            if (deal.path("ProposalCid").path("/").asText().equals(proposalCid.toString())) {
                return deal;
            }
        }
        throw new AssertionError("the miner does not list " + proposalCid);
    }

    @Test
    @DisplayName("S131 a status query signed by somebody else is answered 'internal error' about no deal")
    void b131() {
        try (ForeignClient foreign = world.foreign()) {
            SignedProposal proposal = foreign.signed(foreign.terms());
            foreign.propose(proposal);
            FilKey other = FilKey.generate(KeyType.SECP256K1, new SecureRandom());
            ProviderDealState said = foreign.status(proposal.proposalCid(), other.sign(DealStatusRequest.signedBytes(proposal.proposalCid()).toArray()));
            assertThat(said.state()).isEqualTo(ERROR);
            assertThat(said.message()).isEqualTo("internal error");
            assertThat(said.proposalCid()).isNull();
            assertThat(said.isAnswer()).isFalse();
        }
    }

    @Test
    @DisplayName("S132 a status query about an unknown proposal is answered 'no such proposal', signed")
    void c132() {
        try (ForeignClient foreign = world.foreign()) {
            ProviderDealState said = foreign.status(foreign.signed(foreign.terms()).proposalCid());
            assertThat(said.state()).isEqualTo(ERROR);
            assertThat(said.message()).isEqualTo("no such proposal");
            assertThat(said.proposal()).isNull();
            assertThat(said.proposalCid()).isNull();
        }
    }

    @Test
    @DisplayName("S136 while the miner is away the daemon keeps its last word, says that it is stale, and agrees again when it is back")
    void d136() {
        String deal = resting();
        Await.until("both say Publish", SOON, () -> world.shown(deal) == PUBLISH);
        world.libp2p().cut();
        Await.until("two questions without an answer", SOON, () -> info(deal).path("Stale").asBoolean()
                && Integer.parseInt(world.daemon().value("SELECT poll_errors FROM deal WHERE proposal_cid = '" + deal + "'")) >= 2);
        assertThat(world.shown(deal)).isEqualTo(PUBLISH);
        assertThat(info(deal).path("RemoteError").asText()).isNotEmpty();
        assertThat(Instant.parse(info(deal).path("RemoteAt").asText())).isBefore(Instant.now());
        JsonNode audit = world.daemon().call("Caravan.Audit", 1000L);
        assertThat(audit.path("disagreements").toString()).contains("A1").contains(deal).contains("./caravan doctor");
        world.libp2p().restore();
        Await.until("fresh again", SOON, () -> !info(deal).path("Stale").asBoolean());
        assertThat(world.shown(deal)).isEqualTo(PUBLISH);
        finish(deal);
        assertThat(world.daemon().call("Caravan.Audit", 1000L).path("disagreements")).isEmpty();
        assertThat(world.miner().call("Caravan.Audit", 1000L).path("disagreements")).isEmpty();
    }

    @Test
    @DisplayName("S138 a poked daemon asks at once, however seldom it would by itself")
    void e138() {
        world.daemon().restart(Map.of("daemon.status.every", "1h"));
        try {
            String deal = world.deal(1350);
            world.awaitActive(deal);
            Await.until("the daemon has heard that it is active", SOON, () -> info(deal).path("RemoteState").asLong() == ACTIVE.code());
            world.checkG(deal);
        } finally {
            world.daemon().restart(USUAL);
        }
    }

    @Test
    @DisplayName("S139 forged pokes of a stranger, a hundred a second, have the daemon ask nobody")
    void f139() throws Exception {
        String deal = resting();
        Await.until("both say Publish", SOON, () -> world.shown(deal) == PUBLISH);
        world.daemon().restart(Map.of("daemon.status.every", "1h"));
        try (ForeignClient foreign = world.foreign()) {
            String before = asked(deal);
            JsonNode self = world.daemon().call("NetAddrsListen");
            List<Multiaddr> addresses = new ArrayList<>();
            self.path("Addrs").forEach(address -> addresses.add(Multiaddr.parse(address.asText())));
            PeerId peer = PeerId.parse(self.path("ID").asText());
            for (int i = 0; i < 100; i++) {
                try (Stream stream = foreign.host().newStream(peer, addresses, List.of(MarketProtocols.STATUS_POKE), SOON)) {
                    stream.out().write(new CborWriter().array(2).cid(Cid.parse(deal)).uint(i).toByteArray());
                    stream.closeWrite();
                }
            }
            assertThat(world.daemon().state(deal)).isEqualTo(CHECK_FOR_ACCEPTANCE);
            assertThat(asked(deal)).isEqualTo(before);
        } finally {
            world.daemon().restart(USUAL);
        }
        finish(deal);
    }

    private static String asked(String deal) {
        return world.daemon().value("SELECT polls FROM deal WHERE proposal_cid = '" + deal + "'");
    }

    @Test
    @DisplayName("S140 a miner that pokes nobody is followed by asking")
    void g140() {
        world.miner().restart(Map.of("miner.status.poke", "false", "miner.publish.period", "0s"));
        String deal = world.deal(1400);
        world.awaitActive(deal);
        world.checkG(deal);
        world.miner().restart(Map.of("miner.status.poke", "true"));
    }

    @Test
    @DisplayName("S143 what the daemon shows after acceptance is what the miner was, in the same order")
    void h143() {
        List<String> deals = List.of(world.deal(1410), world.deal(1420), world.deal(1430));
        world.awaitActive(deals.toArray(String[]::new));
        for (String deal : deals) {
            List<DealState> atMiner = world.miner().path(deal);
            List<DealState> shown = world.shownSoFar(deal);
            int from = 0;
            while (from < shown.size() && !atMiner.contains(shown.get(from))) {
                from++; // before the miner has accepted the daemon shows its own states
            }
            List<DealState> after = shown.subList(from, shown.size());
            assertThat(atMiner).as("%s of %s", after, atMiner).containsSubsequence(after.toArray(DealState[]::new));
        }
        world.checkG(deals.toArray(String[]::new));
    }

    @Test
    @DisplayName("S137 a start epoch that passes without acceptance fails the daemon's deal by itself")
    void y137() {
        world.miner().restart(Map.of("miner.publish.period", "1h", "miner.accept.seal-time", "1s", "miner.publish.start-buffer", "0"));
        long start = world.chain().height() + 300;
        String deal = world.start(Offer.of(world.imported(world.file(1500))).start(start));
        world.await(world.daemon(), deal, CHECK_FOR_ACCEPTANCE);
        world.await(world.miner(), deal, PUBLISH);
        world.libp2p().cut();
        world.chain().warp(start + 12);
        world.await(world.daemon(), deal, ERROR);
        assertThat(world.daemon().message(deal)).contains("start epoch");
        world.libp2p().restore();
        world.await(world.miner(), deal, ERROR);
        world.checkG(deal);
    }

    @Test
    @DisplayName("S133 a miner that lost its deals is believed only after ten signed answers and the time set for it")
    void z133() {
        String deal = resting();
        world.daemon().restart(Map.of("daemon.status.every", "20ms", "daemon.status.forget-after", "2s")); // each question comes later than the one before
        String where = " WHERE proposal_cid = '" + deal + "' RETURNING 1) SELECT count(*) FROM gone";
        world.miner().value("WITH gone AS (DELETE FROM deal_event" + where);
        world.miner().value("WITH gone AS (DELETE FROM deal" + where);
        Await.until("the daemon was told so at least once", SOON, () -> info(deal).path("RemoteError").asText().contains("no such proposal"));
        world.await(world.daemon(), deal, ERROR);
        assertThat(world.daemon().message(deal)).contains("knows no such deal any more");
        assertThat(Integer.parseInt(world.daemon().value("SELECT remote_unknown FROM deal WHERE proposal_cid = '" + deal + "'"))).as("the tenth ended it").isGreaterThanOrEqualTo(9);
    }
}
