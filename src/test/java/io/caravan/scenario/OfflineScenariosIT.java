package io.caravan.scenario;

import static io.caravan.model.DealState.ACTIVE;
import static io.caravan.model.DealState.FUNDS_RESERVED;
import static io.caravan.model.DealState.PROVIDER_FUNDING;
import static io.caravan.model.DealState.PUBLISH;
import static io.caravan.model.DealState.RESERVE_PROVIDER_FUNDS;
import static io.caravan.model.DealState.TRANSFERRING;
import static io.caravan.model.DealState.VERIFY_DATA;
import static io.caravan.model.DealState.WAITING_FOR_DATA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.codec.Cid;
import io.caravan.model.DealProposal;
import io.caravan.model.PaddedPieceSize;
import io.caravan.model.TokenAmount;
import io.caravan.node.cli.CliException;
import io.caravan.piece.Piece;
import io.caravan.support.Await;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Deals whose data an operator brings to the miner (deal-lifecycle §15.1, §10.3). */
class OfflineScenariosIT {

    static World world;

    @BeforeAll
    static void start() {
        world = World.with().start();
    }

    @AfterAll
    static void end() {
        if (world != null) {
            world.close();
        }
    }

    /** A CAR that a client made of a file, and the piece it is. */
    private record Data(Cid root, Path car, Piece piece) {

        static Data of(int bytes) {
            Path file = world.file(bytes);
            Cid root = world.imported(file);
            Path car = file.resolveSibling(file.getFileName() + ".car");
            world.daemon().call("ClientGenCar", Map.of("Path", file.toString(), "IsCAR", false), car.toString());
            JsonNode piece = world.daemon().call("ClientDealPieceCID", Map.of("/", root.toString()));
            JsonNode ofCar = world.daemon().call("ClientCalcCommP", car.toString());
            assertThat(ofCar.path("Root")).isEqualTo(piece.path("PieceCID"));
            assertThat(ofCar.path("Size").asLong()).isEqualTo(piece.path("PieceSize").asLong() / 128 * 127);
            return new Data(root, car, new Piece(Cid.parse(piece.path("PieceCID").path("/").asText()),
                    PaddedPieceSize.of(piece.path("PieceSize").asLong())));
        }

        Offer offer() {
            return offer(piece);
        }

        Offer offer(Piece asked) {
            return Offer.manual(root, asked.commP(), asked.size().unpadded().bytes());
        }
    }

    private static void bring(String deal, Path car) {
        world.miner().call("MarketImportDealData", Map.of("/", deal), car.toString());
    }

    /** The miner waits, and the daemon shows that it does. */
    private static void awaitWaiting(String deal) {
        world.await(world.miner(), deal, WAITING_FOR_DATA);
        Await.until(() -> "the daemon shows WaitingForData\n" + world.story(deal), Duration.ofSeconds(60),
                () -> world.shown(deal) == WAITING_FOR_DATA);
        assertThat(world.miner().state(deal)).isEqualTo(WAITING_FOR_DATA);
    }

    @Test
    @DisplayName("S006 an offline deal rests until its data is brought, then becomes active")
    void dataIsBrought() {
        Data data = Data.of(50_000);
        String deal = world.start(data.offer());
        awaitWaiting(deal);
        assertThat(world.miner().count("deal_tag WHERE kind IN ('ARRIVING', 'STAGING') AND proposal_cid = '" + deal + "'")).isZero();
        bring(deal, data.car());
        world.awaitActive(deal);
        assertThat(world.miner().path(deal)).filteredOn(state -> state != PROVIDER_FUNDING)
                .containsSubsequence(WAITING_FOR_DATA, RESERVE_PROVIDER_FUNDS, PUBLISH, ACTIVE)
                .doesNotContain(TRANSFERRING, VERIFY_DATA);
        assertThat(world.daemon().path(deal)).contains(FUNDS_RESERVED).doesNotContain(TRANSFERRING).endsWith(ACTIVE);
        assertThat(data.car()).exists();
        assertThatThrownBy(() -> bring(deal, data.car())).isInstanceOf(CliException.class).hasMessageContaining("IM3 not-waiting");
        world.checkG(deal);
        assertThat(world.miner().files("staging")).noneMatch(file -> file.toString().contains(deal));
    }

    @Test
    @DisplayName("S007 the wrong file is refused and leaves nothing behind, the right one goes on")
    void wrongFileFirst() {
        Data data = Data.of(40_000);
        Data other = Data.of(40_000);
        Data larger = Data.of(400_000);
        String deal = world.start(data.offer());
        awaitWaiting(deal);
        assertThatThrownBy(() -> bring(deal, other.car())).isInstanceOf(CliException.class)
                .hasMessageContaining("IM7 wrong-piece").hasMessageContaining(data.piece().commP().toString())
                .hasMessageContaining(other.piece().commP().toString());
        assertThatThrownBy(() -> bring(deal, larger.car())).isInstanceOf(CliException.class).hasMessageContaining("IM5 too-large");
        assertThatThrownBy(() -> bring(deal, world.root().resolve("none.car"))).isInstanceOf(CliException.class)
                .hasMessageContaining("IM4 no-such-file");
        assertThat(world.miner().state(deal)).isEqualTo(WAITING_FOR_DATA);
        assertThat(world.miner().files("staging")).noneMatch(file -> file.toString().contains(deal));
        bring(deal, data.car());
        world.awaitActive(deal);
        world.checkG(deal);
    }

    @Test
    @DisplayName("S013 data in a piece four times larger than it needs is padded to it and taken")
    void largerPiece() {
        Data data = Data.of(60_000);
        Piece larger = data.piece().paddedTo(PaddedPieceSize.of(data.piece().size().bytes() * 4));
        String deal = world.start(data.offer(larger));
        awaitWaiting(deal);
        bring(deal, data.car());
        world.awaitActive(deal);
        assertThat(world.proposal(deal).pieceCid()).isEqualTo(larger.commP());
        assertThat(world.proposal(deal).pieceSize()).isEqualTo(larger.size());
        world.checkG(deal);
    }

    @Test
    @DisplayName("data for an online deal, and for none, is refused before a byte is copied")
    void onlyOfflineDeals() {
        Data data = Data.of(5_000);
        String online = world.deal(5_000);
        world.await(world.miner(), online, WAITING_FOR_DATA);
        assertThatThrownBy(() -> bring(online, data.car())).isInstanceOf(CliException.class).hasMessageContaining("IM2 not-offline");
        assertThatThrownBy(() -> bring(data.root().toString(), data.car())).isInstanceOf(CliException.class)
                .hasMessageContaining("IM1 no-such-deal");
        world.awaitActive(online);
        world.checkG(online);
    }

    @Test
    @DisplayName("S008 a verified deal is paid for at the verified price, and its datacap is allocated, then claimed")
    void verified() {
        assertThatThrownBy(() -> world.start(Offer.of(world.imported(world.file(3_000))).verified()))
                .isInstanceOf(CliException.class).hasMessageContaining("datacap");
        world.chain().grantDatacap(world.wallet(), 1 << 20);
        world.setAsk(TokenAmount.ofAtto(500_000_000_000L), TokenAmount.ofAtto(50_000_000_000L));
        String deal = world.start(Offer.of(world.imported(world.file(30_000))).verified());
        world.setAsk(TokenAmount.ZERO, TokenAmount.ZERO);
        DealProposal proposal = world.proposal(deal);
        assertThat(proposal.isVerified()).isTrue();
        assertThat(proposal.storagePricePerEpoch()).isEqualTo(World.priceAt(TokenAmount.ofAtto(50_000_000_000L), proposal.pieceSize().bytes()));
        world.awaitActive(deal);
        assertThat(world.chain().reads().verifiedDatacap(world.wallet()))
                .contains(BigInteger.valueOf((1 << 20) - proposal.pieceSize().bytes()));
        JsonNode claim = world.chain().call("StateGetClaim", world.minerAddress(), 1, null);
        assertThat(claim.path("Size").asLong()).isEqualTo(proposal.pieceSize().bytes());
        assertThat(claim.path("Sector").asText()).isEqualTo(
                world.miner().value("SELECT sector_number FROM sector_piece WHERE proposal_cid = '" + deal + "'"));
        world.checkG(deal);
    }
}
