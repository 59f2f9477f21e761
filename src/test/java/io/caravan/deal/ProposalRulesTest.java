package io.caravan.deal;

import static io.caravan.support.DealFixture.END;
import static io.caravan.support.DealFixture.HEAD;
import static io.caravan.support.DealFixture.MINER;
import static io.caravan.support.DealFixture.START;
import static io.caravan.support.DealFixture.client;
import static io.caravan.support.DealFixture.proposed;
import static io.caravan.support.DealFixture.terms;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.codec.Bytes;
import io.caravan.chain.ChainMemory;
import io.caravan.chain.MinerInfo;
import io.caravan.codec.Cid;
import io.caravan.model.DataRef;
import io.caravan.model.Deal;
import io.caravan.model.DealEvent;
import io.caravan.model.DealLabel;
import io.caravan.model.DealProposal;
import io.caravan.model.DealState;
import io.caravan.model.Epoch;
import io.caravan.model.FilAddress;
import io.caravan.model.PaddedPieceSize;
import io.caravan.model.RejectedException;
import io.caravan.model.RetryableException;
import io.caravan.model.Role;
import io.caravan.model.Signature;
import io.caravan.model.SignatureType;
import io.caravan.model.SignedAsk;
import io.caravan.model.SignedProposal;
import io.caravan.model.StorageAsk;
import io.caravan.model.TokenAmount;
import io.caravan.model.UnpaddedPieceSize;
import io.caravan.model.Turn;
import io.caravan.support.DealFixture;
import io.caravan.store.AcceptanceStore;
import io.caravan.store.PostgresDealStore;
import io.caravan.support.FakeChain;
import io.caravan.support.SettableClock;
import io.caravan.support.TestPostgres;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProposalRulesTest {

    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    private final SettableClock clock = SettableClock.at(DealFixture.NOW);
    private final AcceptanceStore accepted = new AcceptanceStore(POSTGRES.database().sql(), clock);
    private final FakeChain chain = DealFixture.chain();
    private StorageAsk ask = new StorageAsk(TokenAmount.ofAtto(500_000_000), TokenAmount.ofAtto(50_000_000),
            PaddedPieceSize.of(256), PaddedPieceSize.of(1 << 20), MINER, Epoch.of(0), Epoch.of(HEAD), 3);
    private AcceptConfig config = AcceptConfig.standard();
    private long staged;

    private ProposalRules rules() {
        return new ProposalRules(new ProposalRules.Tools(chain, miner -> Optional.of(new SignedAsk(ask, none())), MINER,
                accepted, () -> staged), () -> config, clock);
    }

    private static Signature none() {
        return new Signature(SignatureType.SECP256K1, Bytes.wrap(new byte[65]));
    }

    private void accepts(UnaryOperator<DealProposal> change) {
        Deal deal = proposed(change);
        assertThat(rules().check(deal).proposalCid()).isEqualTo(deal.proposalCid());
        assertThat(rules().check(deal)).isEqualTo(rules().check(deal)); // twice is once
    }

    private void refuses(String reason, UnaryOperator<DealProposal> change) {
        refuses(reason, proposed(change));
    }

    private void refuses(String reason, Deal deal) {
        assertThatThrownBy(() -> rules().check(deal)).isInstanceOf(RejectedException.class).hasMessage(reason);
    }

    private void declines(String reason, Deal deal) {
        assertThatThrownBy(() -> rules().decide(deal)).isInstanceOf(RejectedException.class)
                .hasMessageStartingWith(reason);
    }

    private static UnaryOperator<DealProposal> epochs(long start, long end) {
        return p -> new DealProposal(p.pieceCid(), p.pieceSize(), p.isVerified(), p.client(), p.provider(), p.label(),
                Epoch.of(start),
                Epoch.of(end), p.storagePricePerEpoch(), p.providerCollateral(), p.clientCollateral());
    }

    private static UnaryOperator<DealProposal> money(long price, long providerCollateral, long clientCollateral) {
        return p -> new DealProposal(p.pieceCid(), p.pieceSize(), p.isVerified(), p.client(), p.provider(), p.label(),
                p.startEpoch(),
                p.endEpoch(), TokenAmount.ofAtto(price), TokenAmount.ofAtto(providerCollateral),
                TokenAmount.ofAtto(clientCollateral));
    }

    private static UnaryOperator<DealProposal> piece(Cid cid, long size) {
        return p -> new DealProposal(cid, PaddedPieceSize.of(size), p.isVerified(), p.client(), p.provider(), p.label(),
                p.startEpoch(), p.endEpoch(), p.storagePricePerEpoch(), p.providerCollateral(), p.clientCollateral());
    }

    private static UnaryOperator<DealProposal> label(int length) {
        return p -> new DealProposal(p.pieceCid(), p.pieceSize(), p.isVerified(), p.client(), p.provider(),
                DealLabel.ofText("x".repeat(length)), p.startEpoch(), p.endEpoch(), p.storagePricePerEpoch(),
                p.providerCollateral(), p.clientCollateral());
    }

    private static DealProposal verified(DealProposal p) {
        return new DealProposal(p.pieceCid(), p.pieceSize(), true, p.client(), p.provider(), p.label(), p.startEpoch(),
                p.endEpoch(),
                p.storagePricePerEpoch(), p.providerCollateral(), p.clientCollateral());
    }

    private static Deal offline() {
        Deal deal = proposed(p -> p);
        DataRef online = deal.dataRef();
        DataRef data = new DataRef(DataRef.MANUAL, online.root(), online.pieceCid(), online.pieceSize(), 0);
        return Deal.fresh(deal.proposalCid(), Role.PROVIDER, deal.proposal(), data, false, deal.peer(),
                DealFixture.NOW);
    }

    @Test
    void acceptsALegalProposal() {
        accepts(p -> p);
    }

    @Test
    void refusesByThePresentHeadOnlyWhateverIsRemembered() {
        ChainMemory memory = new ChainMemory(chain, clock); // hears of no head
        ProposalRules rules = new ProposalRules(new ProposalRules.Tools(memory, miner -> Optional.of(new SignedAsk(ask, none())), MINER,
                accepted, () -> staged), () -> config, clock);
        chain.escrow(client(), BigInteger.ZERO, BigInteger.ZERO);
        assertThatThrownBy(() -> rules.check(proposed(p -> p))).hasMessageStartingWith("V17 client-funds-insufficient");
        chain.escrow(client(), BigInteger.TEN.pow(20), BigInteger.ZERO);
        assertThat(rules.check(proposed(p -> p)).waiting().what()).as("the client paid in a moment ago").isNull();
    }

    @Test
    void refusesASignatureOverOtherBytesV2() {
        SignedProposal good = DealFixture.signed(terms());
        SignedProposal bad = new SignedProposal(money(954, 0, 0).apply(terms()), good.signature());
        refuses("V2 bad-signature: of " + client(), Deal.fresh(bad.proposalCid(), Role.PROVIDER, bad,
                DataRef.graphsync(Cid.rawSha256(new byte[1])), false, "p", DealFixture.NOW));
    }

    @Test
    void refusesAProposalForAnotherMinerV3() {
        refuses("V3 wrong-provider: " + FilAddress.ofId(1234) + " is not " + MINER, p -> new DealProposal(p.pieceCid(),
                p.pieceSize(), false, p.client(), FilAddress.ofId(1234), p.label(), p.startEpoch(), p.endEpoch(),
                p.storagePricePerEpoch(), p.providerCollateral(), p.clientCollateral()));
    }

    @Test
    void refusesALabelOf257BytesV4() {
        accepts(label(256));
        refuses("V4 label-too-long: 257 > 256", label(257));
    }

    @ParameterizedTest
    @ValueSource(longs = {64, 100, 2047})
    void refusesAPieceSizeThatIsNoneV5(long size) {
        refuses("V5 piece-size-invalid: " + size + " bytes", piece(terms().pieceCid(), size));
    }

    @Test
    void refusesAPieceCidOfAnotherKindV7() {
        Cid raw = Cid.rawSha256(new byte[3]);
        refuses("V7 piece-cid-prefix: " + raw, piece(raw, 2048));
    }

    @Test
    void refusesAnEndAtTheStartV8() {
        refuses("V8 end-before-start: " + START + " <= " + START, epochs(START, START));
    }

    @Test
    void refusesAStartBeforeTheHeadV9() {
        accepts(epochs(HEAD, HEAD + 518_400));
        refuses("V9 start-elapsed: " + (HEAD - 1) + " < " + HEAD, epochs(HEAD - 1, END));
    }

    @Test
    void refusesADurationOutOfBoundsV10() {
        accepts(epochs(HEAD, HEAD + 518_400));
        accepts(epochs(HEAD, HEAD + 3_680_640));
        refuses("V10 duration-out-of-bounds: 518399 < 518400", epochs(HEAD, HEAD + 518_399));
        refuses("V10 duration-out-of-bounds: 3680641 > 3680640", epochs(HEAD, HEAD + 3_680_641));
    }

    @Test
    void refusesAnEndTooFarAheadV11() {
        long most = HEAD + 3_680_640;
        accepts(epochs(HEAD + 1, most));
        refuses("V11 end-too-far: " + (most + 1) + " > " + most, epochs(HEAD + 1, most + 1));
    }

    @Test
    void refusesCollateralOutsideTheBoundsV12AndV13() {
        chain.collateral(BigInteger.valueOf(100));
        accepts(money(953, 100, 0));
        accepts(money(953, 200, 0));
        refuses("V12 collateral-too-low: 99 < 100", money(953, 99, 0));
        refuses("V13 collateral-too-high: 201 > 200", money(953, 201, 0));
    }

    @Test
    void refusesAPriceBelowTheAskV14() {
        refuses("V14 price-below-ask: 952 < 953", money(952, 0, 0));
    }

    @Test
    void measuresAVerifiedDealByTheVerifiedPriceV14() {
        chain.datacap(client(), BigInteger.valueOf(2048));
        accepts(p -> verified(money(95, 0, 0).apply(p)));
        refuses("V14 price-below-ask: 94 < 95", p -> verified(money(94, 0, 0).apply(p)));
    }

    @Test
    void refusesAPieceSmallerThanTheAskV15() {
        refuses("V15 piece-too-small: 128 < 256", piece(terms().pieceCid(), 128));
    }

    @Test
    void refusesAPieceBiggerThanTheAskV16OrTheSector() {
        refuses("V-sector-size: 4096 > 2048", p -> money(5000, 0, 0).apply(piece(p.pieceCid(), 4096).apply(p)));
        ask = new StorageAsk(ask.price(), ask.verifiedPrice(), ask.minPieceSize(), PaddedPieceSize.of(1024), MINER,
                ask.timestamp(), ask.expiry(), 4);
        refuses("V16 piece-too-big: 2048 > 1024", p -> p);
    }

    @Test
    void refusesAClientWhoseEscrowLacksOneAttoFilV17() {
        BigInteger needed = terms().clientBalanceRequirement().atto();
        chain.escrow(client(), needed.add(BigInteger.TEN), BigInteger.TEN);
        accepts(p -> p);
        chain.escrow(client(), needed.add(BigInteger.TEN), BigInteger.valueOf(11));
        refuses("V17 client-funds-insufficient: " + needed.subtract(BigInteger.ONE) + " < " + needed, p -> p);
    }

    @Test
    void refusesAVerifiedDealWithoutDatacapV18() {
        refuses("V18 datacap-insufficient: not a verified client", ProposalRulesTest::verified);
        chain.datacap(client(), BigInteger.valueOf(2047));
        refuses("V18 datacap-insufficient: 2047 < 2048", ProposalRulesTest::verified);
        chain.datacap(client(), BigInteger.valueOf(2048));
        accepts(ProposalRulesTest::verified);
    }

    @Test
    void refusesWhenTheAskHasExpired() {
        chain.to(HEAD + 1);
        refuses("V-ask-expired: " + HEAD + " < " + (HEAD + 1), p -> p);
    }

    @Test
    void refusesClientCollateralBelowZeroOrAboveAllThereIs() {
        refuses("V-client-collateral: -1 < 0", money(953, 0, -1));
        BigInteger all = BigInteger.TEN.pow(27).multiply(BigInteger.TWO);
        chain.escrow(client(), all.multiply(BigInteger.TWO), BigInteger.ZERO);
        accepts(collateral(all));
        refuses("V-client-collateral: " + all.add(BigInteger.ONE) + " > " + all, collateral(all.add(BigInteger.ONE)));
    }

    @Test
    void refusesDataThatIsNotTheProposals() {
        Deal deal = proposed(p -> p);
        Cid other = Cid.commP(new byte[32]);
        DataRef data = deal.dataRef().withPiece(other, terms().pieceSize().unpadded());
        refuses("V-data-ref: " + other + " is not " + terms().pieceCid(),
                Deal.fresh(deal.proposalCid(), Role.PROVIDER,
                deal.proposal(), data, false, deal.peer(), DealFixture.NOW));
        long unpadded = terms().pieceSize().unpadded().bytes();
        refuses("V-data-ref: 127 unpadded bytes are not " + unpadded,
                with(deal.dataRef().withPiece(terms().pieceCid(), UnpaddedPieceSize.of(127))));
        Deal same = with(deal.dataRef().withPiece(terms().pieceCid(), UnpaddedPieceSize.of(unpadded)));
        assertThat(rules().check(same)).isNotNull();
    }

    @Test
    void refusesAWayOfTransferThatNobodyKnowsAndQuotesItOnOneShortLine() {
        DataRef known = proposed(p -> p).dataRef();
        refuses("V-transfer-type: 'http' is neither graphsync nor manual", with(new DataRef("http", known.root(), null, UnpaddedPieceSize.ZERO, 0)));
        String hostile = "a\0b\nc" + "x".repeat(8000);
        refuses("V-transfer-type: 'a b c" + "x".repeat(27) + "…' is neither graphsync nor manual",
                with(new DataRef(hostile, known.root(), null, UnpaddedPieceSize.ZERO, 0)));
    }

    @Test
    void refusesALabelOfTextThatIsNotUtf8() {
        UnaryOperator<DealProposal> broken = p -> labelled(p, new DealLabel(true, Bytes.wrap(new byte[] {(byte) 0xc3, 0x28})));
        refuses("V-label-utf8: a label of text must be UTF-8", broken);
        accepts(p -> labelled(p, DealLabel.ofBytes(Bytes.wrap(new byte[] {(byte) 0xc3, 0x28}))));
        accepts(p -> labelled(p, DealLabel.ofText("π")));
    }

    @Test
    void refusesAVerifiedPieceSmallerThanTheNetworkAllocates() {
        chain.datacap(client(), BigInteger.TEN.pow(12));
        ask = new StorageAsk(ask.price(), ask.verifiedPrice(), PaddedPieceSize.of(128), PaddedPieceSize.of(1L << 30), MINER,
                ask.timestamp(), ask.expiry(), 4);
        Cid piece = terms().pieceCid();
        refuses("V-verified-minimum: 128 < 256", p -> verified(piece(piece, 128).apply(p)));
        accepts(p -> verified(piece(piece, 256).apply(p)));
        chain.miner(MINER, new MinerInfo(FilAddress.ofId(100), DealFixture.WORKER_ID, List.of(), DealFixture.MINER_PEER, List.of(), 5, 32L << 30));
        refuses("V-verified-minimum: 524288 < 1048576", p -> verified(money(1_000_000, 0, 0).apply(piece(piece, 512 << 10).apply(p))));
        accepts(p -> verified(money(1_000_000, 0, 0).apply(piece(piece, 1 << 20).apply(p))));
    }

    @ParameterizedTest
    @CsvSource({"-9223372036854775808, 9223372036854775807, V9", "-1, 9223372036854775807, V9",
        "9223372036854775807, -9223372036854775808, V8", "9223372036854775806, 9223372036854775807, V10",
        "1000, 9223372036854775807, V10"})
    void answersEpochsOfAnySizeWithACode(long start, long end, String code) {
        assertThatThrownBy(() -> rules().check(proposed(epochs(start, end)))).isInstanceOf(RejectedException.class)
                .hasMessageStartingWith(code + " ");
    }

    @Test
    void tellsWhatTheBytesAloneTellWithoutTheChain() {
        chain.away(true);
        refuses("V4 label-too-long: 257 > 256", label(257));
        refuses("V8 end-before-start: " + START + " <= " + START, epochs(START, START));
    }

    @Test
    void refusesAClientThatNoAccountCanSignForV2() {
        FilAddress actor = FilAddress.ofActorData(new byte[] {1});
        refuses("V2 bad-signature: of " + actor, p -> p.withClient(actor));
    }

    @Test
    void refusesTheSameTermsUnderAnotherSignatureWhileADealWithThemLivesV20() {
        PostgresDealStore deals = POSTGRES.deals(clock, "one");
        UnaryOperator<DealProposal> terms = epochs(START + 77, END + 77);
        Deal first = proposed(terms);
        assertThat(rules().check(first)).isNotNull();
        deals.insert(first);
        Deal second = withAnotherSignature(first, (byte) 1);
        assertThat(fault(second)).isEmpty(); // the first is not accepted yet
        deals.signal(first.proposalCid(), Role.PROVIDER, one -> one, DealEvent.DEAL_DECIDING, DealEvent.DATA_REQUESTED);
        assertThat(fault(second)).contains("deal " + first.proposalCid() + " has the same terms");
        assertThat(fault(first)).isEmpty();
        assertThat(fault(proposed(p -> terms.apply(p).withClient(DealFixture.CLIENT_ID)))).as("the client by ID")
                .contains("deal " + first.proposalCid() + " has the same terms");
        deals.signal(first.proposalCid(), Role.PROVIDER, one -> one, DealEvent.DATA_TRANSFER_CANCELLED);
        assertThat(fault(second)).isEmpty();
    }

    @Test
    void refusesTermsThatAreOnChainAlreadyV20() {
        UnaryOperator<DealProposal> terms = epochs(START + 78, END + 78);
        accepts(terms);
        chain.holdsPending(terms.apply(terms()).withClient(DealFixture.CLIENT_ID));
        refuses("V20 duplicate-proposal: it is on chain already", terms);
    }

    private Optional<String> fault(Deal deal) {
        return new Duplicates(chain, accepted).fault(new Candidate(deal, chain, miner -> Optional.empty(), MINER));
    }

    private static Deal withAnotherSignature(Deal deal, byte mark) {
        byte[] bytes = new byte[65];
        bytes[0] = mark;
        SignedProposal other = new SignedProposal(deal.proposal().proposal(), new Signature(SignatureType.SECP256K1, Bytes.wrap(bytes)));
        return Deal.fresh(other.proposalCid(), Role.PROVIDER, other, deal.dataRef(), false, deal.peer(), DealFixture.NOW);
    }

    private static Deal with(DataRef data) {
        Deal deal = proposed(p -> p);
        return Deal.fresh(deal.proposalCid(), Role.PROVIDER, deal.proposal(), data, false, deal.peer(), DealFixture.NOW);
    }

    private static DealProposal labelled(DealProposal p, DealLabel label) {
        return new DealProposal(p.pieceCid(), p.pieceSize(), p.isVerified(), p.client(), p.provider(), label, p.startEpoch(),
                p.endEpoch(), p.storagePricePerEpoch(), p.providerCollateral(), p.clientCollateral());
    }

    private static UnaryOperator<DealProposal> collateral(BigInteger atto) {
        return p -> new DealProposal(p.pieceCid(), p.pieceSize(), p.isVerified(), p.client(), p.provider(), p.label(),
                p.startEpoch(), p.endEpoch(), p.storagePricePerEpoch(), p.providerCollateral(), TokenAmount.ofAtto(atto));
    }

    @Test
    void waitsForAnAbsentChainToComeBackAndThenRefusesWithoutDetailsV1() {
        chain.away(true);
        Deal first = proposed(p -> p);
        assertThatThrownBy(() -> rules().check(first)).isInstanceOf(RetryableException.class);
        Deal third = first.withTurn(new Turn(DealFixture.NOW, 2, 0, null, null, null, false));
        assertThatThrownBy(() -> rules().check(third)).isInstanceOf(RetryableException.class);
        Deal last = first.withTurn(new Turn(DealFixture.NOW, 6, 0, null, null, null, false));
        refuses("V1 node-unreachable: server error", last);
        Deal late = first.withTurn(new Turn(DealFixture.NOW, 0, 0, DealFixture.NOW, null, null, false));
        refuses("V1 node-unreachable: server error", late);
    }

    @Test
    void declinesKindsOfDealsTheOperatorDoesNotWantF1ToF4() {
        config = kinds(false, true, true, true);
        declines("F1 online-deals-not-wanted", proposed(p -> p));
        config = kinds(true, false, true, true);
        declines("F2 offline-deals-not-wanted", offline());
        config = kinds(true, true, false, true);
        declines("F3 verified-deals-not-wanted", proposed(ProposalRulesTest::verified));
        config = kinds(true, true, true, false);
        declines("F4 unverified-deals-not-wanted", proposed(p -> p));
    }

    private static AcceptConfig kinds(boolean online, boolean offline, boolean verified, boolean unverified) {
        AcceptConfig usual = AcceptConfig.standard();
        return new AcceptConfig(usual.minDuration(), usual.maxDuration(), usual.maxEndAhead(), 2, online, offline,
                verified,
                unverified, Set.of(), usual.sealTime(), usual.maxStartDelay(), 0);
    }

    @Test
    void declinesABlockedPieceF5() {
        AcceptConfig usual = AcceptConfig.standard();
        config = new AcceptConfig(usual.minDuration(), usual.maxDuration(), usual.maxEndAhead(), 2, true, true, true,
                true,
                Set.of(terms().pieceCid()), usual.sealTime(), usual.maxStartDelay(), 0);
        declines("F5 piece-blocked", proposed(p -> p));
    }

    @Test
    void declinesAStartBeforeSealingCanBeDoneF6() {
        long earliest = HEAD + 2880;
        assertThat(rules().decide(proposed(epochs(earliest, END)))).isNotNull();
        declines("F6 start-too-soon: " + (earliest - 1) + " < " + earliest, proposed(epochs(earliest - 1, END)));
    }

    @Test
    void declinesWhileTheStagingFolderIsFullF7() {
        AcceptConfig usual = AcceptConfig.standard();
        config = new AcceptConfig(usual.minDuration(), usual.maxDuration(), usual.maxEndAhead(), 2, true, true, true,
                true,
                Set.of(), Duration.ZERO, usual.maxStartDelay(), 1000);
        staged = 999;
        assertThat(rules().decide(proposed(p -> p))).isNotNull();
        staged = 1000;
        declines("F7 staging-full: 1000 >= 1000", proposed(p -> p));
    }

    @Test
    void declinesAStartTooFarAheadUnlessTheDealIsOfflineF8() {
        long latest = HEAD + 2880 + 40_320;
        assertThat(rules().decide(proposed(epochs(latest, END)))).isNotNull();
        declines("F8 start-too-far: " + (latest + 1) + " > " + latest, proposed(epochs(latest + 1, END)));
        Deal shipped = offline();
        assertThat(shipped.state()).isEqualTo(DealState.UNKNOWN);
        chain.to(0);
        assertThat(rules().decide(shipped)).isNotNull();
    }
}
