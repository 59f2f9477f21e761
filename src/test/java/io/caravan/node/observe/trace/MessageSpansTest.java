package io.caravan.node.observe.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.chain.MessageReceipt;
import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.model.DealTrace;
import io.caravan.model.Epoch;
import io.caravan.model.FilAddress;
import io.caravan.model.Role;
import io.caravan.model.TokenAmount;
import io.caravan.store.FundStore.Hold;
import io.caravan.store.FundStore.Purpose;
import io.caravan.store.MessageIntent;
import io.caravan.store.PostgresFundStore;
import io.caravan.store.PostgresMessageStore;
import io.caravan.store.PublishQueue;
import io.caravan.store.Settlements;
import io.caravan.store.Sql;
import io.caravan.support.FixedMarket;
import io.caravan.support.SettableClock;
import io.caravan.support.TestPostgres;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Every message that was sent for a deal is a span of its trace, on the side that sent it, by the rows that say what it is for. */
@Tag("db")
class MessageSpansTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final FilAddress WALLET = FilAddress.ofId(1001);
    private static final FilAddress MINER = FilAddress.ofId(1000);
    private static final Cid ONE = Cid.rawSha256(new byte[] {1});
    private static final Cid TWO = Cid.rawSha256(new byte[] {2});

    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    private final Sql sql = POSTGRES.database().sql();
    private final SettableClock clock = SettableClock.at(NOW);
    private final PostgresMessageStore messages = new PostgresMessageStore(sql, clock);
    private final PostgresFundStore funds = new PostgresFundStore(sql, messages, clock);
    private final PublishQueue queue = new PublishQueue(sql, messages, clock);
    private final Settlements settlements = new Settlements(sql, messages, clock);
    private final List<Span> spans = new ArrayList<>();
    private final DealSpans made = new DealSpans(spans::add, new MessageDeals(queue, funds, settlements), sector -> List.of(), clock);

    @BeforeEach
    void empty() {
        sql.write("test/empty", Map.of());
    }

    private Hold hold(Cid deal, Purpose purpose, FilAddress address) {
        return funds.reserve(deal, purpose, address, WALLET, TokenAmount.ofFil(2), new FixedMarket(TokenAmount.ZERO));
    }

    private static MessageIntent intent(String key) {
        return new MessageIntent(key, WALLET, FilAddress.MARKET, 4, TokenAmount.ZERO, Bytes.EMPTY, "test");
    }

    private void land(String key, long exitCode) {
        clock.forward(Duration.ofSeconds(90));
        made.landed(messages.find(key).orElseThrow(), new MessageReceipt(exitCode, Bytes.EMPTY, 1_000_000, null), TokenAmount.ofAtto(100));
    }

    private Span only() {
        assertThat(spans).hasSize(1);
        return spans.get(0);
    }

    @Test
    void theMessageThatBringsADealsMoneyIsASpanOfTheSideThatPays() {
        String key = hold(ONE, Purpose.CLIENT_PAYMENT, WALLET).messageKey();
        land(key, 0);
        Span span = only();
        assertThat(span.name()).isEqualTo("funding message");
        assertThat(span.trace()).isEqualTo(DealTrace.id(ONE));
        assertThat(span.parent()).as("below the client's top").isEqualTo(DealTrace.root(ONE));
        assertThat(span.start()).isEqualTo(NOW);
        assertThat(span.end()).isEqualTo(NOW.plusSeconds(90));
        assertThat(span.attributes()).containsEntry("caravan.role", "client").containsEntry("caravan.message.key", key)
                .containsEntry("caravan.message.value", "2 FIL").containsEntry("caravan.message.gas", "1000000");
        assertThat(span.failure()).isNull();
    }

    @Test
    void theMinersCollateralIsASpanOfItsOwnSideAndAMessageThatFailsSaysSo() {
        land(hold(ONE, Purpose.PROVIDER_COLLATERAL, MINER).messageKey(), 6);
        Span span = only();
        assertThat(span.attributes()).containsEntry("caravan.role", Role.PROVIDER.text()).containsEntry("caravan.message.exit", "6");
        assertThat(span.parent()).isNotEqualTo(DealTrace.root(ONE));
        assertThat(span.failure()).isEqualTo("exit code 6");
    }

    @Test
    void moneyThatACallerAskedForOrThatWasGivenBackIsNoDeals() {
        String key = hold(ONE, Purpose.CALLER, WALLET).messageKey();
        land(key, 0);
        assertThat(spans).isEmpty();
        String other = hold(TWO, Purpose.PROVIDER_COLLATERAL, MINER).messageKey();
        funds.release(TWO, Purpose.PROVIDER_COLLATERAL);
        land(other, 0);
        assertThat(spans).isEmpty();
    }

    @Test
    void aMessageForSeveralDealsIsInTheTraceOfEach() {
        queue.enter(ONE, MINER, Epoch.of(1000));
        queue.enter(TWO, MINER, Epoch.of(1001));
        queue.close(queue.pending(MINER, 10), intent("publish/x"));
        settlements.enter(7, ONE);
        settlements.enter(8, TWO);
        settlements.close(10, batch -> intent("settle/x"));
        land("publish/x", 0);
        land("settle/x", 0);
        assertThat(spans).extracting(Span::name).containsExactly("publish message", "publish message", "settlement message", "settlement message");
        assertThat(spans).extracting(Span::trace).containsExactly(DealTrace.id(ONE), DealTrace.id(TWO), DealTrace.id(ONE), DealTrace.id(TWO));
        assertThat(spans).extracting(Span::id).doesNotHaveDuplicates();
    }

    @Test
    void aMessageThatIsNoDealsHasNoSpan() {
        messages.intend(intent("withdraw/f01001/1"));
        land("withdraw/f01001/1", 0);
        assertThat(spans).isEmpty();
    }
}
