package io.caravan.deal;

import static io.caravan.support.DealFixture.HEAD;
import static io.caravan.support.DealFixture.MINER;
import static io.caravan.support.DealFixture.NOW;
import static io.caravan.support.DealFixture.deal;
import static io.caravan.support.DealFixture.terms;
import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.chain.BatchReturn;
import io.caravan.chain.BitField;
import io.caravan.chain.ExitCode;
import io.caravan.chain.MarketDeal;
import io.caravan.chain.Message;
import io.caravan.chain.MessageLane;
import io.caravan.chain.MessageWatcher;
import io.caravan.chain.Methods;
import io.caravan.chain.SettleDealPaymentsReturn;
import io.caravan.chain.SettleDealPaymentsReturn.Settlement;
import io.caravan.codec.Bytes;
import io.caravan.model.DealState;
import io.caravan.model.Role;
import io.caravan.model.SectorNumber;
import io.caravan.model.TokenAmount;
import io.caravan.store.PostgresMessageStore;
import io.caravan.store.Settlements;
import io.caravan.store.Sql;
import io.caravan.support.DealFixture;
import io.caravan.support.FakeChain;
import io.caravan.support.SettableClock;
import io.caravan.support.TestPostgres;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Expired deals are settled together, once, and accounted for by what the market answers for each. */
class DealSettlerTest {

    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    private final FakeChain chain = DealFixture.chain();
    private final SettableClock clock = SettableClock.at(NOW);
    private final Sql sql = POSTGRES.database().sql();
    private final PostgresMessageStore messages = new PostgresMessageStore(sql, clock);
    private final Settlements settlements = new Settlements(sql, messages, clock);
    private final DealSettler settler = settler();

    private DealSettler settler() {
        return new DealSettler(new DealSettler.Tools(chain, settlements, messages,
                new MessageLane(chain, messages, DealFixture.signer()), new MessageWatcher(chain, messages)), MINER, () -> 10);
    }

    @BeforeEach
    void empty() {
        sql.write("test/empty", Map.of());
    }

    private void expired(long dealId) {
        chain.deal(dealId, new MarketDeal(terms(), SectorNumber.of(3), 5, -1, -1));
        settler.enter(deal(Role.PROVIDER, DealState.ACTIVE).withDealId(dealId));
    }

    private Message sent(int place) {
        return chain.pushed().get(place).message();
    }

    private void land(int place, long exitCode, SettleDealPaymentsReturn returned) {
        chain.land(chain.pushed().get(place).cid(), exitCode, Bytes.wrap(returned.toCbor()));
        chain.to(chain.head().epoch().value() + 10);
    }

    @Test
    void settlesAllThatWaitByOneMessageOfTheWorkerHoweverOftenItRuns() {
        expired(9);
        expired(7);
        expired(7);
        settler.tick();
        expired(11); // goes with the next
        settler.tick();
        settler().tick(); // as after a kill
        assertThat(chain.pushed()).hasSize(1);
        assertThat(sent(0).from()).isEqualTo(DealFixture.worker());
        assertThat(sent(0).method()).isEqualTo(Methods.MARKET_SETTLE_DEAL_PAYMENTS);
        assertThat(BitField.ofCbor(sent(0).params().toArray()).numbers(10)).containsExactly(7L, 9L);
        land(0, 0, new SettleDealPaymentsReturn(new BatchReturn(2, List.of()),
                List.of(new Settlement(TokenAmount.ofAtto(70), true), new Settlement(TokenAmount.ofAtto(90), true))));
        settler.tick();
        assertThat(chain.pushed()).hasSize(2);
        assertThat(BitField.ofCbor(sent(1).params().toArray()).numbers(10)).containsExactly(11L);
        assertThat(settlements.waiting().many()).isEqualTo(1);
    }

    @Test
    void accountsForEachDealByItsPlaceAlsoWhenAKillCameInTheMiddle() {
        for (long id : new long[] {4, 5, 6, 7}) {
            expired(id);
        }
        settler.tick();
        settlements.settled(4, TokenAmount.ofAtto(40)); // accounted for before the kill
        land(0, 0, new SettleDealPaymentsReturn(new BatchReturn(3, List.of(new BatchReturn.Failure(1, ExitCode.MARKET_DEAL_EXPIRED))),
                List.of(new Settlement(TokenAmount.ofAtto(40), true), new Settlement(TokenAmount.ofAtto(60), true),
                        new Settlement(TokenAmount.ZERO, false))));
        settler.tick();
        assertThat(chain.pushed()).hasSize(2);
        assertThat(BitField.ofCbor(sent(1).params().toArray()).numbers(10)).as("only 7 goes on, 5 was gone").containsExactly(7L);
        assertThat(settlements.waiting().many()).isEqualTo(1);
    }

    @Test
    void leavesOutWhatTheMarketNoLongerHasWhenAMessageFails() {
        expired(1);
        expired(2);
        settler.tick();
        chain.dropDeal(1); // somebody else settled it
        land(0, ExitCode.ILLEGAL_STATE, new SettleDealPaymentsReturn(new BatchReturn(0, List.of()), List.of()));
        settler.tick();
        assertThat(chain.pushed()).hasSize(2);
        assertThat(BitField.ofCbor(sent(1).params().toArray()).numbers(10)).containsExactly(2L);
        assertThat(settlements.waiting().error()).contains("exit code " + ExitCode.ILLEGAL_STATE);
    }

    @Test
    void waitsOutAChainThatRefusesOrIsAway() {
        expired(1);
        chain.refuseEstimates("base fee");
        settler.tick();
        assertThat(chain.pushed()).isEmpty();
        assertThat(messages.intents(10)).isEmpty();
        assertThat(settlements.waiting().error()).contains("base fee");
        chain.away(true);
        settler.tick();
        chain.away(false);
        chain.refuseEstimates("");
        settler.tick();
        assertThat(chain.pushed()).hasSize(1);
        assertThat(chain.head().epoch().value()).isEqualTo(HEAD);
    }
}
