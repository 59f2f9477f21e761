package io.caravan.store;

import static io.caravan.support.DealBuilder.aDeal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.codec.Bytes;
import io.caravan.model.Deal;
import io.caravan.model.DealEvent;
import io.caravan.model.DealFlow;
import io.caravan.model.DealMove;
import io.caravan.model.DealState;
import io.caravan.model.Epoch;
import io.caravan.model.FilAddress;
import io.caravan.model.OperationRefusedException;
import io.caravan.model.OperatorVerb;
import io.caravan.model.Rewinds;
import io.caravan.model.Role;
import io.caravan.model.TokenAmount;
import io.caravan.model.WaitsOn;
import io.caravan.store.FundStore.HoldState;
import io.caravan.store.FundStore.Purpose;
import io.caravan.store.Operation.Word;
import io.caravan.support.FixedMarket;
import io.caravan.support.SettableClock;
import io.caravan.support.TestPostgres;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class DealOperationsTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    private final SettableClock clock = SettableClock.at(START);
    private PostgresDealStore deals;
    private PostgresMessageStore messages;
    private PostgresFundStore funds;
    private PublishQueue queue;
    private DealOperations operations;

    @BeforeEach
    void openStores() {
        Sql sql = POSTGRES.database().sql();
        sql.write("test/empty", Map.of());
        deals = POSTGRES.deals(clock, "one");
        messages = new PostgresMessageStore(sql, clock);
        funds = new PostgresFundStore(sql, messages, clock);
        queue = new PublishQueue(sql, messages, clock);
        operations = new DealOperations(sql, deals, funds, queue, clock, Duration.ofMillis(100));
    }

    private Deal stored(Deal deal) {
        return deals.find(deal.proposalCid(), deal.role()).orElseThrow();
    }

    private Deal claimed(Deal deal) {
        return deals.claim(deal.role(), deal.state(), 1, Duration.ofMinutes(5)).get(0);
    }

    private Deal in(DealState state, Role role) {
        return deals.insert(aDeal("a").as(role).in(state).build()).deal();
    }

    private static Word word(OperatorVerb verb, @Nullable DealState target, @Nullable String reason) {
        return new Word(verb, "a token with admin", target, reason);
    }

    private Deal obey(Deal deal, OperatorVerb verb) {
        return operations.obey(deal.proposalCid(), deal.role(), word(verb, null, null));
    }

    private void refused(Deal deal, Word word, String code) {
        Deal before = stored(deal);
        List<DealMove> history = deals.events(deal.proposalCid(), deal.role());
        assertThatThrownBy(() -> operations.obey(deal.proposalCid(), deal.role(), word))
                .isInstanceOf(OperationRefusedException.class).hasMessageStartingWith(code);
        assertThat(stored(deal)).isEqualTo(before);
        assertThat(deals.events(deal.proposalCid(), deal.role())).isEqualTo(history);
        List<Operation> audit = operations.list(deal.proposalCid(), deal.role());
        assertThat(audit.get(audit.size() - 1)).satisfies(line -> {
            assertThat(line.outcome()).startsWith(code);
            assertThat(line.from()).isEqualTo(before.state());
            assertThat(line.to()).isNull();
        });
    }

    @ParameterizedTest(name = "cancel of a {0} deal in {1} fires {2}")
    @CsvSource({"CLIENT, TRANSFERRING, DATA_TRANSFER_CANCELLED, data transfer cancelled",
        "CLIENT, RESERVE_CLIENT_FUNDS, RESERVE_FUNDS_FAILED, cancelled by an operator: no longer wanted",
        "CLIENT, FUNDS_RESERVED, WRITE_PROPOSAL_FAILED, cancelled by an operator: no longer wanted",
        "PROVIDER, WAITING_FOR_DATA, DATA_TRANSFER_CANCELLED, data transfer cancelled",
        "PROVIDER, VERIFY_DATA, DATA_VERIFICATION_FAILED, cancelled by an operator: no longer wanted",
        "PROVIDER, PUBLISH, NODE_ERRORED, cancelled by an operator: no longer wanted"})
    void cancelEndsADealThatIsNotPublished(Role role, DealState state, DealEvent event, String message) {
        Deal deal = in(state, role);
        Deal now = operations.obey(deal.proposalCid(), role, word(OperatorVerb.CANCEL, null, "no longer wanted"));
        assertThat(now.state()).isEqualTo(DealState.FAILING);
        assertThat(stored(deal)).isEqualTo(now);
        assertThat(now.message()).isEqualTo(message);
        assertThat(deals.events(deal.proposalCid(), role)).singleElement().satisfies(move -> {
            assertThat(move.event()).isEqualTo(event);
            assertThat(move.note()).isEqualTo("cancelled by an operator: no longer wanted");
        });
        assertThat(operations.list(deal.proposalCid(), role)).containsExactly(new Operation(START, "a token with admin",
                OperatorVerb.CANCEL, null, "no longer wanted", state, DealState.FAILING, "done"));
    }

    @Test
    void takesTheDealFromARunningPhaseAndTellsTheListenersOnce() {
        Deal deal = in(DealState.VERIFY_DATA, Role.PROVIDER);
        Deal running = claimed(deal);
        var heard = new ArrayList<DealState>();
        try (Subscription subscription = deals.onMove(move -> heard.add(stored(deal).state()))) {
            obey(deal, OperatorVerb.FAIL);
        }
        assertThat(heard).containsExactly(DealState.FAILING); // after the commit
        assertThatThrownBy(() -> deals.advance(running, DealEvent.VERIFIED_DATA)).isInstanceOf(LeaseLostException.class);
        assertThat(stored(deal).message()).isEqualTo("failed by an operator");
    }

    @Test
    void waitsForAPhaseThatSendsMoneyAndSaysBusyWhenItDoesNotReturn() {
        Deal deal = in(DealState.PUBLISH, Role.PROVIDER);
        claimed(deal);
        refused(deal, word(OperatorVerb.CANCEL, null, null), "OP10 busy");
        clock.set(START.plus(Duration.ofMinutes(6))); // the lease has run out
        assertThat(obey(deal, OperatorVerb.CANCEL).state()).isEqualTo(DealState.FAILING);
    }

    static Stream<Arguments> published() {
        return Stream.concat(Stream.of(DealState.PUBLISHING, DealState.STAGED, DealState.AWAITING_PRE_COMMIT,
                        DealState.SEALING, DealState.FINALIZING, DealState.ACTIVE).map(state -> Arguments.of(Role.PROVIDER, state)),
                Stream.of(DealState.PROPOSAL_ACCEPTED, DealState.AWAITING_PRE_COMMIT, DealState.SEALING, DealState.ACTIVE)
                        .map(state -> Arguments.of(Role.CLIENT, state)));
    }

    @ParameterizedTest
    @MethodSource("published")
    void neitherCancelsNorFailsWhatTheChainOwns(Role role, DealState state) {
        Deal deal = in(state, role);
        refused(deal, word(OperatorVerb.CANCEL, null, null), "OP3 not-before-publish");
        refused(deal, word(OperatorVerb.FAIL, null, null), "OP3 not-before-publish");
    }

    @Test
    void doesNotCancelADealThatIsInASignedPublishMessage() {
        Deal deal = queued();
        messages.sign("publish-1", 0, nonce -> new MessageStore.Signed(Bytes.EMPTY, deal.dataRef().root(), 1));
        refused(deal, word(OperatorVerb.CANCEL, null, null), "OP3 not-before-publish: the deal is in a publish message");
        refused(deal, word(OperatorVerb.REWIND, DealState.VERIFY_DATA, null), "OP3 not-before-publish");
        assertThat(queue.find(deal.proposalCid()).orElseThrow().messageKey()).isEqualTo("publish-1");
        assertThat(obey(deal, OperatorVerb.RETRY).state()).isEqualTo(DealState.PUBLISH);
    }

    @Test
    void takesACancelledDealOutOfThePublishQueueAndOfAMessageThatIsNotSigned() {
        Deal deal = queued();
        obey(deal, OperatorVerb.CANCEL);
        assertThat(queue.find(deal.proposalCid())).isEmpty();
        assertThat(messages.find("publish-1").orElseThrow().status()).isEqualTo(StoredMessage.Status.FAILED);
    }

    /** A deal whose publish message is an intent. */
    private Deal queued() {
        Deal deal = in(DealState.PUBLISH, Role.PROVIDER);
        QueuedDeal place = queue.enter(deal.proposalCid(), deal.proposal().proposal().provider(), Epoch.of(1000));
        assertThat(queue.close(List.of(place), new MessageIntent("publish-1", FilAddress.ofId(1), FilAddress.ofId(5), 4,
                TokenAmount.ZERO, Bytes.EMPTY, "publish"))).isTrue();
        return deal;
    }

    @Test
    void aClientDoesNotCancelWhatTheMinerMayPublishAtAnyMoment() {
        Deal checking = in(DealState.CHECK_FOR_ACCEPTANCE, Role.CLIENT);
        refused(checking, word(OperatorVerb.CANCEL, null, null), "OP3 not-before-publish: the miner has the data");
        Deal sending = deals.insert(aDeal("b").as(Role.CLIENT).in(DealState.TRANSFERRING).build()
                .withRemote(new Deal.Remote(DealState.VERIFY_DATA, null, START, FilAddress.ofId(5), 1, 0))).deal();
        refused(sending, word(OperatorVerb.CANCEL, null, null), "OP3 not-before-publish: the miner has the data");
    }

    @Test
    void everyRewindOfTheTableIsDoneAndWrittenDown() {
        for (Role role : Role.values()) {
            for (DealState from : DealFlow.of(role).states()) {
                for (DealState to : Rewinds.from(role, from)) {
                    Deal deal = deals.insert(aDeal(role + " " + from + " " + to).as(role).in(from).build()).deal();
                    clock.set(START.plusSeconds(5));
                    Deal now = operations.obey(deal.proposalCid(), role, word(OperatorVerb.REWIND, to, "try again"));
                    assertThat(now.state()).isEqualTo(to);
                    assertThat(now.enteredAt()).isEqualTo(clock.instant());
                    assertThat(now.turn().deadline()).isAfter(clock.instant());
                    assertThat(deals.events(deal.proposalCid(), role)).containsExactly(new DealMove(deal.proposalCid(),
                            role, 1, DealEvent.OPERATOR_REWOUND, from, to, "rewound by an operator: try again",
                            clock.instant()));
                    assertThat(operations.list(deal.proposalCid(), role)).hasSize(1);
                }
            }
        }
    }

    @Test
    void refusesEveryRewindThatIsNotInTheTable() {
        for (Role role : Role.values()) {
            for (DealState from : DealFlow.of(role).states()) {
                Deal deal = deals.insert(aDeal(role + " " + from).as(role).in(from).build()).deal();
                for (DealState to : DealState.values()) {
                    if (!Rewinds.from(role, from).contains(to)) {
                        refused(deal, word(OperatorVerb.REWIND, to, null), "OP");
                    }
                }
            }
        }
        Deal sealing = deals.insert(aDeal("sealing").in(DealState.SEALING).build()).deal();
        refused(sealing, word(OperatorVerb.REWIND, DealState.VERIFY_DATA, null), "OP3 not-before-publish");
        refused(sealing, word(OperatorVerb.REWIND, DealState.STAGED, null),
                "OP4 no-such-rewind: the deal is in Sealing; from it: StorageDealAwaitingPreCommit");
    }

    @Test
    void noRewindOfTheTableLeadsForwardOrBehindPublication() {
        for (Role role : Role.values()) {
            List<DealState> order = new ArrayList<>(DealFlow.of(role).states());
            for (DealState from : order) {
                assertThat(Rewinds.from(role, from)).allSatisfy(to -> {
                    assertThat(to.isFinal()).isFalse();
                    assertThat(isPublished(to)).isEqualTo(isPublished(from));
                    assertThat(List.of(DealState.PUBLISHING, DealState.STAGED, DealState.PROVIDER_FUNDING,
                            DealState.CLIENT_FUNDING)).doesNotContain(from, to);
                });
            }
        }
    }

    private static boolean isPublished(DealState state) {
        return published().anyMatch(row -> row.get()[1] == state);
    }

    @Test
    void retryUnparksForgetsTheFailuresAndRunsAtOnce() {
        Deal deal = in(DealState.PUBLISH, Role.PROVIDER);
        deals.park(claimed(deal), new IllegalStateException("a bug"));
        Deal parked = stored(deal);
        assertThat(parked.waiting().on()).isEqualTo(WaitsOn.OPERATOR);
        assertThat(parked.waiting().what()).contains("./caravan deals retry " + deal.proposalCid() + " --miner");
        Deal now = obey(deal, OperatorVerb.RETRY);
        assertThat(now.turn().parked()).isFalse();
        assertThat(now.turn().attempt()).isZero();
        assertThat(now.waiting().what()).isNull();
        assertThat(now.waiting().lastError()).contains("a bug");
        assertThat(deals.due(Role.PROVIDER)).containsExactly(DealState.PUBLISH);
    }

    @Test
    void nothingFollowsOnADealThatHasEnded() {
        Deal deal = in(DealState.ERROR, Role.CLIENT);
        for (OperatorVerb verb : List.of(OperatorVerb.RETRY, OperatorVerb.CANCEL, OperatorVerb.FAIL, OperatorVerb.REWIND)) {
            refused(deal, word(verb, DealState.FUNDS_RESERVED, null), "OP2 has-ended: the deal is in Error");
        }
        Deal failing = deals.insert(aDeal("f").in(DealState.FAILING).build()).deal();
        refused(failing, word(OperatorVerb.CANCEL, null, null), "OP8 ends-already");
    }

    @Test
    void refusesADealThatIsNotThereAndAReasonThatIsNoLine() {
        Deal stranger = aDeal("stranger").build();
        assertThatThrownBy(() -> obey(stranger, OperatorVerb.RETRY)).hasMessageStartingWith("OP1 no-such-deal");
        assertThat(operations.list(stranger.proposalCid(), Role.PROVIDER)).singleElement()
                .satisfies(line -> assertThat(line.from()).isNull());
        Deal deal = in(DealState.TRANSFERRING, Role.PROVIDER);
        for (String reason : List.of("", " ", "two\nlines", "x".repeat(201))) {
            refused(deal, word(OperatorVerb.CANCEL, null, reason), "OP9 bad-reason");
        }
    }

    @Test
    void releasesWhatAnEndedDealStillHoldsOnce() {
        Deal deal = deals.insert(aDeal("a").as(Role.CLIENT).in(DealState.ERROR).build()
                .withFundsReserved(TokenAmount.ofFil(2))).deal();
        hold(deal);
        assertThat(obey(deal, OperatorVerb.RELEASE_FUNDS).funds().reserved()).isEqualTo(TokenAmount.ZERO);
        assertThat(funds.find(deal.proposalCid(), Purpose.CLIENT_PAYMENT).orElseThrow().state())
                .isEqualTo(HoldState.RELEASED);
        assertThat(operations.list(deal.proposalCid(), Role.CLIENT)).singleElement()
                .satisfies(line -> assertThat(line.outcome()).isEqualTo("done, released 2 FIL"));
        refused(deal, word(OperatorVerb.RELEASE_FUNDS, null, null), "OP7 nothing-held");
    }

    @Test
    void keepsTheFundsOfADealThatStillNeedsThem() {
        Deal deal = in(DealState.TRANSFERRING, Role.CLIENT);
        hold(deal);
        refused(deal, word(OperatorVerb.RELEASE_FUNDS, null, null), "OP6 still-needed");
        assertThat(funds.find(deal.proposalCid(), Purpose.CLIENT_PAYMENT).orElseThrow().state())
                .isEqualTo(HoldState.COVERED);
    }

    private void hold(Deal deal) {
        FilAddress client = deal.proposal().proposal().client();
        funds.reserve(deal.proposalCid(), Purpose.CLIENT_PAYMENT, client, client, TokenAmount.ofFil(2),
                new FixedMarket(TokenAmount.ofFil(5)));
    }

    @Test
    void listsWhatWaitsOnWhomAndWhatIsStuck() {
        WaitingDeals waiting = new WaitingDeals(POSTGRES.database().sql(), clock);
        Deal usual = deals.insert(aDeal("usual").in(DealState.WAITING_FOR_DATA).build()).deal();
        Deal said = deals.insert(aDeal("said").in(DealState.WAITING_FOR_DATA).at(START.plusSeconds(1)).build()
                .waitingFor(WaitsOn.OPERATOR, "the data to be imported", START)).deal();
        Deal ended = deals.insert(aDeal("ended").in(DealState.ERROR).build()).deal();
        assertThat(waiting.on(Role.PROVIDER, WaitsOn.PEER, 10)).containsExactly(usual);
        assertThat(waiting.on(Role.PROVIDER, WaitsOn.OPERATOR, 10)).containsExactly(said);
        assertThat(waiting.on(Role.PROVIDER, null, 10)).containsExactlyInAnyOrder(usual, said).doesNotContain(ended);
        assertThat(waiting.on(Role.CLIENT, null, 10)).isEmpty();
        assertThat(waiting.stuck(Role.PROVIDER, 10)).containsExactly(said);
        clock.set(START.plus(Duration.ofDays(90)));
        assertThat(waiting.stuck(Role.PROVIDER, 10)).hasSize(2);
        assertThat(waiting.stuck(Role.PROVIDER, 1)).hasSize(1);
    }

    @Test
    void aRestartedNodeLeavesAloneWhatAnotherNodeHolds() {
        Deal held = in(DealState.TRANSFERRING, Role.PROVIDER);
        Deal running = claimed(held);
        PostgresDealStore two = POSTGRES.deals(clock, "two");
        two.reclaim();
        assertThat(two.restart(Role.PROVIDER)).isZero();
        assertThat(deals.advance(running, DealEvent.DATA_TRANSFER_COMPLETED).state()).isEqualTo(DealState.VERIFY_DATA);
        Deal left = deals.insert(aDeal("left").in(DealState.TRANSFERRING).build()).deal();
        assertThat(two.restart(Role.PROVIDER)).isEqualTo(1);
        assertThat(stored(left).state()).isEqualTo(DealState.PROVIDER_TRANSFER_AWAIT_RESTART);
    }
}
