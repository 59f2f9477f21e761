package io.caravan.devnet;

import static io.caravan.devnet.World.BLS_CLIENT;
import static io.caravan.devnet.World.CLIENT;
import static io.caravan.devnet.World.MINER;
import static io.caravan.devnet.World.OWNER;
import static io.caravan.devnet.World.proposal;
import static io.caravan.devnet.World.signed;
import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.chain.ExitCode;
import io.caravan.chain.Methods;
import io.caravan.chain.PublishStorageDealsParams;
import io.caravan.chain.PublishStorageDealsReturn;
import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.crypto.FilKey;
import io.caravan.model.DealLabel;
import io.caravan.model.DealProposal;
import io.caravan.model.Epoch;
import io.caravan.model.FilAddress;
import io.caravan.model.PaddedPieceSize;
import io.caravan.model.SignedProposal;
import io.caravan.model.TokenAmount;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every check of PublishStorageDeals: what drops one deal, what fails the message, what a good deal locks. */
class PublishStorageDealsTest {

    /** A deal that is wrong in one way, beside a good one. */
    record Bad(String what, DealProposal proposal, FilKey signer, String reason) {
        @Override
        public String toString() {
            return what;
        }
    }

    static List<Bad> bad() {
        DealProposal good = proposal();
        TokenAmount tooMuch = TokenAmount.ofFil(2_000_000_000).plus(TokenAmount.ofAtto(1));
        TokenAmount minimum = Rules.mainnet().minCollateral(PaddedPieceSize.of(2048), 0);
        return List.of(
                new Bad("signed by another key", good, OWNER, "authentication"),
                new Bad("a client that is a miner", with(good, MINER), CLIENT, "authentication"),
                new Bad("a client nobody knows", with(good, FilAddress.ofId(4711)), CLIENT, "authentication"),
                new Bad("a label of 257 bytes", label(good, "x".repeat(257)), CLIENT, "label"),
                new Bad("a size that is no power of two", size(good, 2047), CLIENT, "piece size"),
                new Bad("a size below 128", size(good, 64), CLIENT, "piece size"),
                new Bad("a piece CID of another kind", piece(good, Cid.dagCborSha256(new byte[1])), CLIENT, "PieceCID"),
                new Bad("an end before the start", time(good, 1000, 999), CLIENT, "end before"),
                new Bad("a start that has passed", time(good, 99, 99 + 518_400), CLIENT, "elapsed"),
                new Bad("too short", time(good, 1000, 1000 + 518_399), CLIENT, "duration"),
                new Bad("too long", time(good, 1000, 1000 + 3_680_641), CLIENT, "duration"),
                new Bad("a negative price", money(good, TokenAmount.ofAtto(-1), good.providerCollateral(),
                TokenAmount.ZERO),
                        CLIENT, "price"),
                new Bad("a price above all FIL", money(good, tooMuch, good.providerCollateral(), TokenAmount.ZERO),
                CLIENT, "price"),
                new Bad("provider collateral one atto short",
                        money(good, World.PRICE, minimum.minus(TokenAmount.ofAtto(1)), TokenAmount.ZERO), CLIENT,
                        "Provider coll"),
                new Bad("provider collateral above all FIL", money(good, World.PRICE, tooMuch, TokenAmount.ZERO),
                CLIENT, "Provider coll"),
                new Bad("negative client collateral", money(good, World.PRICE, World.COLLATERAL,
                TokenAmount.ofAtto(-1)), CLIENT,
                        "Client coll"),
                new Bad("client collateral above all FIL", money(good, World.PRICE, World.COLLATERAL, tooMuch), CLIENT,
                "Client coll"),
                new Bad("more than the client has in escrow",
                money(good, World.PRICE, World.COLLATERAL, TokenAmount.ofFil(10)), CLIENT,
                        "client f0"),
                new Bad("more than the provider has in escrow",
                        money(good, World.PRICE, TokenAmount.ofFil(10).plus(TokenAmount.ofAtto(1)), TokenAmount.ZERO),
                        CLIENT,
                        "provider has"),
                new Bad("verified without datacap", verified(good), CLIENT, "datacap"),
                new Bad("another provider", provider(good, FilAddress.ofId(100)), CLIENT, "provider differs"));
    }

    @ParameterizedTest
    @MethodSource("bad")
    void dropsOneBadDealAlone(Bad bad) {
        World world = World.funded();
        SignedProposal good = signed(label(proposal(), "good"));
        Vm.Outcome outcome = world.publish(good, signed(bad.proposal(), bad.signer()),
                signed(label(proposal(), "good too")));

        assertThat(outcome.receipt().exitCode()).isZero();
        PublishStorageDealsReturn answer = PublishStorageDealsReturn.ofCbor(outcome.receipt().returned().toArray());
        assertThat(answer.ids()).containsExactly(1L, 2L);
        assertThat(answer.validDeals().numbers(10)).containsExactly(0L, 2L);
        assertThat(world.notes).singleElement().asString().contains("deal 1 dropped").contains(bad.reason());
    }

    @ParameterizedTest
    @MethodSource("bad")
    void failsTheMessageWhenNoDealIsLeft(Bad bad) {
        if (bad.what().equals("another provider")) {
            return; // alone, it is the first deal's provider
        }
        World world = World.funded();
        State before = world.draft.state();
        Vm.Outcome outcome = world.publish(signed(bad.proposal(), bad.signer()));

        assertThat(outcome.receipt().exitCode()).isEqualTo(ExitCode.ILLEGAL_ARGUMENT);
        assertThat(world.draft.state().table(Tables.DEALS).size()).isZero();
        assertThat(world.draft.state().table(Tables.ESCROW).isSame(before.table(Tables.ESCROW))).isTrue();
    }

    @Test
    void locksWhatTheDealNeedsToTheAtto() {
        World world = World.funded();
        long id = world.published(deal -> deal);

        TokenAmount fee = World.PRICE.times(518_400);
        assertThat(world.escrow(CLIENT.address()).locked()).isEqualTo(fee.plus(TokenAmount.ofAtto(77)));
        assertThat(world.escrow(MINER).locked()).isEqualTo(World.COLLATERAL);
        PublishedDeal deal = world.draft.require(Tables.DEALS, id);
        assertThat(deal.proposal().client().isId()).isTrue();
        assertThat(deal.cid()).isEqualTo(deal.proposal().cid());
        assertThat(world.draft.state().table(Tables.PENDING).get(deal.cid())).isEqualTo(id);
        assertThat(world.events).singleElement().satisfies(event ->
                assertThat(event.entries().get(0).value().base64()).isEqualTo("bmRlYWwtcHVibGlzaGVk"));
    }

    @Test
    void takesADealOnceWhicheverFormItsClientHas() {
        World world = World.funded();
        world.published(deal -> deal);
        FilAddress id = FilAddress.ofId(world.draft.state().idOf(CLIENT.address()).orElseThrow());

        assertThat(world.publish(signed(proposal())).receipt().exitCode()).isEqualTo(ExitCode.ILLEGAL_ARGUMENT);
        assertThat(world.publish(signed(with(proposal(), id))).receipt().exitCode())
                .isEqualTo(ExitCode.ILLEGAL_ARGUMENT);
        assertThat(world.notes).anySatisfy(note -> assertThat(note).contains("pending already"));
    }

    @Test
    void takesOnlyTheFirstOfTwinsInOneMessage() {
        World world = World.funded();
        Vm.Outcome outcome = world.publish(signed(proposal()), signed(proposal()));

        assertThat(PublishStorageDealsReturn.ofCbor(outcome.receipt().returned().toArray()).validDeals().numbers(9))
                .containsExactly(0L);
    }

    @Test
    void addsUpWhatOneClientLocksInOneMessage() {
        World world = World.funded();
        DealProposal six = money(proposal(), World.PRICE, World.COLLATERAL, TokenAmount.ofFil(6));
        Vm.Outcome outcome = world.publish(signed(label(six, "a")), signed(label(six, "b")),
                signed(label(proposal(), "c")));

        assertThat(PublishStorageDealsReturn.ofCbor(outcome.receipt().returned().toArray()).validDeals().numbers(9))
                .containsExactly(0L, 2L);
    }

    @Test
    void takesBlsClients() {
        World world = World.funded();
        assertThat(world.publish(signed(with(proposal(), BLS_CLIENT.address()), BLS_CLIENT)).receipt().exitCode())
                .isZero();
    }

    @Test
    void wantsTheMinersOwnPeople() {
        World world = World.funded();
        byte[] params = new PublishStorageDealsParams(List.of(signed(proposal()))).toCbor();

        assertThat(exit(world.send(CLIENT, Methods.MARKET, TokenAmount.ZERO, 4, params))).isEqualTo(ExitCode.FORBIDDEN);
        assertThat(exit(world.send(OWNER, Methods.MARKET, TokenAmount.ZERO, 4, params))).isZero();
        assertThat(exit(world.publish())).isEqualTo(ExitCode.ILLEGAL_ARGUMENT);
        assertThat(exit(world.publish(signed(provider(proposal(), FilAddress.ofId(4711))))))
                .isEqualTo(ExitCode.NOT_FOUND);
        assertThat(exit(world.publish(signed(provider(proposal(), FilAddress.ofId(100))))))
                .isEqualTo(ExitCode.ILLEGAL_ARGUMENT);
    }

    @Test
    void setsDatacapAsideForVerifiedDeals() {
        World world = World.funded();
        long client = world.draft.state().idOf(CLIENT.address()).orElseThrow();
        world.draft.put(Tables.DATACAP, client, 3000L);
        Vm.Outcome outcome = world.publish(signed(verified(label(proposal(), "a"))),
                signed(verified(label(proposal(), "b"))));

        assertThat(PublishStorageDealsReturn.ofCbor(outcome.receipt().returned().toArray()).validDeals().numbers(9))
                .containsExactly(0L);
        assertThat(world.draft.require(Tables.DATACAP, client)).isEqualTo(952);
        assertThat(world.draft.require(Tables.ALLOCATIONS, 1L).size()).isEqualTo(2048);
    }

    @Test
    void failsWithExit21OnParametersCutAnywhere() {
        World world = World.funded();
        byte[] params = new PublishStorageDealsParams(List.of(signed(proposal()))).toCbor();
        for (int length = 0; length < params.length; length++) {
            assertThat(exit(world.send(World.WORKER, Methods.MARKET, TokenAmount.ZERO, 4,
                    Arrays.copyOf(params, length))))
                    .as("cut at byte %d", length).isEqualTo(ExitCode.SERIALIZATION);
        }
        assertThat(world.draft.state().table(Tables.DEALS).size()).isZero();
    }

    @Test
    void dropsADealThatTheTestInvalidated() {
        World world = World.funded();
        SignedProposal deal = signed(proposal());
        world.faults.invalidateDeal(deal.proposalCid());

        assertThat(exit(world.publish(deal))).isEqualTo(ExitCode.ILLEGAL_ARGUMENT);
    }

    private static long exit(Vm.Outcome outcome) {
        return outcome.receipt().exitCode();
    }

    private static DealProposal with(DealProposal deal, FilAddress client) {
        return deal.withClient(client);
    }

    private static DealProposal label(DealProposal deal, String text) {
        return new DealProposal(deal.pieceCid(), deal.pieceSize(), deal.isVerified(), deal.client(), deal.provider(),
                new DealLabel(true, Bytes.utf8(text)), deal.startEpoch(), deal.endEpoch(), deal.storagePricePerEpoch(),
                deal.providerCollateral(), deal.clientCollateral());
    }

    private static DealProposal size(DealProposal deal, long bytes) {
        return new DealProposal(deal.pieceCid(), PaddedPieceSize.of(bytes), deal.isVerified(), deal.client(),
                deal.provider(),
                deal.label(), deal.startEpoch(), deal.endEpoch(), deal.storagePricePerEpoch(),
                deal.providerCollateral(),
                deal.clientCollateral());
    }

    private static DealProposal piece(DealProposal deal, Cid cid) {
        return new DealProposal(cid, deal.pieceSize(), deal.isVerified(), deal.client(), deal.provider(), deal.label(),
                deal.startEpoch(), deal.endEpoch(), deal.storagePricePerEpoch(), deal.providerCollateral(),
                deal.clientCollateral());
    }

    private static DealProposal time(DealProposal deal, long start, long end) {
        return new DealProposal(deal.pieceCid(), deal.pieceSize(), deal.isVerified(), deal.client(), deal.provider(),
                deal.label(),
                Epoch.of(start), Epoch.of(end), deal.storagePricePerEpoch(), deal.providerCollateral(),
                deal.clientCollateral());
    }

    private static DealProposal money(DealProposal deal, TokenAmount price, TokenAmount provider, TokenAmount client) {
        return new DealProposal(deal.pieceCid(), deal.pieceSize(), deal.isVerified(), deal.client(), deal.provider(),
                deal.label(),
                deal.startEpoch(), deal.endEpoch(), price, provider, client);
    }

    private static DealProposal verified(DealProposal deal) {
        return new DealProposal(deal.pieceCid(), deal.pieceSize(), true, deal.client(), deal.provider(), deal.label(),
                deal.startEpoch(), deal.endEpoch(), deal.storagePricePerEpoch(), deal.providerCollateral(),
                deal.clientCollateral());
    }

    private static DealProposal provider(DealProposal deal, FilAddress provider) {
        return new DealProposal(deal.pieceCid(), deal.pieceSize(), deal.isVerified(), deal.client(), provider,
                deal.label(),
                deal.startEpoch(), deal.endEpoch(), deal.storagePricePerEpoch(), deal.providerCollateral(),
                deal.clientCollateral());
    }
}
