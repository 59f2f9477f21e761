package io.caravan.scenario;

import static io.caravan.model.DealState.ERROR;
import static io.caravan.model.DealState.FAILING;
import static io.caravan.model.DealState.FUNDS_RESERVED;
import static io.caravan.model.DealState.START_DATA_TRANSFER;
import static io.caravan.model.DealState.WAITING_FOR_DATA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.codec.Cid;
import io.caravan.model.FilAddress;
import io.caravan.model.TokenAmount;
import io.caravan.node.cli.CliException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Deals that fail at the client, before any of their data moves (deal-lifecycle §15.4, §5.3). */
@TestMethodOrder(MethodOrderer.DisplayName.class)
class ClientStartScenariosIT {

    /** The chain's first miner, which nobody runs: it has no peer id until {@link FalseMiner} gives it one. */
    private static final FilAddress NOBODYS = FilAddress.ofId(1000);

    static World world;
    private static FalseMiner falseMiner;

    @BeforeAll
    static void start() {
        world = World.with().set("daemon.deadline.propose", "8s").start();
    }

    @AfterAll
    static void end() {
        if (falseMiner != null) {
            falseMiner.close();
        }
        if (world != null) {
            world.close();
        }
    }

    /** ClientStartDeal with a miner, for nothing. */
    private static String startWith(FilAddress miner, Offer offer) {
        return world.daemon().call("ClientStartDeal", offer.toJson(miner.toString(), world.wallet().toString(), TokenAmount.ZERO,
                world.chain().height() + World.START_AHEAD)).path("/").asText();
    }

    /** Made when it is first needed, so that the tests before find a miner without a peer id. */
    private static FalseMiner miner() {
        if (falseMiner == null) {
            falseMiner = new FalseMiner(world, NOBODYS);
        }
        return falseMiner;
    }

    private static Offer small() {
        return Offer.of(world.imported(world.file(500)));
    }

    private static void refusedWithoutARow(FilAddress miner, Offer offer, String reason) {
        long deals = world.daemon().count("deal");
        assertThatThrownBy(() -> startWith(miner, offer)).isInstanceOf(CliException.class).hasMessageContaining(reason);
        assertThat(world.daemon().count("deal")).isEqualTo(deals);
    }

    private static void failedBeforeItsTransfer(String deal, String reason) {
        world.await(world.daemon(), deal, ERROR);
        assertThat(world.daemon().path(deal)).contains(FUNDS_RESERVED).doesNotContain(START_DATA_TRANSFER).endsWith(FAILING, ERROR);
        assertThat(world.daemon().message(deal)).contains(reason);
        assertThat(world.daemon().count("fund_hold WHERE proposal_cid = '" + deal + "' AND state <> 'RELEASED'")).isZero();
        world.checkG(deal);
    }

    @Test
    @DisplayName("S054 a miner that is down fails the deal once the time to propose is over, and its funds are free")
    void minerDown() {
        world.libp2p().cut();
        String deal = world.start(small());
        failedBeforeItsTransfer(deal, "not reached");
        world.libp2p().restore();
        assertThat(world.miner().state(deal)).isNull();
    }

    @Test
    @DisplayName("S055 a miner without a peer id on chain is refused at the start, without a row")
    void noPeerId() {
        refusedWithoutARow(NOBODYS, small(), "has not set its peer id on chain");
    }

    @Test
    @DisplayName("S056 an answer that is signed by a stranger fails the deal, whatever it says")
    void signedByAStranger() {
        miner().answerSignedByAStranger(WAITING_FOR_DATA, "");
        failedBeforeItsTransfer(startWith(NOBODYS, small()), "is not signed by the worker");
    }

    @Test
    @DisplayName("S057 a stream that is reset before the answer fails the deal once the time to propose is over")
    void brokenOff() {
        miner().breakOff();
        failedBeforeItsTransfer(startWith(NOBODYS, small()), "not reached");
    }

    @Test
    @DisplayName("S058 a refusal fails the deal with the miner's own words")
    void refused() {
        miner().answer(FAILING, "V99 the moon is wrong");
        failedBeforeItsTransfer(startWith(NOBODYS, small()), "V99 the moon is wrong");
    }

    @Test
    @DisplayName("S060 data that was not imported is refused at the start, without a row")
    void notImported() {
        refusedWithoutARow(world.minerAddress(), Offer.of(Cid.rawSha256(new byte[] {6, 0})), "no import has the payload CID");
    }

    @Test
    @DisplayName("S061 a piece that no sector of the miner holds is refused at the start, without a row")
    void largerThanASector() {
        Cid root = world.imported(world.file(500));
        refusedWithoutARow(world.minerAddress(), Offer.manual(root, ForeignClient.freshPiece(), (16L << 20) / 128 * 127), "does not fit a sector");
    }
}
