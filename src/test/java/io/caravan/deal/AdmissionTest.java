package io.caravan.deal;

import static io.caravan.support.DealFixture.MINER;
import static io.caravan.support.DealFixture.proposed;
import static io.caravan.support.DealFixture.worker;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.model.DataRef;
import io.caravan.model.Deal;
import io.caravan.model.DealEvent;
import io.caravan.model.DealProposal;
import io.caravan.model.DealState;
import io.caravan.model.Epoch;
import io.caravan.model.RejectedException;
import io.caravan.model.RetryableException;
import io.caravan.model.Role;
import io.caravan.model.TokenAmount;
import io.caravan.model.UnpaddedPieceSize;
import io.caravan.store.AcceptanceStore;
import io.caravan.store.DealTag;
import io.caravan.store.FundStore.Purpose;
import io.caravan.store.PostgresDealStore;
import io.caravan.store.PostgresFundStore;
import io.caravan.store.PostgresMessageStore;
import io.caravan.store.Sql;
import io.caravan.support.DealFixture;
import io.caravan.support.FakeChain;
import io.caravan.support.FixedMarket;
import io.caravan.support.SettableClock;
import io.caravan.support.TestPostgres;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Promises are rows that come and go with a deal's moves, and two deals never get the same one. */
class AdmissionTest {

    private static final Duration LEASE = Duration.ofMinutes(5);
    private static final long COLLATERAL = 100;

    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    private final SettableClock clock = SettableClock.at(DealFixture.NOW);
    private final Sql sql = POSTGRES.database().sql();
    private final AcceptanceStore accepted = new AcceptanceStore(sql, clock);
    private final FakeChain chain = DealFixture.chain();
    private long usable = 1L << 40;

    @BeforeEach
    void forgetAllDeals() {
        sql.write("test/empty", Map.of());
    }

    private Admission admission(QuotaConfig config) {
        return new Admission(chain, accepted, MINER, () -> config, () -> usable, () -> Long.MAX_VALUE, clock);
    }

    private static QuotaConfig limits(long deals) {
        return new QuotaConfig(TokenAmount.ZERO, 0, 0, 0, 0, 0, deals, 0, 0);
    }

    private PostgresDealStore store(Admission admission, String node) {
        PostgresDealStore deals = POSTGRES.deals(clock, node);
        deals.accompany(admission);
        return deals;
    }

    /** The deal as it stands before the decision is stored; deals of different numbers have different terms. */
    private Deal decided(PostgresDealStore deals, int number) {
        return decided(deals, proposed(p -> terms(p, number)));
    }

    private static DealProposal terms(DealProposal p, int number) {
        return new DealProposal(p.pieceCid(), p.pieceSize(), p.isVerified(), p.client(), p.provider(), p.label(), p.startEpoch(),
                Epoch.of(DealFixture.END + number), p.storagePricePerEpoch(), TokenAmount.ofAtto(COLLATERAL), p.clientCollateral());
    }

    private Deal decided(PostgresDealStore deals, Deal deal) {
        Deal fresh = Deal.fresh(deal.proposalCid(), Role.PROVIDER, deal.proposal(), deal.dataRef(), false, deal.peer(),
                clock.instant()).withFiles(new Deal.Files("/staging/" + deal.proposalCid(), null, null));
        deals.insert(fresh, DealEvent.OPEN, DealEvent.DEAL_DECIDING);
        return deals.claim(Role.PROVIDER, DealState.ACCEPT_WAIT, 1, LEASE).get(0);
    }

    private Deal acceptedDeal(PostgresDealStore deals, Admission admission, int number) {
        return deals.advance(admission.look(decided(deals, number)), DealEvent.DATA_REQUESTED);
    }

    private List<DealTag> tags(Deal deal) {
        return List.copyOf(accepted.tagsOf(deal.proposalCid()).keySet());
    }

    @Test
    void promisesADealWhatItNeedsInTheTransactionThatAcceptsIt() {
        Admission admission = admission(limits(0));
        Deal deal = acceptedDeal(store(admission, "one"), admission, 1);
        assertThat(deal.state()).isEqualTo(DealState.WAITING_FOR_DATA);
        assertThat(accepted.tagsOf(deal.proposalCid())).isEqualTo(Map.of(
                DealTag.FUNDS, BigInteger.valueOf(COLLATERAL), DealTag.SLOT, BigInteger.ONE,
                DealTag.ARRIVING, BigInteger.valueOf(2048), DealTag.STAGING, BigInteger.valueOf(2048)));
    }

    @Test
    void takesEachPromiseBackInTheTransactionThatMovesTheDealPastIt() {
        Admission admission = admission(limits(0));
        PostgresDealStore deals = store(admission, "one");
        Deal deal = acceptedDeal(deals, admission, 1);
        fire(deals, deal, DealEvent.DATA_TRANSFER_INITIATED);
        assertThat(tags(deal)).containsExactly(DealTag.FUNDS, DealTag.SLOT, DealTag.ARRIVING, DealTag.STAGING);
        fire(deals, deal, DealEvent.DATA_TRANSFER_COMPLETED);
        assertThat(tags(deal)).containsExactly(DealTag.FUNDS, DealTag.SLOT, DealTag.STAGING);
        fire(deals, deal, DealEvent.VERIFIED_DATA);
        fire(deals, deal, DealEvent.FUNDS_RESERVED, DealEvent.FUNDED);
        assertThat(tags(deal)).containsExactly(DealTag.SLOT, DealTag.STAGING);
        fire(deals, deal, DealEvent.DEAL_PUBLISH_INITIATED);
        fire(deals, deal, DealEvent.DEAL_PUBLISHED);
        fire(deals, deal, DealEvent.DEAL_HANDED_OFF);
        fire(deals, deal, DealEvent.DEAL_PRECOMMITTED);
        fire(deals, deal, DealEvent.DEAL_ACTIVATED);
        assertThat(tags(deal)).containsExactly(DealTag.SLOT, DealTag.STAGING);
        fire(deals, deal, DealEvent.FINALIZED);
        assertThat(tags(deal)).isEmpty();
    }

    private static void fire(PostgresDealStore deals, Deal deal, DealEvent... events) {
        assertThat(deals.signal(deal.proposalCid(), Role.PROVIDER, one -> one, events)).isPresent();
    }

    @ParameterizedTest
    @EnumSource(names = {"DATA_TRANSFER_FAILED", "DATA_TRANSFER_CANCELLED", "NODE_ERRORED", "SEND_RESPONSE_FAILED"})
    void leavesNoPromiseBehindADealThatFails(DealEvent end) {
        Admission admission = admission(limits(1));
        PostgresDealStore deals = store(admission, "one");
        Deal deal = acceptedDeal(deals, admission, 1);
        fire(deals, deal, end);
        assertThat(tags(deal)).isEmpty();
        assertThat(acceptedDeal(deals, admission, 2).state()).isEqualTo(DealState.WAITING_FOR_DATA);
    }

    private Deal acceptedOfflineDeal(PostgresDealStore deals, Admission admission, int number) {
        Deal online = proposed(p -> terms(p, number));
        Deal offline = Deal.fresh(online.proposalCid(), Role.PROVIDER, online.proposal(), new DataRef(DataRef.MANUAL,
                online.dataRef().root(), null, UnpaddedPieceSize.ZERO, 0), false, online.peer(), DealFixture.NOW);
        return deals.advance(admission.look(decided(deals, offline)), DealEvent.DATA_REQUESTED);
    }

    @Test
    void promisesARoomToDataThatIsBroughtByHandOnceItIsBrought() {
        Admission admission = admission(limits(0));
        PostgresDealStore deals = store(admission, "one");
        Deal deal = acceptedOfflineDeal(deals, admission, 1);
        assertThat(tags(deal)).containsExactly(DealTag.FUNDS, DealTag.SLOT);
        fire(deals, deal, DealEvent.VERIFIED_DATA);
        assertThat(tags(deal)).containsExactly(DealTag.FUNDS, DealTag.SLOT, DealTag.STAGING);
    }

    @ParameterizedTest
    @CsvSource({"true, IM9 staging-full, miner.accept.staging-quota", "false, IM10 client-quota-full, miner.accept.client-quota"})
    void refusesDataThatIsBroughtByHandBeyondAQuotaAndLeavesTheDealWaiting(boolean isOfFolder, String code, String key) {
        long size = proposed(p -> p).proposal().proposal().pieceSize().bytes();
        long quota = size + 1;
        Admission admission = admission(new QuotaConfig(TokenAmount.ZERO, isOfFolder ? quota : 0, isOfFolder ? 0 : quota,
                0, 0, 0, 0, 0, 0));
        PostgresDealStore deals = store(admission, "one");
        Deal first = acceptedOfflineDeal(deals, admission, 1);
        Deal second = acceptedOfflineDeal(deals, admission, 2);
        assertThat(admission.lookForImport(second)).as("bytes promised to transfers").isZero();
        fire(deals, first, DealEvent.VERIFIED_DATA);
        String reason = code + ": " + 2 * size + " >= " + quota + " (" + key + ")";
        assertThatThrownBy(() -> admission.lookForImport(second)).isInstanceOf(DealRefusedException.class).hasMessage(reason);
        assertThatThrownBy(() -> fire(deals, second, DealEvent.VERIFIED_DATA)).isInstanceOf(DealRefusedException.class)
                .hasMessage(reason);
        assertThat(deals.find(second.proposalCid(), Role.PROVIDER)).map(Deal::state).contains(DealState.WAITING_FOR_DATA);
        assertThat(tags(second)).containsExactly(DealTag.FUNDS, DealTag.SLOT);
    }

    @Test
    void countsWhatTransfersWerePromisedOfTheDiskBeforeDataIsBroughtByHand() {
        Admission admission = admission(limits(0));
        PostgresDealStore deals = store(admission, "one");
        Deal online = acceptedDeal(deals, admission, 1);
        assertThat(admission.lookForImport(acceptedOfflineDeal(deals, admission, 2)))
                .isEqualTo(online.proposal().proposal().pieceSize().bytes());
    }

    @Test
    void keepsTheDealUndecidedAndTakesNothingWhenALimitRefusesIt() {
        Admission admission = admission(limits(1));
        PostgresDealStore deals = store(admission, "one");
        acceptedDeal(deals, admission, 1);
        Deal second = admission.look(decided(deals, 2));
        assertThatThrownBy(() -> deals.advance(second, DealEvent.DATA_REQUESTED)).isInstanceOf(RejectedException.class)
                .hasMessage("Q-deals too-many-deals");
        assertThat(deals.find(second.proposalCid(), Role.PROVIDER)).map(Deal::state).contains(DealState.ACCEPT_WAIT);
        assertThat(tags(second)).isEmpty();
        assertThat(deals.events(second.proposalCid(), Role.PROVIDER)).hasSize(2);
        assertThat(deals.advance(second.withMessage("Q-deals"), DealEvent.DEAL_REJECTED).state()).isEqualTo(DealState.REJECTING);
    }

    @Test
    void acceptsExactlyOneOfTwoDealsThatRaceForTheLastSlotOnTwoNodes() throws Exception {
        ExecutorService both = Executors.newFixedThreadPool(2);
        try {
            for (int round = 0; round < 20; round++) {
                forgetAllDeals();
                Admission admission = admission(limits(1));
                PostgresDealStore one = store(admission, "one");
                PostgresDealStore two = store(admission, "two");
                Deal left = admission.look(decided(one, 2 * round));
                Deal right = admission.look(decided(two, 2 * round + 1));
                CyclicBarrier start = new CyclicBarrier(2);
                List<Future<Boolean>> races = new ArrayList<>();
                races.add(both.submit(race(one, left, start)));
                races.add(both.submit(race(two, right, start)));
                assertThat(races.get(0).get() ^ races.get(1).get()).as("round " + round).isTrue();
            }
        } finally {
            both.shutdownNow();
        }
    }

    private static Callable<Boolean> race(PostgresDealStore deals, Deal deal, CyclicBarrier start) {
        return () -> {
            start.await();
            try {
                return deals.advance(deal, DealEvent.DATA_REQUESTED).state() == DealState.WAITING_FOR_DATA;
            } catch (RejectedException e) {
                assertThat(e).hasMessageStartingWith("Q-deals");
                return false;
            }
        };
    }

    @Test
    void looksAgainAtOnceWhenWhatItNotedIsLost() {
        Admission admission = admission(limits(0));
        PostgresDealStore deals = store(admission, "one");
        acceptedDeal(deals, admission, 1);
        sql.write("test/empty", Map.of());
        Deal next = admission.look(decided(deals, 2));
        assertThatThrownBy(() -> deals.advance(next, DealEvent.DATA_REQUESTED)).isInstanceOf(RetryableException.class);
        assertThat(deals.advance(admission.look(next), DealEvent.DATA_REQUESTED).state()).isEqualTo(DealState.WAITING_FOR_DATA);
    }

    @Test
    void countsAHoldAndItsTagOnce() {
        chain.escrow(MINER, BigInteger.valueOf(50), BigInteger.ZERO).wallet(worker(), BigInteger.valueOf(150));
        Admission admission = admission(limits(0));
        PostgresDealStore deals = store(admission, "one");
        Deal first = acceptedDeal(deals, admission, 1);
        PostgresFundStore funds = new PostgresFundStore(sql, new PostgresMessageStore(sql, clock), clock);
        funds.reserve(first.proposalCid(), Purpose.PROVIDER_COLLATERAL, MINER, worker(), TokenAmount.ofAtto(COLLATERAL),
                new FixedMarket(TokenAmount.ofAtto(50)));
        assertThat(acceptedDeal(deals, admission, 2).state()).isEqualTo(DealState.WAITING_FOR_DATA);
        Deal third = admission.look(decided(deals, 3));
        assertThatThrownBy(() -> deals.advance(third, DealEvent.DATA_REQUESTED)).isInstanceOf(RejectedException.class)
                .hasMessage("Q-funds provider-funds-insufficient");
    }

    @Test
    void forgetsWhatAClientGotMoreThanAnHourAgo() {
        Admission admission = admission(new QuotaConfig(TokenAmount.ZERO, 0, 0, 0, 0, 0, 0, 1, 0));
        PostgresDealStore deals = store(admission, "one");
        fire(deals, acceptedDeal(deals, admission, 1), DealEvent.DATA_TRANSFER_CANCELLED);
        Deal second = admission.look(decided(deals, 2));
        assertThatThrownBy(() -> deals.advance(second, DealEvent.DATA_REQUESTED)).hasMessageStartingWith("Q-rate client-too-fast");
        clock.forward(AcceptanceStore.HOUR);
        assertThat(deals.advance(second, DealEvent.DATA_REQUESTED).state()).isEqualTo(DealState.WAITING_FOR_DATA);
    }

    @Test
    void acceptsTermsOnceUnderAnySignature() {
        Admission admission = admission(limits(0));
        PostgresDealStore deals = store(admission, "one");
        Deal first = decided(deals, 1);
        Deal second = decided(deals, proposed(p -> terms(p, 1).withClient(DealFixture.CLIENT_ID)));
        for (Deal each : List.of(first, second)) {
            assertThat(new Duplicates(chain, accepted).fault(new Candidate(each, chain, miner -> Optional.empty(), MINER)))
                    .isEmpty();
        }
        deals.advance(admission.look(first), DealEvent.DATA_REQUESTED);
        assertThatThrownBy(() -> deals.advance(admission.look(second), DealEvent.DATA_REQUESTED))
                .hasMessage("V20 duplicate-proposal: deal " + first.proposalCid() + " has the same terms");
    }

    @Test
    void waitsForAChainThatIsAwayBeforeItPromisesAnything() {
        chain.away(true);
        Admission admission = admission(limits(0));
        Deal deal = decided(store(admission, "one"), 1);
        assertThatThrownBy(() -> admission.look(deal)).isInstanceOf(RetryableException.class);
    }

    @Test
    void leavesTheClientsSideAlone() {
        PostgresDealStore deals = store(admission(limits(0)), "one");
        Deal deal = proposed(p -> terms(p, 1));
        deals.insert(Deal.fresh(deal.proposalCid(), Role.CLIENT, deal.proposal(), deal.dataRef(), false, deal.peer(),
                DealFixture.NOW), DealEvent.OPEN);
        assertThat(tags(deal)).isEmpty();
    }
}
