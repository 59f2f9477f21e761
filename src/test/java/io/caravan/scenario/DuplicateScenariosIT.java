package io.caravan.scenario;

import static io.caravan.model.DealState.AWAITING_PRE_COMMIT;
import static io.caravan.model.DealState.ERROR;
import static io.caravan.model.DealState.FAILING;
import static io.caravan.model.DealState.PUBLISH;
import static io.caravan.model.DealState.TRANSFERRING;
import static io.caravan.model.DealState.VERIFY_DATA;
import static io.caravan.model.DealState.WAITING_FOR_DATA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.chain.Chain;
import io.caravan.chain.Message;
import io.caravan.chain.Methods;
import io.caravan.chain.PublishStorageDealsParams;
import io.caravan.chain.SignedMessage;
import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.crypto.FileKeystore;
import io.caravan.crypto.Wallet;
import io.caravan.market.ProposalResponse;
import io.caravan.model.FilAddress;
import io.caravan.model.Network;
import io.caravan.model.PaddedPieceSize;
import io.caravan.model.Signature;
import io.caravan.model.SignedProposal;
import io.caravan.model.TokenAmount;
import io.caravan.node.cli.CliException;
import io.caravan.support.Await;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.bouncycastle.jce.ECNamedCurveTable;
import org.bouncycastle.util.BigIntegers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The same deal once more, at each place where it could be made twice (deal-lifecycle §15.3). */
class DuplicateScenariosIT {

    private static final Duration LIMIT = Duration.ofSeconds(90);

    static World world;
    private static ForeignClient stranger;

    @BeforeAll
    static void start() {
        world = World.with().set("miner.publish.period", "1h").set("miner.publish.try-wait", "300ms").start();
        stranger = world.foreign();
    }

    @AfterAll
    static void end() {
        if (world != null) {
            stranger.close();
            world.close();
        }
    }

    @Test
    @DisplayName("S048 a proposal that comes again while its data travels is answered with Transferring, and makes nothing new")
    void againWhileTransferring() {
        world.libp2p().throttle(300_000);
        String deal = world.deal(2_000_000);
        ProposalResponse answer;
        try {
            world.await(world.miner(), deal, TRANSFERRING);
            answer = stranger.propose(signed(deal));
            assertThat(world.miner().path(deal)).as("still on its way").doesNotContain(VERIFY_DATA);
        } finally {
            world.libp2p().restore();
        }
        assertThat(answer.state()).isEqualTo(TRANSFERRING);
        assertThat(answer.message()).isEmpty();
        assertThat(answer.proposalCid().toString()).isEqualTo(deal);
        assertThat(rows(deal)).isEqualTo(1);
        assertThat(world.miner().files("staging")).filteredOn(file -> file.toString().contains(deal)).hasSizeLessThanOrEqualTo(1);
        published(deal);
        world.checkG(deal);
    }

    @Test
    @DisplayName("S049 a proposal that comes again after it was refused is answered with Error and the old message")
    void againAfterRefusal() {
        SignedProposal proposal = otherSignature(stranger.signed(stranger.terms()), 0);
        ProposalResponse first = stranger.propose(proposal);
        assertThat(first.state()).isEqualTo(FAILING);
        assertThat(first.message()).startsWith("V2 bad-signature");
        String deal = first.proposalCid().toString();
        world.await(world.miner(), deal, ERROR);
        ProposalResponse again = stranger.propose(proposal);
        assertThat(again.state()).isEqualTo(ERROR);
        assertThat(again.message()).isEqualTo(first.message());
        assertThat(again.proposalCid()).isEqualTo(first.proposalCid());
        assertThat(rows(deal)).isEqualTo(1);
        world.checkG(deal);
    }

    @Test
    @DisplayName("S050 the same terms under another good signature are refused by V20 while the deal lives")
    void sameTerms() {
        SignedProposal proposal = stranger.signed(stranger.terms());
        SignedProposal twin = twin(proposal);
        assertThat(twin.proposalCid()).isNotEqualTo(proposal.proposalCid());
        assertThat(stranger.propose(proposal).state()).isEqualTo(WAITING_FOR_DATA);
        ProposalResponse answer = stranger.propose(twin);
        assertThat(answer.state()).isEqualTo(FAILING);
        assertThat(answer.message()).isEqualTo("V20 duplicate-proposal: deal " + proposal.proposalCid() + " has the same terms");
        world.await(world.miner(), twin.proposalCid().toString(), ERROR);
        assertThat(world.miner().state(proposal.proposalCid().toString())).isEqualTo(WAITING_FOR_DATA);
        world.checkG(twin.proposalCid().toString());
    }

    @Test
    @DisplayName("S051 ClientStartDeal with identical parameters is refused, and there is one deal")
    void startedTwice() {
        Cid root = world.imported(world.file(3_000));
        Offer offer = Offer.of(root).start(world.chain().height() + World.START_AHEAD).price(TokenAmount.ofAtto(7))
                .collateral(world.chain().reads().collateralBounds(PaddedPieceSize.of(4096), false).clientProposes());
        String deal = world.start(offer);
        assertThatThrownBy(() -> world.start(offer)).isInstanceOf(CliException.class).hasMessageContaining(deal);
        assertThat(world.daemon().count("deal WHERE payload_cid = '" + root + "'")).isEqualTo(1);
        published(deal);
        world.checkG(deal);
    }

    /** No proposal gets that far twice, so the second deal is put beside the first by hand. */
    @Test
    @DisplayName("S052 of two deals with equal terms in one batch one fails as invalid at publication, the other goes on")
    void twoInOneBatch() {
        String deal = world.deal(2_000);
        queued(deal);
        SignedProposal twin = twin(signed(deal));
        String second = twin.proposalCid().toString();
        assertThat(world.miner().value("INSERT INTO deal SELECT (jsonb_populate_record(d, jsonb_build_object('proposal_cid', '" + second
                + "', 'proposal', '\\x" + HexFormat.of().formatHex(twin.toCbor()) + "', 'inbound_path', NULL, 'piece_path', NULL,"
                + " 'funds_reserved_atto', 0, 'lease_owner', NULL, 'lease_token', NULL, 'lease_until', NULL))).* FROM deal d"
                + " WHERE role = 'provider' AND proposal_cid = '" + deal + "' RETURNING proposal_cid")).isEqualTo(second);
        queued(second);
        world.miner().call("MarketPublishPendingDeals");
        Await.until(() -> "one of the two has failed" + world.story(deal) + world.miner().story(second), LIMIT, () -> List.of(deal, second).stream()
                .map(world.miner()::state).filter(ERROR::equals).count() == 1 && List.of(deal, second).stream()
                .anyMatch(one -> world.miner().path(one).contains(AWAITING_PRE_COMMIT)));
        String failed = world.miner().state(deal) == ERROR ? deal : second;
        assertThat(world.miner().message(failed)).contains("invalid at publication");
        assertThat(world.chain().facts(0).publishesOf(deal) + world.chain().facts(0).publishesOf(second)).isEqualTo(1);
        world.checkG(deal);
    }

    @Test
    @DisplayName("S053 a proposal that another node of the provider has published is not published again, and its deal fails")
    void publishedElsewhere() {
        String deal = world.deal(2_000);
        queued(deal);
        Chain chain = world.chain().reads();
        FilAddress worker = chain.accountKey(chain.minerInfo(world.minerAddress()).worker());
        Message message = Message.of(worker, Methods.MARKET, TokenAmount.ZERO, Methods.MARKET_PUBLISH_STORAGE_DEALS,
                Bytes.wrap(new PublishStorageDealsParams(List.of(signed(deal))).toCbor()));
        world.chain().fillEscrow(world.minerAddress(), TokenAmount.ofFil(1));
        Message ready = chain.estimateGas(message).withNonce(chain.nextNonce(worker));
        Wallet keys = new Wallet(new FileKeystore(world.miner().home().folder("miner", "keystore")), Network.TESTNET, new SecureRandom());
        Cid pushed = chain.push(new SignedMessage(ready, keys.sign(worker, ready.signingBytes())));
        Await.until("the other node's message", LIMIT, () -> chain.search(pushed).isPresent());
        world.miner().call("MarketPublishPendingDeals");
        world.awaitError(deal);
        assertThat(world.miner().message(deal)).contains("invalid at publication").contains("not ours");
        assertThat(world.chain().facts(0).publishesOf(deal)).isEqualTo(1);
        world.checkG(deal);
    }

    private static void queued(String deal) {
        Await.until(() -> "a place in the queue\n" + world.story(deal), LIMIT, () ->
                world.miner().count("publish_queue WHERE message_key IS NULL AND proposal_cid = '" + deal + "'") == 1);
    }

    private static void published(String deal) {
        world.await(world.miner(), deal, PUBLISH);
        queued(deal);
        world.miner().call("MarketPublishPendingDeals");
        world.awaitActive(deal);
    }

    private static long rows(String deal) {
        return world.miner().count("deal WHERE proposal_cid = '" + deal + "'");
    }

    /** The proposal with its signature as the daemon sent it. */
    private static SignedProposal signed(String deal) {
        return SignedProposal.ofCbor(HexFormat.of().parseHex(world.daemon().value("SELECT encode(proposal, 'hex') FROM deal"
                + " WHERE role = 'client' AND proposal_cid = '" + deal + "'")));
    }

    /** The other signature that the same key can make of the same bytes without knowing the key: s turned over. */
    private static SignedProposal twin(SignedProposal proposal) {
        byte[] bytes = proposal.signature().data().toArray();
        BigInteger order = ECNamedCurveTable.getParameterSpec("secp256k1").getN();
        BigInteger s = order.subtract(new BigInteger(1, Arrays.copyOfRange(bytes, 32, 64)));
        BigIntegers.asUnsignedByteArray(s, bytes, 32, 32);
        bytes[64] ^= 1;
        return new SignedProposal(proposal.proposal(), new Signature(proposal.signature().type(), Bytes.wrap(bytes)));
    }

    /** A signature with one bit of another. */
    private static SignedProposal otherSignature(SignedProposal proposal, int place) {
        byte[] bytes = proposal.signature().data().toArray();
        bytes[place] ^= 1;
        return new SignedProposal(proposal.proposal(), new Signature(proposal.signature().type(), Bytes.wrap(bytes)));
    }
}
