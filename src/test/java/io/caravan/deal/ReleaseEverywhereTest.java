package io.caravan.deal;

import static io.caravan.support.DealFixture.NOW;
import static io.caravan.support.DealFixture.deal;
import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.chain.MessageLane;
import io.caravan.chain.MessageWatcher;
import io.caravan.model.Deal;
import io.caravan.model.DealEvent;
import io.caravan.model.DealFlow;
import io.caravan.model.DealState;
import io.caravan.model.FilAddress;
import io.caravan.model.Flow.Effect;
import io.caravan.model.Flow.Step;
import io.caravan.model.Role;
import io.caravan.model.TokenAmount;
import io.caravan.store.FundRequests;
import io.caravan.store.FundStore.HoldState;
import io.caravan.store.FundStore.Purpose;
import io.caravan.store.PostgresDealStore;
import io.caravan.store.PostgresFundStore;
import io.caravan.store.PostgresMessageStore;
import io.caravan.store.PostgresSectorStore;
import io.caravan.store.Deadlines;
import io.caravan.store.Backoff;
import io.caravan.store.FileAudit;
import io.caravan.store.Litter;
import io.caravan.store.TransferStore;
import io.caravan.store.PublishQueue;
import io.caravan.store.Sql;
import io.caravan.support.DealFixture;
import io.caravan.support.FakeChain;
import io.caravan.support.SettableClock;
import io.caravan.support.TestPostgres;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** By whichever edge of the flow a deal fails or ends, on either side: no money stays reserved for it. */
class ReleaseEverywhereTest {

    private static final TokenAmount AMOUNT = TokenAmount.ofAtto(1234);

    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    private final FakeChain chain = DealFixture.chain();
    private final SettableClock clock = SettableClock.at(NOW);
    private final Sql sql = POSTGRES.database().sql();
    private final PostgresDealStore deals = POSTGRES.deals(clock, "node");
    private final PostgresMessageStore messages = new PostgresMessageStore(sql, clock);
    private final PostgresFundStore funds = new PostgresFundStore(sql, messages, clock);
    private final FundMarket market = new FundMarket(chain, deals, DealFixture.signer());
    private final FundKeeper keeper = new FundKeeper(new FundKeeper.Tools(chain, funds, new FundRequests(sql, messages, clock),
            messages, new MessageLane(chain, messages, DealFixture.signer()), new MessageWatcher(chain, messages), market),
            () -> FundKeeper.Ceiling.NONE, () -> 5, clock);
    private final FundReserver reserver = new FundReserver(keeper, () -> 5, clock);

    @BeforeEach
    void empty() {
        sql.write("test/empty", Map.of());
    }

    static Stream<Arguments> failures() {
        return edges().filter(edge -> edge.get()[1] instanceof Step<?, ?> step && step.to() == DealState.FAILING);
    }

    static Stream<Arguments> ends() {
        return edges().filter(edge -> edge.get()[1] instanceof Step<?, ?> step && step.to() instanceof DealState to && to.isFinal());
    }

    private static Stream<Arguments> edges() {
        return Arrays.stream(Role.values()).flatMap(role -> Arrays.stream(DealState.values())
                .flatMap(state -> DealFlow.of(role).stepsFrom(state).stream())
                .filter(step -> step.effect() == Effect.ENTER).map(step -> Arguments.of(role, step)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("failures")
    void whatFailsGivesItsMoneyBack(Role role, Step<DealState, DealEvent> step) {
        Deal held = held(role, step.from());
        deals.signal(held.proposalCid(), role, deal -> deal, step.event());
        Deal failing = deals.claim(role, DealState.FAILING, 1, Duration.ofMinutes(1)).get(0);
        assertThat(failing.proposalCid()).isEqualTo(held.proposalCid());
        Deal failed = deals.advance(cleaner(role).apply(failing), DealEvent.FAILED);
        assertThat(failed.state()).isEqualTo(DealState.ERROR);
        assertThat(failed.funds().reserved()).isEqualTo(TokenAmount.ZERO);
        requireNothingHeld(held, role);
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("ends")
    void whatEndsWithoutGivingBackIsFoundAndGivenBack(Role role, Step<DealState, DealEvent> step) {
        Deal held = held(role, step.from());
        deals.signal(held.proposalCid(), role, deal -> deal, step.event());
        assertThat(deals.find(held.proposalCid(), role).orElseThrow().isFinal()).isTrue();
        keeper.tick();
        requireNothingHeld(held, role);
    }

    private UnaryOperator<Deal> cleaner(Role role) {
        return role == Role.CLIENT ? new ClientCleaner(reserver)::fail
                : new StagingCleaner(chain, reserver, new PublishQueue(sql, messages, clock),
                new PostgresSectorStore(sql, clock, "node", Deadlines.usual(), Backoff.usual(new Random(1))),
                new Removals(new FileAudit(sql, clock), new TransferStore(sql), new Litter(sql, role), role))::fail;
    }

    private static Purpose purpose(Role role) {
        return role == Role.CLIENT ? Purpose.CLIENT_PAYMENT : Purpose.PROVIDER_COLLATERAL;
    }

    private Deal held(Role role, DealState state) {
        Deal deal = deals.insert(deal(role, state).withFundsReserved(AMOUNT)).deal();
        FilAddress address = role == Role.CLIENT ? DealFixture.client() : DealFixture.MINER;
        funds.reserve(deal.proposalCid(), purpose(role), address, address, AMOUNT, market);
        assertThat(funds.find(deal.proposalCid(), purpose(role)).orElseThrow().state()).isNotEqualTo(HoldState.RELEASED);
        return deal;
    }

    private void requireNothingHeld(Deal deal, Role role) {
        assertThat(funds.find(deal.proposalCid(), purpose(role)).orElseThrow().state()).isEqualTo(HoldState.RELEASED);
        assertThat(funds.accounts()).allMatch(account -> account.reserved().isZero());
    }
}
