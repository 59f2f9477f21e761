package io.caravan.deal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.model.Deal;
import io.caravan.model.FatalException;
import io.caravan.model.RetryableException;
import io.caravan.model.SignedProposal;
import io.caravan.model.TokenAmount;
import io.caravan.support.DealFixture;
import io.caravan.support.TestPostgres;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which deals go into which message, and which into none (deal-lifecycle §9.3). */
class PublishBatchesTest {

    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    private final PublishBench bench = new PublishBench(POSTGRES);

    /** a: a deal comes; c: comes and is cancelled; e: comes too late; f: comes, its simulation fails; |: a period passes. */
    @ParameterizedTest(name = "S083 period {0} ms, at most {1}, arrivals {2}: messages of {3}")
    @CsvSource({"10,5,a|,1", "10,5,aa|,2", "10,5,a|a|,1 1", "10,2,aaa|a|,2 1 1", "10,5,aacc|a|,2 1", "10,5,aaee|a|,2 1",
            "0,8,aa|aa|,1 1 1 1", "10,5,af|,1"})
    void batchesAsTheVectorsSay(long period, int max, String arrivals, String sizes) {
        DealPublisher publisher = bench.publisher(new PublishConfig(Duration.ofMillis(period), max, 480));
        List<Deal> live = new ArrayList<>();
        for (char arrival : arrivals.toCharArray()) {
            if (arrival == '|') {
                bench.clock().forward(Duration.ofMillis(Math.max(1, period)));
            } else {
                Deal deal = bench.deal(arrival == 'e' ? PublishBench.TOO_LATE : DealFixture.START);
                live.add(deal);
                if (arrival == 'f') {
                    bench.chain().drops(deal.proposalCid(), "the deal is not wanted");
                }
                if (arrival == 'c') {
                    bench.publish(publisher, deal);
                    bench.queue().leave(deal.proposalCid());
                    live.remove(deal);
                }
            }
            live.forEach(deal -> bench.publish(publisher, deal));
        }
        assertThat(bench.sizes()).isEqualTo(sizes.isEmpty() ? List.of() : List.of(sizes.split(" ")).stream().map(Integer::valueOf).toList());
    }

    @Test
    @DisplayName("S084 a deal that comes after all queued ones were cancelled is published when its period is over")
    void theTimerGoesWithTheLastDeal() {
        DealPublisher publisher = bench.publisher(new PublishConfig(Duration.ofHours(1), 8, 480));
        for (int i = 0; i < 2; i++) {
            Deal cancelled = bench.deal();
            publisher.publish(cancelled);
            assertThat(bench.queue().leave(cancelled.proposalCid())).isTrue();
        }
        bench.clock().forward(Duration.ofMinutes(59));
        Deal next = bench.deal();
        assertThat(publisher.publish(next).waiting().until()).isEqualTo(bench.clock().instant().plus(Duration.ofHours(1)));
        bench.clock().forward(Duration.ofHours(1));
        assertThat(publisher.publish(next).chain().publishCid()).isNotNull();
        assertThat(bench.sizes()).containsExactly(1);
    }

    @Test
    void aChangedPeriodOrSizeHoldsForTheBatchThatIsOpen() {
        AtomicReference<PublishConfig> config = new AtomicReference<>(new PublishConfig(Duration.ofHours(1), 8, 480));
        DealPublisher publisher = bench.publisher(config::get);
        Deal first = bench.deal();
        assertThat(publisher.publish(first).waiting().until()).isEqualTo(bench.clock().instant().plus(Duration.ofHours(1)));
        config.set(new PublishConfig(Duration.ofMinutes(10), 8, 480));
        assertThat(publisher.publish(first).waiting().until()).isEqualTo(bench.clock().instant().plus(Duration.ofMinutes(10)));
        bench.clock().forward(Duration.ofMinutes(10));
        assertThat(publisher.publish(first).chain().publishCid()).isNotNull();
        config.set(new PublishConfig(Duration.ofHours(1), 2, 480));
        bench.enter(bench.deal());
        publisher.publish(bench.deal());
        assertThat(bench.sizes()).containsExactly(1, 2);
        config.set(new PublishConfig(Duration.ofHours(1), 2, 100_000));
        assertThatThrownBy(() -> publisher.publish(bench.deal())).hasMessageContaining("too late to publish");
    }

    @Test
    void takesThoseThatStartFirstAndKeepsTheirOrder() {
        DealPublisher publisher = bench.publisher(new PublishConfig(Duration.ofHours(1), 2, 480));
        Deal late = bench.deal(DealFixture.START + 20);
        Deal later = bench.deal(DealFixture.START + 30);
        Deal first = bench.deal(DealFixture.START + 10);
        bench.enter(late, later);
        publisher.publish(first);
        assertThat(bench.messages().get(0)).containsExactly(first.proposal(), late.proposal());
    }

    @Test
    void splitsWhatIsMoreThanSixtyFourKilobytes() {
        DealPublisher publisher = bench.publisher(new PublishConfig(Duration.ofHours(1), 255, 480));
        List<Deal> deals = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            deals.add(bench.longLabelled());
        }
        bench.enter(deals.toArray(Deal[]::new));
        bench.clock().forward(Duration.ofHours(1));
        deals.forEach(publisher::publish);
        assertThat(bench.chain().pushed()).allSatisfy(message ->
                assertThat(message.toCbor().length).isLessThanOrEqualTo(64 << 10));
        assertThat(bench.messages().stream().flatMap(List::stream)).hasSize(200).doesNotHaveDuplicates();
    }

    @Test
    void splitsWhatNeedsMoreGasThanAMessageMayAskFor() {
        bench.chain().gasPerDeal(100);
        DealPublisher publisher = bench.publisher(new PublishConfig(Duration.ofHours(1), 8, 480, 350, 3, Duration.ofMinutes(1)));
        List<Deal> deals = bench.deals(8);
        bench.enter(deals.toArray(Deal[]::new));
        deals.forEach(publisher::publish);
        bench.clock().forward(Duration.ofHours(1));
        deals.forEach(publisher::publish);
        assertThat(bench.sizes()).containsExactly(3, 3, 2);
    }

    @Test
    void waitsForTheOperatorWhereOneDealNeedsMoreGasThanAllowed() {
        bench.chain().gasPerDeal(400);
        DealPublisher publisher = bench.publisher(new PublishConfig(Duration.ZERO, 8, 480, 350, 3, Duration.ofMinutes(1)));
        assertThatThrownBy(() -> publisher.publish(bench.deal())).isInstanceOf(RetryableException.class)
                .hasMessageContaining("miner.publish.max-gas is 350");
    }

    @Test
    void findsTheDealsThatSinkABatchByHalving() {
        DealPublisher publisher = bench.publisher(new PublishConfig(Duration.ofHours(1), 8, 480));
        List<Deal> deals = bench.deals(8);
        bench.chain().sinks(deals.get(2).proposalCid(), "its client's hook fails");
        bench.chain().sinks(deals.get(7).proposalCid(), "its client's hook fails");
        bench.enter(deals.toArray(Deal[]::new));
        deals.forEach(deal -> bench.publish(publisher, deal));
        assertThat(bench.sizes()).containsExactly(6);
        assertThat(bench.messages().get(0)).doesNotContain(deals.get(2).proposal(), deals.get(7).proposal());
        assertThat(bench.chain().simulations()).isLessThan(25);
    }

    @Test
    void triesADealAgainSomeTimesAndThenFailsItWithTheChainsReason() {
        DealPublisher publisher = bench.publisher(new PublishConfig(Duration.ZERO, 8, 480, 1L << 32, 3, Duration.ofMinutes(1)));
        Deal deal = bench.deal();
        bench.chain().drops(deal.proposalCid(), "its escrow is too low");
        Deal waiting = publisher.publish(deal);
        assertThat(waiting.waiting().what()).contains("try 2 of 3").contains("its escrow is too low");
        int simulations = bench.chain().simulations();
        publisher.publish(deal);
        assertThat(bench.chain().simulations()).as("not each round").isEqualTo(simulations);
        bench.clock().forward(Duration.ofMinutes(1));
        assertThat(publisher.publish(deal).waiting().until()).isEqualTo(bench.clock().instant().plus(Duration.ofMinutes(2)));
        bench.clock().forward(Duration.ofMinutes(2));
        assertThatThrownBy(() -> publisher.publish(deal)).isInstanceOf(FatalException.class)
                .hasMessageContaining("invalid at publication: its escrow is too low");
        assertThat(bench.chain().pushed()).isEmpty();
    }

    @Test
    void publishesADealWhoseReasonPassed() {
        DealPublisher publisher = bench.publisher(new PublishConfig(Duration.ZERO, 8, 480));
        Deal deal = bench.deal();
        bench.chain().drops(deal.proposalCid(), "its escrow is too low");
        publisher.publish(deal);
        bench.chain().drops(deal.proposalCid(), "");
        assertThat(bench.queue().retry(deal.proposalCid())).isTrue();
        assertThat(publisher.publish(deal).chain().publishCid()).isNotNull();
    }

    @Test
    void refusesAtOnceWhatSomebodyElsePublished() {
        DealPublisher publisher = bench.publisher(new PublishConfig(Duration.ZERO, 8, 480));
        Deal deal = bench.deal();
        bench.chain().drops(deal.proposalCid(), "pending already");
        bench.chain().holdsPending(deal.proposal().proposal().withClient(DealFixture.CLIENT_ID));
        assertThatThrownBy(() -> publisher.publish(deal)).isInstanceOf(FatalException.class)
                .hasMessageContaining("by a message that is not ours");
    }

    @Test
    void bindsNoDealWhileTheWalletIsEmpty() {
        DealPublisher publisher = bench.publisher(new PublishConfig(Duration.ofHours(1), 2, 480));
        List<Deal> deals = bench.deals(2);
        bench.enter(deals.get(0));
        bench.chain().wallets(TokenAmount.ofAtto(1));
        assertThatThrownBy(() -> publisher.publish(deals.get(1))).isInstanceOf(RetryableException.class)
                .hasMessageContaining("the message needs");
        assertThat(bench.queue().leave(deals.get(0).proposalCid())).isTrue();
        bench.chain().wallets(TokenAmount.ofFil(1));
        bench.queue().hurry(DealFixture.MINER);
        publisher.publish(deals.get(1));
        List<SignedProposal> published = bench.messages().get(0);
        assertThat(published).containsExactly(deals.get(1).proposal());
    }
}
