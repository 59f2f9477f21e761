package io.caravan.deal;

import static io.caravan.support.DealFixture.HEAD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.chain.FeeLimit;
import io.caravan.chain.Message;
import io.caravan.chain.SignedMessage;
import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.model.Deal;
import io.caravan.model.DealEvent;
import io.caravan.model.FatalException;
import io.caravan.model.RetryableException;
import io.caravan.model.TokenAmount;
import io.caravan.store.QueuedDeal;
import io.caravan.store.StoredMessage.Status;
import io.caravan.support.DealFixture;
import io.caravan.support.TestPostgres;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What becomes of a publish message that does not simply land: the deal is on chain once, or fails for a reason. */
class PublishMessagesTest {

    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    private final PublishBench bench = new PublishBench(POSTGRES, new FeeLimit(TokenAmount.ofAtto(400_000_000), 10));
    private final DealPublisher publisher = bench.publisher();

    private static Cid message(Deal deal) {
        return Objects.requireNonNull(deal.chain().publishCid());
    }

    private Message last() {
        return bench.chain().pushed().get(bench.chain().pushed().size() - 1).message();
    }

    @Test
    void paysMoreUnderTheSameNonceForAMessageThatDoesNotLand() {
        Deal sent = publisher.publish(bench.deal());
        Message first = last();
        bench.chain().to(HEAD + 9);
        bench.lane().resume();
        assertThat(bench.chain().pushed()).hasSize(1);
        bench.chain().to(HEAD + 10);
        bench.lane().resume();
        Message second = last();
        assertThat(second.nonce()).isEqualTo(first.nonce());
        assertThat(second.params()).isEqualTo(first.params());
        assertThat(second.gasPremium()).isEqualTo(TokenAmount.ofAtto(126));
        assertThat(second.gasFeeCap()).isEqualTo(TokenAmount.ofAtto(250));
        assertThat(publisher.look(sent).chain().publishCid()).as("the version that is on its way")
                .isEqualTo(bench.chain().pushed().get(1).cid());
    }

    @Test
    void findsTheDealWhicheverVersionLands() {
        Deal deal = bench.deal();
        Deal sent = publisher.publish(deal);
        bench.chain().to(HEAD + 10);
        bench.lane().resume();
        SignedMessage first = bench.chain().pushed().get(0);
        assertThat(bench.chain().pushed()).hasSize(2);
        bench.land(first.cid(), deal, 42);
        Deal known = publisher.look(publisher.look(sent));
        assertThat(known.dealId()).isEqualTo(42L);
        assertThat(known.chain().publishCid()).isEqualTo(first.cid());
    }

    @Test
    void stopsAtTheFeeCapAndSaysSo() {
        Deal sent = publisher.publish(bench.deal());
        bench.chain().baseFee(500);
        bench.chain().to(HEAD + 10);
        bench.lane().resume();
        assertThat(bench.chain().pushed()).hasSize(1);
        assertThat(publisher.look(sent).waiting().what()).contains("to be in a block").contains("its fee would be");
    }

    @Test
    void signsNothingWhileTheBaseFeeIsAboveTheCap() {
        bench.chain().baseFee(500);
        Deal deal = bench.deal();
        assertThatThrownBy(() -> publisher.publish(deal)).isInstanceOf(RetryableException.class)
                .hasMessageContaining("it waits for a cheaper hour");
        assertThat(bench.store().live()).isEmpty();
        bench.chain().baseFee(100);
        assertThat(publisher.publish(deal).chain().publishCid()).isNotNull();
    }

    @Test
    void goesBackToTheQueueWhenAnotherMessageTookTheNonceForSure() {
        Deal deal = bench.deal();
        Deal sent = publisher.publish(deal);
        bench.chain().nonce(DealFixture.worker(), 1);
        assertThat(publisher.look(sent).waiting().what()).contains("certainty at epoch " + (HEAD + 10));
        assertThat(bench.chain().pushed()).hasSize(1);
        bench.chain().to(HEAD + 10);
        assertThat(publisher.look(sent).waiting().what()).contains("another publish message", "used by another message");
        Deal again = publisher.look(sent);
        assertThat(last().nonce()).isEqualTo(1);
        assertThat(message(again)).isNotEqualTo(message(sent));
        assertThat(bench.sizes()).containsExactly(1, 1);
        bench.land(message(again), deal, 43);
        assertThat(publisher.look(again).dealId()).isEqualTo(43L);
    }

    @Test
    void adoptsTheDealThatAGivenUpMessagePublishedAfterAll() {
        Deal deal = bench.deal();
        Deal sent = publisher.publish(deal);
        bench.chain().nonce(DealFixture.worker(), 1);
        publisher.look(sent);
        bench.chain().to(HEAD + 10);
        publisher.look(sent); // given up; then the chain reorganises and has it
        bench.land(message(sent), deal, 44);
        Deal known = publisher.look(sent);
        assertThat(known.dealId()).isEqualTo(44L);
        assertThat(known.chain().publishCid()).isEqualTo(message(sent));
        assertThat(bench.sizes()).as("no second publish").containsExactly(1);
    }

    @Test
    void believesANonceThatCameBack() {
        Deal deal = bench.deal();
        Deal sent = publisher.publish(deal);
        bench.chain().nonce(DealFixture.worker(), 1);
        publisher.look(sent);
        bench.chain().to(HEAD + 9);
        bench.chain().nonce(DealFixture.worker(), 0);
        assertThat(publisher.look(sent).waiting().what()).contains("to be in a block");
        bench.land(message(sent), deal, 45);
        assertThat(publisher.look(sent).dealId()).isEqualTo(45L);
    }

    @Test
    void sendsHalvesOfABatchThatRanOutOfGas() {
        DealPublisher batches = bench.publisher(new PublishConfig(Duration.ofHours(1), 4, 480));
        List<Deal> deals = bench.deals(4);
        bench.enter(deals.toArray(Deal[]::new));
        List<Deal> sent = deals.stream().map(batches::publish).toList();
        bench.chain().land(message(sent.get(0)), 7, Bytes.EMPTY);
        bench.chain().to(HEAD + 10);
        for (int look = 0; look < 3; look++) {
            sent.forEach(batches::look);
        }
        assertThat(bench.sizes()).containsExactly(4, 2, 2);
    }

    @Test
    void failsADealWhoseMessageRanOutOfGasTooOften() {
        Deal deal = publisher.publish(bench.deal());
        for (int round = 0; round < 5; round++) {
            bench.chain().land(message(deal), 7, Bytes.EMPTY);
            bench.chain().to(bench.chain().head().epoch().value() + 10);
            publisher.look(deal);
            deal = publisher.look(deal);
        }
        bench.chain().land(message(deal), 7, Bytes.EMPTY);
        bench.chain().to(bench.chain().head().epoch().value() + 10);
        Deal last = deal;
        assertThatThrownBy(() -> publisher.look(last)).isInstanceOf(FatalException.class).hasMessageContaining("exit code 7");
    }

    @Test
    void keepsADealInAMessageThatIsSigned() {
        Deal sent = publisher.publish(bench.deal());
        assertThat(bench.queue().leave(sent.proposalCid())).isFalse();
        assertThat(bench.queue().retry(sent.proposalCid())).isFalse();
        QueuedDeal place = bench.queue().find(sent.proposalCid()).orElseThrow();
        assertThat(bench.store().find(Objects.requireNonNull(place.messageKey())).orElseThrow().status())
                .isEqualTo(Status.PUSHED);
    }

    @Test
    void waitsOutANodeThatAnswersWithErrors() {
        Deal sent = publisher.publish(bench.deal());
        bench.chain().away(true);
        assertThatThrownBy(() -> publisher.look(sent)).isInstanceOf(RetryableException.class);
        bench.chain().away(false);
        assertThat(publisher.look(sent).waiting().what()).contains("to be in a block");
    }

    @Test
    void writesDownWhatADeepReorganisationChanged() {
        Deal deal = bench.deal();
        Deal sent = publisher.publish(deal);
        bench.land(message(sent), deal, 42);
        Deal staged = bench.staged(publisher.look(sent));
        Map<Cid, Long> told = new HashMap<>();
        PublishRecheck recheck = bench.recheck(told::putAll);
        recheck.sweep();
        assertThat(bench.history(deal)).doesNotContain(DealEvent.PUBLISH_REVERTED);
        bench.chain().dropDeal(42);
        bench.chain().unland(message(sent));
        recheck.sweep();
        recheck.sweep();
        assertThat(bench.history(deal)).containsOnlyOnce(DealEvent.PUBLISH_REVERTED);
        assertThat(bench.store().live()).as("it is pushed again").hasSize(1);
        bench.land(message(sent), deal, 41);
        recheck.sweep();
        assertThat(bench.stored(deal).dealId()).isEqualTo(41L);
        assertThat(bench.stored(deal).state()).isEqualTo(staged.state());
        assertThat(told).containsExactly(Map.entry(deal.proposalCid(), 41L));
        assertThat(bench.lastNote(deal)).isEqualTo("a reorganisation made deal 42 deal 41");
    }
}
