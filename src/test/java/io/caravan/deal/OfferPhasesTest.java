package io.caravan.deal;

import static io.caravan.support.DealFixture.HEAD;
import static io.caravan.support.DealFixture.MINER;
import static io.caravan.support.DealFixture.NOW;
import static io.caravan.support.DealFixture.client;
import static io.caravan.support.DealFixture.deal;
import static io.caravan.support.DealFixture.terms;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.chain.MinerInfo;
import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.crypto.Signatures;
import io.caravan.libp2p.PeerId;
import io.caravan.market.DealStatusRequest;
import io.caravan.market.MarketException;
import io.caravan.market.ProposalMessage;
import io.caravan.market.ProposalResponse;
import io.caravan.market.ProviderDealState;
import io.caravan.model.DataRef;
import io.caravan.model.Deal;
import io.caravan.model.DealEvent;
import io.caravan.model.DealState;
import io.caravan.model.Epoch;
import io.caravan.model.FatalException;
import io.caravan.model.FilAddress;
import io.caravan.model.PaddedPieceSize;
import io.caravan.model.RetryableException;
import io.caravan.model.Role;
import io.caravan.model.SignedAsk;
import io.caravan.model.TokenAmount;
import io.caravan.model.Turn;
import io.caravan.piece.BlockSource;
import io.caravan.piece.MemoryBlockStore;
import io.caravan.piece.Piece;
import io.caravan.piece.PieceCommitment;
import io.caravan.store.AskStore;
import io.caravan.store.PostgresDealStore;
import io.caravan.support.DealFixture;
import io.caravan.support.FakeChain;
import io.caravan.support.SettableClock;
import io.caravan.support.TestPostgres;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OfferPhasesTest {

    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    private static final Cid ROOT = deal(Role.CLIENT, DealState.UNKNOWN).dataRef().root();

    private final FakeChain chain = DealFixture.chain();
    private final SettableClock clock = SettableClock.at(NOW);
    private final PostgresDealStore deals = POSTGRES.deals(clock, "node");
    private final Imports imports = new Imports() {
        @Override
        public boolean has(Cid payloadCid) {
            return payloadCid.equals(ROOT);
        }

        @Override
        public BlockSource open(Cid payloadCid) {
            return new MemoryBlockStore(1 << 20);
        }

        @Override
        public PieceCommitment commitment(Cid payloadCid) {
            return new PieceCommitment(new Piece(terms().pieceCid(), PaddedPieceSize.of(2048)), 1500);
        }
    };

    @BeforeEach
    void empty() {
        POSTGRES.database().sql().write("test/empty", Map.of());
    }

    private static boolean isWaiting(Deal deal) {
        return deal.waiting().what() != null;
    }

    private DealProposer answering(DealState state, String message) {
        return new DealProposer(chain, (miner, offered) ->
                new ProposalResponse(state, message, offered.proposalCid(), null), clock);
    }

    @ParameterizedTest
    @EnumSource(value = DealState.class,
            names = {"WAITING_FOR_DATA", "TRANSFERRING", "PROVIDER_TRANSFER_AWAIT_RESTART", "VERIFY_DATA",
            "PUBLISHING", "STAGED", "ACTIVE"})
    void goesOnWhenTheProviderHasAcceptedNowOrBefore(DealState state) {
        Deal heard = answering(state, "").propose(deal(Role.CLIENT, DealState.FUNDS_RESERVED));
        assertThat(isWaiting(heard)).isFalse();
        assertThat(heard.remote().state()).isEqualTo(state);
        assertThat(heard.peer()).isEqualTo(DealFixture.MINER_PEER);
    }

    @ParameterizedTest
    @EnumSource(value = DealState.class, names = {"REJECTING", "FAILING", "ERROR", "PROPOSAL_REJECTED"})
    void endsWithTheProvidersReasonWhenItRefuses(DealState state) {
        assertThatThrownBy(() -> answering(state, "V14 price-below-ask: 1 < 2")
                .propose(deal(Role.CLIENT, DealState.FUNDS_RESERVED)))
                .isInstanceOf(FatalException.class).hasMessageContaining("V14 price-below-ask: 1 < 2");
    }

    @Test
    void asksAgainWhileTheProviderThinks() {
        Deal heard = answering(DealState.ACCEPT_WAIT, "").propose(deal(Role.CLIENT, DealState.FUNDS_RESERVED));
        assertThat(isWaiting(heard)).isTrue();
        assertThat(heard.turn().runAfter()).isAfter(clock.instant());
    }

    @Test
    void refusesAnAnswerAboutAnotherDeal() {
        DealProposer proposer = new DealProposer(chain, (miner, offered) ->
                new ProposalResponse(DealState.WAITING_FOR_DATA, "", Cid.rawSha256(new byte[1]), null), clock);
        assertThatThrownBy(() -> proposer.propose(deal(Role.CLIENT, DealState.FUNDS_RESERVED)))
                .isInstanceOf(FatalException.class);
    }

    @Test
    void triesABadAnswerAgainBeforeItGivesUp() {
        DealProposer proposer = new DealProposer(chain, (miner, offered) -> {
            throw new MarketException("not signed by the worker");
        }, clock);
        Deal first = deal(Role.CLIENT, DealState.FUNDS_RESERVED);
        assertThatThrownBy(() -> proposer.propose(first)).isInstanceOf(RetryableException.class);
        Deal third = first.withTurn(new Turn(NOW, 2, 0, null, null, null, false));
        assertThatThrownBy(() -> proposer.propose(third)).isInstanceOf(FatalException.class);
    }

    @Test
    void doesNotProposeADealThatShouldHaveStarted() {
        chain.to(DealFixture.START + 1);
        assertThatThrownBy(() -> answering(DealState.WAITING_FOR_DATA, "")
                .propose(deal(Role.CLIENT, DealState.FUNDS_RESERVED)))
                .isInstanceOf(FatalException.class).hasMessageContaining("start epoch");
    }

    private final AtomicBoolean poked = new AtomicBoolean();

    private static ProviderDealState state(Deal deal, DealState state, @Nullable Cid publish) {
        return new ProviderDealState(state, "because", deal.proposal().proposal(), deal.proposalCid(), null, publish, 0,
                false);
    }

    private RemoteStates remote(RemoteStates.Question question) {
        return new RemoteStates(chain, question, DealFixture.signer(),
                () -> new RemoteStates.Pace(Duration.ofSeconds(30), Duration.ofMinutes(10)), (proposalCid, since) -> poked.get(), clock);
    }

    @Test
    void asksWithTheClientsSignatureAndNoOftenerThanItShould() {
        AtomicInteger asked = new AtomicInteger();
        RemoteStates remote = remote((miner, provider, proposalCid, signature) -> {
            asked.incrementAndGet();
            assertThat(Signatures.verify(signature, client(), DealStatusRequest.signedBytes(proposalCid).toArray()))
                    .isTrue();
            return state(deal(Role.CLIENT, DealState.CHECK_FOR_ACCEPTANCE), DealState.TRANSFERRING, null);
        });
        Deal once = remote.poll(deal(Role.CLIENT, DealState.CHECK_FOR_ACCEPTANCE));
        assertThat(once.remote().state()).isEqualTo(DealState.TRANSFERRING);
        assertThat(remote.poll(once)).isEqualTo(once);
        clock.forward(Duration.ofSeconds(37)); // 30 s, spread by a fifth
        assertThat(remote.poll(once).remote().polls()).isEqualTo(2);
        assertThat(asked).hasValue(2);
    }

    @Test
    void aFailedPollChangesNoStateAndSlowsDown() {
        RemoteStates remote = remote((miner, provider, proposalCid, signature) -> {
            throw new MarketException("gone");
        });
        Deal deal = deal(Role.CLIENT, DealState.SEALING)
                .withRemote(new Deal.Remote(DealState.SEALING, "", NOW, null, 3, 0));
        clock.forward(Duration.ofSeconds(370));
        Deal failed = remote.poll(deal);
        assertThat(failed.remote().state()).isEqualTo(DealState.SEALING);
        assertThat(failed.remote().pollErrors()).isEqualTo(1);
        assertThat(failed.remote().at()).as("the last word").isEqualTo(NOW);
        assertThat(failed.remote().last().error()).isEqualTo("gone");
        clock.forward(Duration.ofSeconds(300));
        assertThat(remote.poll(failed)).as("twice as long as before").isEqualTo(failed);
    }

    @Test
    void asksAtOnceWhenTheProviderHasNews() {
        RemoteStates remote = remote((miner, provider, proposalCid, signature) ->
                state(deal(Role.CLIENT, DealState.CHECK_FOR_ACCEPTANCE), DealState.TRANSFERRING, null));
        Deal once = remote.poll(deal(Role.CLIENT, DealState.CHECK_FOR_ACCEPTANCE));
        poked.set(true);
        assertThat(remote.poll(once).remote().polls()).isEqualTo(2);
    }

    @Test
    void believesThatTheProviderKnowsNoSuchDealOnlyAfterTenAnswersAndTenMinutes() {
        RemoteStates remote = remote((miner, provider, proposalCid, signature) ->
                new ProviderDealState(DealState.ERROR, "no such proposal", null, null, null, null, 0, false));
        Deal deal = deal(Role.CLIENT, DealState.CHECK_FOR_ACCEPTANCE);
        Deal early = deal;
        for (int i = 0; i < 12; i++) {
            early = remote.askAlive(early);
        }
        assertThat(early.remote().last().unknown()).as("ten answers alone end nothing").isEqualTo(12);
        deal = remote.askAlive(deal);
        clock.forward(Duration.ofMinutes(11));
        for (int i = 1; i < 9; i++) {
            deal = remote.askAlive(deal);
        }
        assertThat(deal.remote().last().unknown()).as("ten minutes alone end nothing").isEqualTo(9);
        Deal patient = deal;
        assertThatThrownBy(() -> remote.askAlive(patient)).isInstanceOf(FatalException.class).hasMessageContaining("knows no such deal");
    }

    @Test
    @DisplayName("S135 an answer about another proposal fails the deal only where it claims to be accepted")
    void anAnswerAboutAnotherProposalFailsTheDealOnlyWhereItClaimsToBeAccepted() {
        Cid other = Cid.rawSha256(new byte[] {9});
        for (DealState claimed : new DealState[] {DealState.TRANSFERRING, DealState.STAGED}) {
            RemoteStates remote = remote((miner, provider, proposalCid, signature) ->
                    new ProviderDealState(claimed, "", null, other, null, null, 0, false));
            Deal deal = deal(Role.CLIENT, DealState.CHECK_FOR_ACCEPTANCE);
            if (claimed == DealState.STAGED) {
                assertThatThrownBy(() -> remote.askAlive(deal)).hasMessageContaining("wrong proposal")
                        .satisfies(e -> assertThat(((FatalException) e).event()).isEqualTo(DealEvent.RESPONSE_DEAL_DID_NOT_MATCH));
            } else {
                assertThat(remote.askAlive(deal).remote().pollErrors()).isEqualTo(1);
            }
        }
    }

    private AcceptanceCheck acceptance(DealState state, @Nullable Cid publish) {
        return new AcceptanceCheck(chain, remote((miner, provider, proposalCid, signature) ->
                state(deal(Role.CLIENT, DealState.CHECK_FOR_ACCEPTANCE), state, publish)), clock);
    }

    @Test
    void isAcceptedOnceTheProviderNamesItsMessage() {
        Deal deal = deal(Role.CLIENT, DealState.CHECK_FOR_ACCEPTANCE);
        Cid message = Cid.dagCborBlake2b(new byte[1]);
        assertThat(isWaiting(acceptance(DealState.PUBLISHING, message).look(deal))).isTrue();
        assertThat(isWaiting(acceptance(DealState.STAGED, null).look(deal))).isTrue();
        Deal accepted = acceptance(DealState.STAGED, message).look(deal);
        assertThat(isWaiting(accepted)).isFalse();
        assertThat(accepted.chain().publishCid()).isEqualTo(message);
        assertThat(isWaiting(acceptance(DealState.FINALIZING, message).look(deal))).isFalse();
    }

    @Test
    void failsWithTheProvidersDeal() {
        assertThatThrownBy(() -> acceptance(DealState.ERROR, null)
                .look(deal(Role.CLIENT, DealState.CHECK_FOR_ACCEPTANCE)))
                .isInstanceOf(FatalException.class).hasMessageContaining("because");
    }

    @Test
    void anInternalErrorOfTheProviderIsNoStateOfTheDeal() {
        AcceptanceCheck check = new AcceptanceCheck(chain, remote((miner, provider, proposalCid, signature) ->
                new ProviderDealState(DealState.ERROR, "internal error", null, null, null, null, 0, false)), clock);
        assertThat(isWaiting(check.look(deal(Role.CLIENT, DealState.CHECK_FOR_ACCEPTANCE)))).isTrue();
    }

    @Test
    void givesUpOnAProviderThatKnowsNoSuchDealOnlyAfterManyWords() {
        AcceptanceCheck check = new AcceptanceCheck(chain, remote((miner, provider, proposalCid, signature) ->
                new ProviderDealState(DealState.ERROR, "no such proposal", null, null, null, null, 0, false)), clock);
        Deal deal = deal(Role.CLIENT, DealState.CHECK_FOR_ACCEPTANCE);
        for (int i = 0; i < 9; i++) {
            clock.forward(Duration.ofMinutes(11));
            deal = check.look(deal);
        }
        Deal last = deal;
        clock.forward(Duration.ofMinutes(11));
        assertThatThrownBy(() -> check.look(last)).isInstanceOf(FatalException.class)
                .hasMessageContaining("knows no such deal");
    }

    @Test
    void failsWhenTheStartPassesWithoutAcceptance() {
        Deal deal = deal(Role.CLIENT, DealState.CHECK_FOR_ACCEPTANCE);
        chain.to(DealFixture.START + 10);
        assertThat(isWaiting(acceptance(DealState.TRANSFERRING, null).look(deal))).isTrue();
        chain.to(DealFixture.START + 11);
        assertThatThrownBy(() -> acceptance(DealState.TRANSFERRING, null).look(deal)).isInstanceOf(FatalException.class)
                .hasMessageContaining("elapsed");
    }

    private DealRequest request() {
        return new DealRequest(DataRef.graphsync(ROOT), client(), MINER, TokenAmount.ofAtto(953), 518_400, null, null,
                false, false);
    }

    private DealStarter starter() {
        return new DealStarter(new ProposalBuilder(chain, imports, DealFixture.signer()), deals, clock);
    }

    @Test
    void buildsTheProposalThatTheSpecDescribes() {
        chain.collateral(BigInteger.valueOf(101));
        Deal deal = starter().start(request());
        var proposal = deal.proposal().proposal();
        assertThat(proposal.startEpoch()).isEqualTo(Epoch.of(HEAD + 23_040));
        assertThat(proposal.endEpoch())
                .isEqualTo(DealEnd.expiration(518_400, 2880, Epoch.of(0), proposal.startEpoch()));
        assertThat(proposal.providerCollateral()).isEqualTo(TokenAmount.ofAtto(121));
        assertThat(proposal.clientCollateral().isZero()).isTrue();
        assertThat(proposal.label().text()).startsWith("m");
        assertThat(proposal.label().payloadCid()).contains(ROOT);
        assertThat(Signatures.verify(deal.proposal().signature(), client(), proposal.toCbor())).isTrue();
        assertThat(deal.dataRef().pieceCid()).isEqualTo(terms().pieceCid());
        assertThat(deal.state()).isEqualTo(DealState.RESERVE_CLIENT_FUNDS);
    }

    @Test
    void refusesTheSameDealTwice() {
        starter().start(request());
        assertThatThrownBy(() -> starter().start(request())).isInstanceOf(DealRefusedException.class)
                .hasMessageStartingWith("the same deal exists already");
    }

    private void refuses(String sentence, DealRequest request) {
        assertThatThrownBy(() -> starter().start(request)).isInstanceOf(DealRefusedException.class)
                .hasMessageContaining(sentence);
        assertThat(deals.count(Role.CLIENT)).isEmpty();
    }

    @Test
    void saysInOneSentenceWhyADealCannotBeProposed() {
        DealRequest good = request();
        refuses("no import has the payload CID",
                new DealRequest(DataRef.graphsync(Cid.rawSha256(new byte[9])), client(), MINER,
                good.pricePerEpoch(), 518_400, null, null, false, false));
        refuses("there is no miner f07",
                new DealRequest(good.data(), client(), FilAddress.ofId(7), good.pricePerEpoch(), 518_400,
                null, null, false, false));
        refuses("start epoch 5 has passed",
                new DealRequest(good.data(), client(), MINER, good.pricePerEpoch(), 518_400, null,
                Epoch.of(5), false, false));
        refuses("a deal cannot last 0 epochs",
                new DealRequest(good.data(), client(), MINER, good.pricePerEpoch(), 0, null, null,
                false, false));
        refuses("wallet and market escrow of",
                new DealRequest(good.data(), client(), MINER, TokenAmount.ofFil(1), 518_400, null,
                null, false, false));
        refuses("data cannot travel by 'pigeon'", new DealRequest(new DataRef("pigeon", ROOT, null,
                good.data().pieceSize(), 0), client(), MINER, good.pricePerEpoch(), 518_400, null, null, false, false));
        chain.miner(MINER, new MinerInfo(MINER, MINER, List.of(), null, List.of(), 5, 2048));
        refuses("has not set its peer id", good);
        chain.miner(MINER, new MinerInfo(MINER, MINER, List.of(), DealFixture.MINER_PEER, List.of(), 5, 1024));
        refuses("does not fit a sector of 1024 bytes", good);
    }

    @Test
    void answersAProposalAfterTheDecisionIsStoredAndAKnownOneWithItsState() {
        ProposalDesk desk = new ProposalDesk(deals, Path.of("staging"), () -> Duration.ofSeconds(10), clock);
        Deal offered = deal(Role.PROVIDER, DealState.UNKNOWN);
        ProposalMessage message = new ProposalMessage(offered.dataRef(), offered.proposal(), false);
        PeerId peer = PeerId.parse(DealFixture.MINER_PEER);
        deals.onMove(move -> {
            if (move.to() == DealState.VALIDATING) {
                deals.signal(move.proposalCid(), Role.PROVIDER, one -> one, DealEvent.DEAL_DECIDING,
                        DealEvent.DATA_REQUESTED);
            }
        });
        assertThat(desk.receive(peer, message).orElseThrow().state()).isEqualTo(DealState.WAITING_FOR_DATA);
        deals.signal(offered.proposalCid(), Role.PROVIDER, one -> one, DealEvent.DATA_TRANSFER_INITIATED);
        assertThat(desk.receive(peer, message).orElseThrow().state()).isEqualTo(DealState.TRANSFERRING);
        assertThat(deals.count(Role.PROVIDER)).containsExactly(Map.entry(DealState.TRANSFERRING, 1L));
        assertThat(new PushedDeals(deals).find(offered.proposalCid()).orElseThrow().stagingCar())
                .isEqualTo(Path.of("staging", offered.proposalCid() + ".car"));
        assertThat(new ProviderDealStates(deals).find(offered.proposalCid()).orElseThrow().client())
                .isEqualTo(client());
        deals.signal(offered.proposalCid(), Role.PROVIDER, one -> one.withMessage("no /home/me/staging/one.car"),
                DealEvent.DATA_TRANSFER_FAILED);
        assertThat(new ProviderDealStates(deals).find(offered.proposalCid()).orElseThrow().state().message())
                .isEqualTo("no (a file of the miner)");
        ProposalResponse refused = desk.receive(peer, message).orElseThrow();
        assertThat(refused.state()).isEqualTo(DealState.FAILING);
        assertThat(refused.message()).isEqualTo("no (a file of the miner)");
        deals.signal(offered.proposalCid(), Role.PROVIDER, one -> one, DealEvent.FAILED);
        ProposalResponse over = desk.receive(peer, message).orElseThrow();
        assertThat(over.state()).isEqualTo(DealState.ERROR);
        assertThat(over.message()).isEqualTo("no (a file of the miner)");
        assertThat(deals.count(Role.PROVIDER)).containsExactly(Map.entry(DealState.ERROR, 1L));
    }

    @Test
    void signsAsTheLastKnownWorkerWhileTheChainIsAway() {
        WorkerSigner signer = new WorkerSigner(chain, DealFixture.signer(), MINER, clock);
        byte[] answer = {1, 2, 3};
        chain.away(true);
        assertThatThrownBy(() -> signer.sign(Bytes.wrap(answer))).isInstanceOf(RetryableException.class);
        chain.away(false);
        signer.sign(Bytes.wrap(answer));
        chain.away(true);
        clock.forward(Duration.ofHours(1));
        assertThat(Signatures.verify(signer.sign(Bytes.wrap(answer)), DealFixture.worker(), answer)).isTrue();
    }

    @Test
    void numbersAndSignsEachAsk() {
        WorkerSigner signer = new WorkerSigner(chain, DealFixture.signer(), MINER, clock);
        AskKeeper keeper = new AskKeeper(chain, new AskStore(POSTGRES.database().sql(), clock), signer, MINER);
        AskKeeper.Terms terms = new AskKeeper.Terms(TokenAmount.ofAtto(5), TokenAmount.ofAtto(1), 1000,
                PaddedPieceSize.of(256),
                PaddedPieceSize.of(2048));
        assertThat(keeper.find(FilAddress.ofId(9))).isEmpty();
        long first = keeper.set(terms).ask().seqNo();
        SignedAsk second = keeper.set(terms);
        assertThat(second.ask().seqNo()).isEqualTo(first + 1);
        assertThat(second.ask().timestamp()).isEqualTo(Epoch.of(HEAD));
        assertThat(second.ask().expiry()).isEqualTo(Epoch.of(HEAD + 1000));
        assertThat(Signatures.verify(second.signature(), DealFixture.worker(), second.ask().toCbor())).isTrue();
        assertThat(keeper.find(MINER).orElseThrow().ask()).isEqualTo(second.ask());
        assertThat(new ChainSignatures(chain).isByWorker(MINER, Bytes.wrap(second.ask().toCbor()), second.signature()))
                .isTrue();
        assertThat(new ChainSignatures(chain).isBy(client(), Bytes.wrap(second.ask().toCbor()), second.signature()))
                .isFalse();
        assertThatThrownBy(() -> keeper.set(new AskKeeper.Terms(terms.price(), terms.verifiedPrice(), 1000,
                PaddedPieceSize.of(256),
                PaddedPieceSize.of(4096)))).hasMessageContaining("does not fit our sectors");
    }
}
