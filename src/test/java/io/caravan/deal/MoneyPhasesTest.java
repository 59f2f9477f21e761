package io.caravan.deal;

import static io.caravan.support.DealFixture.HEAD;
import static io.caravan.support.DealFixture.MINER;
import static io.caravan.support.DealFixture.NOW;
import static io.caravan.support.DealFixture.client;
import static io.caravan.support.DealFixture.deal;
import static io.caravan.support.DealFixture.terms;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.chain.MarketDeal;
import io.caravan.chain.MessageLane;
import io.caravan.chain.MessageWatcher;
import io.caravan.chain.Methods;
import io.caravan.chain.BitField;
import io.caravan.chain.PublishStorageDealsParams;
import io.caravan.chain.PublishStorageDealsReturn;
import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.model.Deal;
import io.caravan.model.DealEvent;
import io.caravan.model.DealProposal;
import io.caravan.model.DealState;
import io.caravan.model.Epoch;
import io.caravan.model.FatalException;
import io.caravan.model.FilAddress;
import io.caravan.model.RetryableException;
import io.caravan.model.Role;
import io.caravan.model.SectorNumber;
import io.caravan.model.SignedProposal;
import io.caravan.model.TokenAmount;
import io.caravan.store.FundRequests;
import io.caravan.store.FundStore.HoldState;
import io.caravan.store.FundStore.Purpose;
import io.caravan.store.PostgresDealStore;
import io.caravan.store.PostgresFundStore;
import io.caravan.store.PostgresMessageStore;
import io.caravan.store.PublishQueue;
import io.caravan.store.Sql;
import io.caravan.support.DealFixture;
import io.caravan.support.FakeChain;
import io.caravan.support.SettableClock;
import io.caravan.support.TestPostgres;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Funding and publishing with rows that survive: what is sent is sent once, however often a phase runs. */
class MoneyPhasesTest {

    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    private final FakeChain chain = DealFixture.chain();
    private final SettableClock clock = SettableClock.at(NOW);
    private final Sql sql = POSTGRES.database().sql();
    private final PostgresDealStore deals = POSTGRES.deals(clock, "node");
    private final PostgresMessageStore messages = new PostgresMessageStore(sql, clock);
    private final PostgresFundStore funds = new PostgresFundStore(sql, messages, clock);
    private final MessageLane lane = new MessageLane(chain, messages, DealFixture.signer());
    private final MessageWatcher watcher = new MessageWatcher(chain, messages);
    private final FundRequests requests = new FundRequests(sql, messages, clock);
    private final FundMarket market = new FundMarket(chain, deals, DealFixture.signer());
    private final FundKeeper keeper = new FundKeeper(new FundKeeper.Tools(chain, funds, requests, messages, lane,
            watcher, market), () -> FundKeeper.Ceiling.NONE, () -> 5, clock);
    private final FundReserver reserver = new FundReserver(keeper, () -> 5, clock);
    private final ClientFunds clientFunds = new ClientFunds(reserver);
    private final ProviderFunds providerFunds = new ProviderFunds(chain, reserver);
    private final PublishQueue queue = new PublishQueue(sql, messages, clock);
    private int number;

    @BeforeEach
    void empty() {
        sql.write("test/empty", Map.of());
    }

    private static DealProposal priced(long price) {
        DealProposal p = terms();
        return new DealProposal(p.pieceCid(), p.pieceSize(), false, p.client(), p.provider(), p.label(), p.startEpoch(),
                p.endEpoch(),
                TokenAmount.ofAtto(price), TokenAmount.ofAtto(7), TokenAmount.ZERO);
    }

    private Deal aDeal(Role role) {
        return deals.insert(deal(role, DealState.UNKNOWN, priced(1000 + number++)), DealEvent.OPEN).deal();
    }

    private static boolean isWaiting(Deal deal) {
        return deal.waiting().what() != null;
    }

    private BigInteger cost(Deal deal) {
        return deal.proposal().proposal().clientBalanceRequirement().atto();
    }

    private DealPublisher publisher(Duration period, int max) {
        return new DealPublisher(new DealPublisher.Tools(chain, deals, queue, lane, watcher, reserver),
                new DealPublisher.Settings(() -> new PublishConfig(period, max, 480), () -> 10, clock));
    }

    @Test
    void sendsNothingWhenTheEscrowIsEnough() {
        Deal reserved = clientFunds.reserve(aDeal(Role.CLIENT));
        assertThat(isWaiting(reserved)).isFalse();
        assertThat(reserved.funds().addFundsCid()).isNull();
        assertThat(reserved.funds().reserved().atto()).isEqualTo(cost(reserved));
        assertThat(chain.pushed()).isEmpty();
    }

    @Test
    void addsWhatIsMissingByOneMessageForOneNeed() {
        chain.escrow(client(), BigInteger.valueOf(100), BigInteger.valueOf(40));
        Deal deal = aDeal(Role.CLIENT);
        Deal reserved = clientFunds.reserve(deal);
        assertThat(clientFunds.reserve(deal)).isEqualTo(reserved); // as after a kill before the move was stored
        assertThat(chain.pushed()).hasSize(1);
        assertThat(chain.pushed().get(0).message().value().atto())
                .isEqualTo(cost(deal).subtract(BigInteger.valueOf(60)));
        assertThat(isWaiting(clientFunds.look(reserved))).isTrue();
        chain.land(chain.pushed().get(0).cid(), 0, Bytes.EMPTY);
        assertThat(isWaiting(clientFunds.look(reserved))).isTrue();
        chain.to(HEAD + 5);
        assertThat(isWaiting(clientFunds.look(reserved))).isFalse();
    }

    @Test
    void failsWhenTheTopUpFails() {
        chain.escrow(client(), BigInteger.ZERO, BigInteger.ZERO);
        Deal reserved = clientFunds.reserve(aDeal(Role.CLIENT));
        chain.land(reserved.funds().addFundsCid(), 6, Bytes.EMPTY);
        chain.to(HEAD + 5);
        assertThatThrownBy(() -> clientFunds.look(reserved)).isInstanceOf(FatalException.class)
                .hasMessageContaining("exit code 6");
        assertThat(new ClientCleaner(reserver).fail(reserved).funds().reserved().isZero()).isTrue();
        assertThat(new ClientCleaner(reserver).fail(reserved).funds().reserved().isZero()).isTrue();
        assertThat(funds.account(client()).reserved().isZero()).isTrue();
    }

    @Test
    void queuesBehindAMessageInFlightAndThenSharesTheNext() {
        chain.escrow(client(), BigInteger.ZERO, BigInteger.ZERO);
        Deal first = aDeal(Role.CLIENT);
        Deal second = aDeal(Role.CLIENT);
        Deal third = aDeal(Role.CLIENT);
        Deal funded = clientFunds.reserve(first);
        assertThat(isWaiting(clientFunds.reserve(second))).isTrue();
        assertThat(isWaiting(clientFunds.reserve(third))).isTrue();
        assertThat(chain.pushed()).hasSize(1);
        chain.land(funded.funds().addFundsCid(), 0, Bytes.EMPTY);
        chain.escrow(client(), cost(first), BigInteger.ZERO);
        chain.to(HEAD + 5);
        Deal secondFunded = clientFunds.reserve(second);
        Deal thirdFunded = clientFunds.reserve(third);
        assertThat(secondFunded.funds().addFundsCid()).isEqualTo(thirdFunded.funds().addFundsCid()).isNotNull();
        assertThat(chain.pushed()).hasSize(2);
        assertThat(chain.pushed().get(1).message().value().atto()).isEqualTo(cost(second).add(cost(third)));
    }

    @Test
    void waitsOutAnAbsentChainWithoutASecondMessage() {
        chain.escrow(client(), BigInteger.ZERO, BigInteger.ZERO);
        Deal deal = aDeal(Role.CLIENT);
        chain.refusePushes("mempool is full");
        assertThatThrownBy(() -> clientFunds.reserve(deal)).isInstanceOf(RetryableException.class)
                .hasMessageContaining("mempool is full");
        chain.refusePushes("");
        chain.away(true);
        assertThatThrownBy(() -> clientFunds.reserve(deal)).isInstanceOf(RetryableException.class);
        chain.away(false);
        clientFunds.reserve(deal);
        assertThat(chain.pushed()).hasSize(1);
    }

    @Test
    void theProviderLooksAtTheClientsEscrowBeforeItHoldsItsOwn() {
        chain.escrow(client(), BigInteger.TEN, BigInteger.ZERO);
        Deal deal = aDeal(Role.PROVIDER);
        assertThatThrownBy(() -> providerFunds.reserve(deal)).isInstanceOf(FatalException.class)
                .hasMessageContaining("the deal costs");
        assertThat(funds.account(MINER).reserved().isZero()).isTrue();
    }

    @Test
    void theProvidersTopUpIsPaidByItsWorker() {
        Deal reserved = providerFunds.reserve(aDeal(Role.PROVIDER));
        assertThat(reserved.funds().reserved()).isEqualTo(TokenAmount.ofAtto(7));
        assertThat(chain.pushed().get(0).message().from()).isEqualTo(DealFixture.worker());
        assertThat(chain.pushed().get(0).message().value()).isEqualTo(TokenAmount.ofAtto(7));
    }

    @Test
    void closesABatchWhenItIsFull() {
        DealPublisher publisher = publisher(Duration.ofHours(1), 2);
        Deal one = aDeal(Role.PROVIDER);
        Deal two = aDeal(Role.PROVIDER);
        Deal three = aDeal(Role.PROVIDER);
        assertThat(isWaiting(publisher.publish(one))).isTrue();
        Cid message = publisher.publish(two).chain().publishCid();
        assertThat(publisher.publish(one).chain().publishCid()).isEqualTo(message).isNotNull();
        assertThat(publisher.publish(one)).isEqualTo(publisher.publish(one));
        assertThat(isWaiting(publisher.publish(three))).isTrue();
        assertThat(chain.pushed()).hasSize(1);
        assertThat(chain.pushed().get(0).message().method()).isEqualTo(Methods.MARKET_PUBLISH_STORAGE_DEALS);
    }

    @Test
    void closesABatchWhenItsFirstDealHasWaitedLongEnough() {
        DealPublisher publisher = publisher(Duration.ofHours(1), 8);
        Deal one = aDeal(Role.PROVIDER);
        assertThat(isWaiting(publisher.publish(one))).isTrue();
        clock.forward(Duration.ofMinutes(59));
        Deal two = aDeal(Role.PROVIDER);
        assertThat(isWaiting(publisher.publish(two))).isTrue();
        clock.forward(Duration.ofMinutes(1));
        assertThat(publisher.publish(two).chain().publishCid()).isEqualTo(publisher.publish(one).chain().publishCid())
                .isNotNull();
        assertThat(chain.pushed()).hasSize(1);
    }

    @Test
    void publishesEachDealAloneWhenThereIsNoPeriod() {
        DealPublisher publisher = publisher(Duration.ZERO, 8);
        assertThat(publisher.publish(aDeal(Role.PROVIDER)).chain().publishCid())
                .isNotEqualTo(publisher.publish(aDeal(Role.PROVIDER)).chain().publishCid()).isNotNull();
    }

    @Test
    void leavesADealThatIsTooLateOutOfTheBatch() {
        DealPublisher publisher = publisher(Duration.ofHours(1), 2);
        Deal late = aDeal(Role.PROVIDER);
        publisher.publish(late);
        chain.to(DealFixture.START - 479);
        assertThatThrownBy(() -> publisher.publish(late)).isInstanceOf(FatalException.class)
                .hasMessageContaining("too late to publish");
        assertThat(chain.pushed()).isEmpty();
    }

    private Deal published(DealPublisher publisher, Deal deal, long exitCode, byte[] returned) {
        Deal sent = publisher.publish(deal);
        chain.land(sent.chain().publishCid(), exitCode, Bytes.wrap(returned));
        chain.to(HEAD + 10);
        return sent;
    }

    private static byte[] ids(BitField valid, Long... ids) {
        return new PublishStorageDealsReturn(List.of(ids), valid).toCbor();
    }

    @Test
    void learnsTheDealIdAndFreesTheHeldCollateral() {
        DealPublisher publisher = publisher(Duration.ZERO, 8);
        Deal deal = aDeal(Role.PROVIDER);
        providerFunds.reserve(deal);
        Deal sent = publisher.publish(deal);
        assertThat(isWaiting(publisher.look(sent))).isTrue();
        published(publisher, deal, 0, ids(BitField.of(0), 42L));
        DealProposal byId = deal.proposal().proposal().withClient(DealFixture.CLIENT_ID);
        chain.deal(42, new MarketDeal(byId, SectorNumber.of(0), -1, -1, -1));
        Deal known = publisher.look(sent);
        assertThat(known.dealId()).isEqualTo(42L);
        assertThat(isWaiting(known)).isFalse();
        assertThat(known.funds().reserved().isZero()).isTrue();
        assertThat(publisher.look(sent)).isEqualTo(known);
        assertThat(funds.find(deal.proposalCid(), Purpose.PROVIDER_COLLATERAL).orElseThrow().state())
                .isEqualTo(HoldState.RELEASED);
    }

    @Test
    void failsOnlyTheDealThatTheMarketDropped() {
        DealPublisher publisher = publisher(Duration.ofHours(1), 2);
        Deal one = aDeal(Role.PROVIDER);
        Deal two = aDeal(Role.PROVIDER);
        publisher.publish(one);
        Deal sent = published(publisher, two, 0, ids(BitField.of(1), 42L));
        List<SignedProposal> order = PublishStorageDealsParams.ofCbor(
                chain.pushed().get(0).message().params().toArray()).deals();
        Deal second = order.get(1).equals(one.proposal()) ? one : two;
        Deal first = second == one ? two : one;
        chain.deal(42, new MarketDeal(second.proposal().proposal().withClient(DealFixture.CLIENT_ID),
                SectorNumber.of(0), -1, -1, -1));
        assertThat(publisher.look(second.withPublishCid(sent.chain().publishCid())).dealId()).isEqualTo(42L);
        assertThatThrownBy(() -> publisher.look(first.withPublishCid(sent.chain().publishCid())))
                .isInstanceOf(FatalException.class).hasMessageContaining("invalid at publication");
    }

    @Test
    void failsWhenThePublishMessageFailed() {
        DealPublisher publisher = publisher(Duration.ZERO, 8);
        Deal sent = published(publisher, aDeal(Role.PROVIDER), 16, new byte[0]);
        assertThatThrownBy(() -> publisher.look(sent)).isInstanceOf(FatalException.class)
                .hasMessageContaining("exit code 16");
    }

    @Test
    void waitsWhileTheMarketDoesNotShowTheDealYet() {
        DealPublisher publisher = publisher(Duration.ZERO, 8);
        Deal sent = published(publisher, aDeal(Role.PROVIDER), 0, ids(BitField.of(0), 42L));
        assertThatThrownBy(() -> publisher.look(sent)).isInstanceOf(RetryableException.class);
    }

    @Test
    void theClientBelievesOnlyTheMinersOwnMessage() {
        DealPublisher publisher = publisher(Duration.ZERO, 8);
        Deal provider = aDeal(Role.PROVIDER);
        Deal sent = published(publisher, provider, 0, ids(BitField.of(0), 42L));
        chain.deal(42, new MarketDeal(provider.proposal().proposal().withClient(DealFixture.CLIENT_ID),
                SectorNumber.of(0), -1, -1, -1));
        PublishCheck check = new PublishCheck(chain, watcher, reserver, () -> 5, clock);
        Deal client = deal(Role.CLIENT, DealState.PROPOSAL_ACCEPTED, provider.proposal().proposal())
                .withPublishCid(sent.chain().publishCid());
        assertThat(check.look(client).dealId()).isEqualTo(42L);
        chain.account(DealFixture.worker(), FilAddress.ofId(666));
        assertThatThrownBy(() -> check.look(client)).isInstanceOf(FatalException.class)
                .hasMessageContaining("may not act");
    }

    @Test
    void theClientRefusesAMessageWithoutItsDeal() {
        DealPublisher publisher = publisher(Duration.ZERO, 8);
        Deal sent = published(publisher, aDeal(Role.PROVIDER), 0, ids(BitField.of(0), 42L));
        Deal other = deal(Role.CLIENT, DealState.PROPOSAL_ACCEPTED).withPublishCid(sent.chain().publishCid());
        assertThatThrownBy(() -> new PublishCheck(chain, watcher, reserver, () -> 5, clock).look(other))
                .isInstanceOf(FatalException.class).hasMessageContaining("does not carry");
    }

    @Test
    void seesAnActivationOnceItIsDeepAndAMissedStart() {
        Deal deal = deal(Role.CLIENT, DealState.ACTIVE).withDealId(42);
        Activation activation = new Activation(chain, () -> 6);
        MarketDeal pending = new MarketDeal(terms(), SectorNumber.of(0), -1, -1, -1);
        MarketDeal active = new MarketDeal(terms(), SectorNumber.of(3), HEAD, -1, -1);
        chain.deal(42, pending);
        assertThat(activation.look(deal)).isEmpty();
        chain.deal(42, active);
        chain.to(HEAD + 6);
        assertThat(activation.look(deal)).isEmpty();
        chain.deal(42, pending); // a reorganisation within the window: nothing was reported, nothing is taken back
        assertThat(activation.look(deal)).isEmpty();
        chain.deal(42, active);
        chain.to(HEAD + 7);
        assertThat(activation.look(deal)).contains(active);
        chain.to(DealFixture.END);
        chain.deal(42, pending);
        assertThatThrownBy(() -> activation.look(deal)).isInstanceOf(FatalException.class)
                .hasMessageContaining("not activated by start epoch");
    }
}
