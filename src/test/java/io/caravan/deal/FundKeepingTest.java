package io.caravan.deal;

import static io.caravan.support.DealFixture.HEAD;
import static io.caravan.support.DealFixture.NOW;
import static io.caravan.support.DealFixture.client;
import static io.caravan.support.DealFixture.deal;
import static io.caravan.support.DealFixture.terms;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.chain.AmountReturn;
import io.caravan.chain.MessageLane;
import io.caravan.chain.MessageWatcher;
import io.caravan.chain.Methods;
import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.crypto.Signer;
import io.caravan.model.Deal;
import io.caravan.model.DealEvent;
import io.caravan.model.DealProposal;
import io.caravan.model.DealState;
import io.caravan.model.FatalException;
import io.caravan.model.FilAddress;
import io.caravan.model.PhaseException;
import io.caravan.model.RetryableException;
import io.caravan.model.Role;
import io.caravan.model.Signature;
import io.caravan.model.TokenAmount;
import io.caravan.model.WaitsOn;
import io.caravan.store.FundRequests;
import io.caravan.store.PostgresDealStore;
import io.caravan.store.PostgresFundStore;
import io.caravan.store.PostgresMessageStore;
import io.caravan.store.Sql;
import io.caravan.support.DealFixture;
import io.caravan.support.FakeChain;
import io.caravan.support.SettableClock;
import io.caravan.support.TestPostgres;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What waiting deals and people are told about money, and what is counted when the chain moves it. */
class FundKeepingTest {

    private static final TokenAmount CEILING = TokenAmount.ofFil(5);
    private static final String SETTING = "daemon.funds.top-up-ceiling";

    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    /** The client's key is here, nobody else's. */
    private static final Signer OURS = new Signer() {
        @Override
        public Signature sign(FilAddress address, byte[] message) {
            return DealFixture.signer().sign(address, message);
        }

        @Override
        public boolean has(FilAddress address) {
            return address.equals(client());
        }
    };

    private final FakeChain chain = DealFixture.chain();
    private final SettableClock clock = SettableClock.at(NOW);
    private final Sql sql = POSTGRES.database().sql();
    private final PostgresDealStore deals = POSTGRES.deals(clock, "node");
    private final PostgresMessageStore messages = new PostgresMessageStore(sql, clock);
    private final PostgresFundStore funds = new PostgresFundStore(sql, messages, () -> CEILING, clock);
    private final FundRequests requests = new FundRequests(sql, messages, clock);
    private final FundMarket market = new FundMarket(chain, deals, OURS);
    private final FundKeeper keeper = new FundKeeper(new FundKeeper.Tools(chain, funds, requests, messages,
            new MessageLane(chain, messages, OURS), new MessageWatcher(chain, messages), market),
            () -> new FundKeeper.Ceiling(CEILING, SETTING), () -> 5, clock);
    private final FundDesk desk = new FundDesk(keeper, clock);
    private final FundCheck check = new FundCheck(keeper);
    private final FundReserver reserver = new FundReserver(keeper, () -> 5, clock);
    private final ClientFunds clientFunds = new ClientFunds(reserver);
    private int number;

    @BeforeEach
    void empty() {
        sql.write("test/empty", Map.of());
        chain.escrow(client(), BigInteger.ZERO, BigInteger.ZERO);
    }

    private Deal costing(TokenAmount cost) {
        DealProposal p = terms();
        DealProposal priced = new DealProposal(p.pieceCid(), p.pieceSize(), false, p.client(), p.provider(), p.label(), p.startEpoch(),
                p.endEpoch(), TokenAmount.ofAtto(number++), TokenAmount.ZERO, cost);
        return deals.insert(deal(Role.CLIENT, DealState.UNKNOWN, priced), DealEvent.OPEN).deal();
    }

    private void land(Cid message, TokenAmount escrowAfter) {
        chain.land(message, 0, Bytes.EMPTY);
        chain.escrow(client(), escrowAfter.atto(), BigInteger.ZERO);
        chain.to(chain.head().epoch().value() + 5);
    }

    @Test
    void aWalletThatIsTooLowIsSaidWithWhatToSendAndTheDealGoesOnWhenItComes() {
        chain.wallet(client(), TokenAmount.ofFil(2).atto());
        Deal deal = costing(TokenAmount.ofFil(3));
        Deal waiting = clientFunds.reserve(deal);
        assertThat(waiting.waiting().on()).isEqualTo(WaitsOn.MONEY);
        assertThat(waiting.waiting().what()).contains("wallet " + client() + " holds 2 FIL", "send ", "and the fee");
        assertThat(chain.pushed()).isEmpty();
        assertThat(messages.intents(10)).isEmpty();
        chain.wallet(client(), TokenAmount.ofFil(4).atto());
        assertThat(clientFunds.reserve(waiting).funds().addFundsCid()).isEqualTo(chain.pushed().get(0).cid());
    }

    @Test
    void aWalletThatLacksOnlyTheFeeWaitsForMoneyAndFailsNothing() {
        Deal deal = costing(TokenAmount.ofFil(3));
        chain.wallet(client(), cost(deal).atto());
        Deal waiting = clientFunds.reserve(deal);
        assertThat(waiting.waiting().on()).isEqualTo(WaitsOn.MONEY);
        assertThat(waiting.waiting().what()).contains("send 0.0000000002 FIL to it");
        chain.wallet(client(), cost(deal).plus(TokenAmount.ofFil(1)).atto());
        assertThat(clientFunds.reserve(waiting).funds().addFundsCid()).isNotNull();
        assertThat(chain.pushed()).hasSize(1);
    }

    private static TokenAmount cost(Deal deal) {
        return deal.proposal().proposal().clientBalanceRequirement();
    }

    @Test
    void aTopUpBeyondTheCeilingNamesTheSettingAndTheWayRoundIt() {
        Deal first = clientFunds.reserve(costing(TokenAmount.ofFil(4)));
        land(first.funds().addFundsCid(), cost(first));
        clock.forward(Duration.ofHours(1));
        Deal second = clientFunds.reserve(costing(TokenAmount.ofFil(2)));
        assertThat(second.waiting().on()).isEqualTo(WaitsOn.MONEY);
        assertThat(second.waiting().what()).contains(SETTING + " = 5 FIL", cost(first) + " moved in 24 h", "./caravan funds add",
                "counts until " + NOW.plus(Duration.ofHours(24)));
        assertThat(chain.pushed()).hasSize(1);
        clock.forward(Duration.ofHours(23));
        assertThat(clientFunds.reserve(second).funds().addFundsCid()).isNotNull();
    }

    @Test
    void whatAnOperatorAddsIsNotCountedAgainstTheCeiling() {
        Cid message = desk.add(client(), client(), TokenAmount.ofFil(8));
        land(message, TokenAmount.ofFil(8));
        keeper.tick();
        assertThat(requests.open(client())).isEmpty();
        Deal covered = clientFunds.reserve(costing(TokenAmount.ofFil(7)));
        assertThat(covered.waiting().what()).isNull();
        assertThat(funds.toppedUp(NOW.minus(Duration.ofDays(1))).amount()).isEqualTo(TokenAmount.ZERO);
    }

    @Test
    void aWalletWhoseKeyIsNotHereIsNotCalledEmpty() {
        Deal waiting = reserver.reserve(costing(TokenAmount.ofFil(1)), io.caravan.store.FundStore.Purpose.CLIENT_PAYMENT, client(),
                DealFixture.worker(), TokenAmount.ofFil(1));
        assertThat(waiting.waiting().on()).isEqualTo(WaitsOn.OPERATOR);
        assertThat(waiting.waiting().what()).contains("the key of wallet " + DealFixture.worker() + ", which this node does not have");
        assertThatThrownBy(() -> desk.add(DealFixture.worker(), client(), TokenAmount.ofFil(1))).hasMessageContaining("does not have the key");
        assertThatThrownBy(() -> desk.withdraw(DealFixture.worker(), client(), TokenAmount.ofFil(1))).hasMessageContaining("does not have the key");
    }

    @Test
    void otherErrorsAreTriedFiveTimesAndThenFailTheDealWhoseMessageIsTakenBack() {
        chain.refuseEstimates("the market is paused");
        Deal deal = costing(TokenAmount.ofFil(1));
        for (int attempt = 0; attempt < 5; attempt++) {
            Deal tried = deal.withTurn(new io.caravan.model.Turn(NOW, attempt, 0, null, null, null, false));
            assertThatThrownBy(() -> clientFunds.reserve(tried)).isInstanceOf(RetryableException.class).hasMessageContaining("paused");
        }
        Deal last = deal.withTurn(new io.caravan.model.Turn(NOW, 5, 0, null, null, null, false));
        assertThatThrownBy(() -> clientFunds.reserve(last)).isInstanceOf(FatalException.class).hasMessageContaining("paused");
        new ClientCleaner(reserver).fail(last);
        assertThat(messages.intents(10)).isEmpty();
        chain.refuseEstimates("");
        assertThat(clientFunds.reserve(costing(TokenAmount.ofFil(1))).funds().addFundsCid()).isNotNull();
        assertThat(chain.pushed()).hasSize(1);
    }

    @Test
    void aPublishedDealsHoldStopsCountingInTheEpochInWhichTheChainLocksIt() {
        Deal deal = costing(TokenAmount.ofFil(3));
        Deal funded = clientFunds.reserve(deal);
        land(funded.funds().addFundsCid(), cost(deal));
        keeper.tick();
        check.tick();
        chain.escrow(client(), cost(deal).atto(), cost(deal).atto()); // published in this very epoch
        chain.pending(deal.proposal().proposal().withClient(DealFixture.CLIENT_ID).cid(), true);
        chain.to(HEAD + 6);
        check.tick();
        assertThat(check.violations()).isZero();
        FundBooks books = check.read(client()).orElseThrow();
        assertThat(books.reserved()).isEqualTo(TokenAmount.ZERO);
        assertThat(books.locked()).containsExactly(deal.proposalCid());
        assertThat(books.free()).isEqualTo(TokenAmount.ZERO);
        Deal next = costing(TokenAmount.ofFil(1));
        clientFunds.reserve(next);
        assertThat(chain.pushed().get(1).message().value()).as("no more than the next deal costs").isEqualTo(cost(next));
    }

    @Test
    void aViolationIsCountedOnceAndOverWhenItIsMended() {
        Deal deal = clientFunds.reserve(costing(TokenAmount.ofFil(3)));
        land(deal.funds().addFundsCid(), cost(deal));
        keeper.tick();
        chain.escrow(client(), BigInteger.ONE, BigInteger.ZERO); // somebody took it out behind our back
        for (int i = 0; i < 3; i++) {
            chain.to(HEAD + 10 + i);
            check.tick();
        }
        assertThat(check.violations()).isEqualTo(1);
        assertThat(check.wrong()).hasEntrySatisfying(client(), sentence -> assertThat(sentence).contains("escrow", "reserved", cost(deal).toString()));
        chain.escrow(client(), cost(deal).atto(), BigInteger.ZERO);
        chain.to(HEAD + 20);
        check.tick();
        assertThat(check.wrong()).isEmpty();
        assertThat(check.checked()).isNotNull();
    }

    @Test
    void aWithdrawalWaitsForTheMessageInFlightAndAnswersWithItsOwn() {
        Deal deal = clientFunds.reserve(costing(TokenAmount.ofFil(3)));
        CompletableFuture<Cid> answer = desk.withdraw(client(), client(), TokenAmount.ofFil(1));
        assertThat(answer).isNotDone();
        land(deal.funds().addFundsCid(), cost(deal).plus(TokenAmount.ofFil(1)));
        keeper.tick();
        desk.tick();
        assertThat(answer).isCompletedWithValue(chain.pushed().get(1).cid());
        assertThat(chain.pushed().get(1).message().method()).isEqualTo(Methods.MARKET_WITHDRAW_BALANCE);
        FundBooks books = check.read(client()).orElseThrow();
        assertThat(books.free()).isEqualTo(TokenAmount.ZERO);
        assertThat(books.onItsWay()).isEqualTo(TokenAmount.ofFil(-1));
        chain.land(chain.pushed().get(1).cid(), 0, Bytes.wrap(new AmountReturn(TokenAmount.ofFil(1)).toCbor()));
        chain.escrow(client(), cost(deal).atto(), BigInteger.ZERO);
        assertThat(check.read(client()).orElseThrow().free()).isEqualTo(TokenAmount.ZERO);
    }

    @Test
    void anErrorMeansThatNothingWasSentAndNothingWillBe() {
        chain.escrow(client(), TokenAmount.ofFil(2).atto(), BigInteger.ZERO);
        assertThatThrownBy(() -> desk.withdraw(client(), client(), TokenAmount.ofFil(3))).hasMessageContaining("withdraw more than available");
        chain.away(true);
        assertThatThrownBy(() -> desk.withdraw(client(), client(), TokenAmount.ofFil(1))).isInstanceOf(PhaseException.class);
        assertThatThrownBy(() -> desk.reserve(client(), client(), TokenAmount.ofFil(3))).isInstanceOf(PhaseException.class);
        chain.away(false);
        chain.refuseEstimates("no");
        assertThatThrownBy(() -> desk.withdraw(client(), client(), TokenAmount.ofFil(1))).hasMessageContaining("no");
        chain.refuseEstimates("");
        chain.wallet(client(), BigInteger.ZERO);
        assertThatThrownBy(() -> desk.add(client(), client(), TokenAmount.ofFil(1))).hasMessageContaining("holds 0 FIL");
        for (TokenAmount wrong : new TokenAmount[] {TokenAmount.ZERO, TokenAmount.ofAtto(-1), TokenAmount.ofFil(3_000_000_000L)}) {
            assertThatThrownBy(() -> desk.add(client(), client(), wrong)).isInstanceOf(FatalException.class);
            assertThatThrownBy(() -> desk.withdraw(client(), client(), wrong)).isInstanceOf(FatalException.class);
        }
        keeper.tick();
        desk.tick();
        assertThat(chain.pushed()).isEmpty();
        assertThat(messages.intents(10)).isEmpty();
        assertThat(desk.reserved(client())).isEqualTo(TokenAmount.ZERO);
    }

    @Test
    void callersReserveByEitherOfTheirAddresses() {
        chain.escrow(client(), TokenAmount.ofFil(2).atto(), BigInteger.ZERO);
        assertThat(desk.reserve(client(), DealFixture.CLIENT_ID, TokenAmount.ofFil(1))).isCompletedWithValue(Optional.empty());
        assertThat(desk.reserved(client())).isEqualTo(TokenAmount.ofFil(1));
        assertThat(desk.release(DealFixture.CLIENT_ID, TokenAmount.ofFil(5))).isEqualTo(TokenAmount.ofFil(1));
        assertThat(desk.reserved(DealFixture.CLIENT_ID)).isEqualTo(TokenAmount.ZERO);
    }
}
