package io.caravan.store;

import static io.caravan.support.DealBuilder.aDeal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.model.Deal;
import io.caravan.model.DealEvent;
import io.caravan.model.DealMove;
import io.caravan.model.DealState;
import io.caravan.model.FatalException;
import io.caravan.model.IllegalMoveException;
import io.caravan.model.RetryableException;
import io.caravan.model.Role;
import io.caravan.model.TokenAmount;
import io.caravan.model.WaitsOn;
import io.caravan.support.SettableClock;
import io.caravan.support.TestPostgres;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresDealStoreTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration LEASE = Duration.ofMinutes(5);

    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    private final SettableClock clock = SettableClock.at(START);
    private PostgresDealStore one;
    private PostgresDealStore two;

    @BeforeEach
    void openTwoNodes() {
        POSTGRES.database().sql().write("test/empty", java.util.Map.of());
        one = POSTGRES.deals(clock, "one");
        two = POSTGRES.deals(clock, "two");
    }

    private Deal claimed(PostgresDealStore store, DealState state) {
        return store.claim(Role.PROVIDER, state, 1, LEASE).get(0);
    }

    @Test
    void storesADealWithEverythingItKnows() {
        Deal deal = aDeal("a").build().withFiles(new Deal.Files("/staging/a.car", null, 77L))
                .withFunds(new Deal.Funds(TokenAmount.ofFil(3), aDeal("m").build().proposalCid()))
                .withDealId(7).withMessage("hello").waitingFor(WaitsOn.CHAIN, "rain", START, START.plusSeconds(9))
                .withRemote(new Deal.Remote(DealState.STAGED, "there", START, io.caravan.model.FilAddress.ofId(5), 3,
                        1));
        assertThat(one.insert(deal).isNew()).isTrue();
        Deal found = one.find(deal.proposalCid(), Role.PROVIDER).orElseThrow();
        assertThat(found).isEqualTo(deal.withDeadline(START.plus(Duration.ofHours(1))));
        assertThat(one.findByDealId(7, Role.PROVIDER)).contains(found);
        assertThat(one.findByDealId(7, Role.CLIENT)).isEmpty();
    }

    @Test
    void insertsAProposalOncePerSide() {
        Deal deal = aDeal("a").build();
        one.insert(deal, DealEvent.OPEN);
        DealStore.Insertion again = two.insert(deal.withMessage("another"), DealEvent.OPEN);
        assertThat(again.isNew()).isFalse();
        assertThat(again.deal().state()).isEqualTo(DealState.VALIDATING);
        assertThat(again.deal().message()).isNull();
        assertThat(one.insert(aDeal("a").as(Role.CLIENT).build()).isNew()).isTrue();
        assertThat(one.events(deal.proposalCid(), Role.PROVIDER)).extracting(DealMove::event)
                .containsExactly(DealEvent.OPEN);
    }

    @Test
    void movesADealWithItsFactsHistoryAndOutbox() {
        one.insert(aDeal("a").in(DealState.PUBLISHING).build());
        Deal deal = claimed(one, DealState.PUBLISHING).withDealId(42).withMessage("fine");
        clock.set(START.plusSeconds(9));
        Deal moved = one.advanceBecause(deal, "in tipset 17", DealEvent.FUNDS_RELEASED, DealEvent.DEAL_PUBLISHED);
        Deal found = one.find(deal.proposalCid(), Role.PROVIDER).orElseThrow();
        assertThat(found).isEqualTo(moved);
        assertThat(found.state()).isEqualTo(DealState.STAGED);
        assertThat(found.dealId()).isEqualTo(42);
        assertThat(found.enteredAt()).isEqualTo(START.plusSeconds(9));
        assertThat(found.turn().lease()).isNull();
        assertThat(found.turn().deadline()).isNotNull();
        assertThat(one.events(deal.proposalCid(), Role.PROVIDER)).containsExactly(
                new DealMove(deal.proposalCid(), Role.PROVIDER, 1, DealEvent.FUNDS_RELEASED, DealState.PUBLISHING,
                        DealState.PUBLISHING, "in tipset 17", START.plusSeconds(9)),
                new DealMove(deal.proposalCid(), Role.PROVIDER, 2, DealEvent.DEAL_PUBLISHED, DealState.PUBLISHING,
                        DealState.STAGED, "in tipset 17", START.plusSeconds(9)));
        assertThat(POSTGRES.database().sql().list("test/outbox", java.util.Map.of(), (row, n) -> row.getString(1)))
                .containsExactly("FundsReleased", "DealPublished");
    }

    @Test
    void refusesAnEventTheStateDoesNotKnowAndWritesNothing() {
        one.insert(aDeal("a").in(DealState.VALIDATING).build());
        Deal deal = claimed(one, DealState.VALIDATING);
        assertThatThrownBy(() -> one.advance(deal, DealEvent.DEAL_PUBLISHED))
                .isInstanceOf(IllegalMoveException.class)
                .hasMessageContaining("StorageDealValidating").hasMessageContaining("DealPublished");
        assertThatThrownBy(() -> one.advance(deal, DealEvent.DEAL_DECIDING, DealEvent.DEAL_DECIDING))
                .isInstanceOf(IllegalMoveException.class);
        assertThat(one.find(deal.proposalCid(), Role.PROVIDER)).contains(deal);
        assertThat(one.events(deal.proposalCid(), Role.PROVIDER)).isEmpty();
    }

    @Test
    void keepsTheLeaseWhileAnEventOnlyIsWrittenDown() {
        one.insert(aDeal("a").in(DealState.RESERVE_PROVIDER_FUNDS).build());
        Deal deal = claimed(one, DealState.RESERVE_PROVIDER_FUNDS);
        Deal noted = one.advance(deal, DealEvent.FUNDS_RESERVED);
        assertThat(noted.turn().lease()).isEqualTo(deal.turn().lease());
        assertThat(one.advance(noted, DealEvent.FUNDED).state()).isEqualTo(DealState.PUBLISH);
    }

    @Test
    void givesEachDealToOneOfManyWorkers() throws Exception {
        for (int i = 0; i < 60; i++) {
            one.insert(aDeal("d" + i).in(DealState.VALIDATING).build());
        }
        var got = new ConcurrentLinkedQueue<String>();
        var pool = Executors.newFixedThreadPool(4);
        for (PostgresDealStore store : List.of(one, two, one, two)) {
            pool.submit(() -> {
                List<Deal> turn;
                do {
                    turn = store.claim(Role.PROVIDER, DealState.VALIDATING, 7, LEASE);
                    turn.forEach(deal -> got.add(deal.proposalCid().toString()));
                } while (!turn.isEmpty());
            });
        }
        pool.shutdown();
        assertThat(pool.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        assertThat(got).hasSize(60).doesNotHaveDuplicates();
    }

    @Test
    void letsExactlyOneOfTwoOwnersMoveADeal() {
        one.insert(aDeal("a").in(DealState.VALIDATING).build());
        Deal first = claimed(one, DealState.VALIDATING);
        assertThat(two.claim(Role.PROVIDER, DealState.VALIDATING, 1, LEASE)).isEmpty();
        clock.set(START.plus(LEASE));
        Deal second = claimed(two, DealState.VALIDATING); // the first was killed, or slow
        assertThatThrownBy(() -> one.advance(first, DealEvent.DEAL_REJECTED)).isInstanceOf(LeaseLostException.class);
        assertThatThrownBy(() -> one.record(first)).isInstanceOf(LeaseLostException.class);
        assertThat(one.renew(first, LEASE)).isFalse();
        one.postpone(first, Duration.ofHours(1));
        one.retry(first, new RetryableException("late"));
        one.release(first);
        assertThat(one.find(first.proposalCid(), Role.PROVIDER)).contains(second);
        assertThat(two.advance(second, DealEvent.DEAL_DECIDING).state()).isEqualTo(DealState.ACCEPT_WAIT);
        assertThat(one.events(first.proposalCid(), Role.PROVIDER)).hasSize(1);
    }

    @Test
    void doesNotLetASlowWorkerOfTheSameNodeWrite() {
        one.insert(aDeal("a").in(DealState.VALIDATING).build());
        Deal slow = claimed(one, DealState.VALIDATING);
        clock.set(START.plus(LEASE));
        claimed(one, DealState.VALIDATING);
        assertThatThrownBy(() -> one.advance(slow, DealEvent.DEAL_DECIDING)).isInstanceOf(LeaseLostException.class);
    }

    @Test
    void keepsALeaseThatIsRenewed() {
        one.insert(aDeal("a").in(DealState.VERIFY_DATA).build());
        Deal deal = claimed(one, DealState.VERIFY_DATA);
        clock.set(START.plus(LEASE.dividedBy(2)));
        assertThat(one.renew(deal, LEASE)).isTrue();
        clock.set(START.plus(LEASE));
        assertThat(two.claim(Role.PROVIDER, DealState.VERIFY_DATA, 1, LEASE)).isEmpty();
    }

    @Test
    void takesBackAtOnceWhatItsEarlierLifeHeld() {
        one.insert(aDeal("a").in(DealState.VERIFY_DATA).build());
        one.insert(aDeal("b").in(DealState.STAGED).build());
        Deal before = claimed(one, DealState.VERIFY_DATA);
        Deal others = claimed(two, DealState.STAGED);
        PostgresDealStore reborn = POSTGRES.deals(clock, "one");
        assertThat(reborn.reclaim()).isEqualTo(1);
        assertThat(claimed(reborn, DealState.VERIFY_DATA).proposalCid()).isEqualTo(before.proposalCid());
        assertThat(two.renew(others, LEASE)).isTrue();
    }

    @Test
    void resumesWhatARestartInterrupted() {
        one.insert(aDeal("a").in(DealState.TRANSFERRING).build());
        one.insert(aDeal("b").in(DealState.REJECTING).build());
        one.insert(aDeal("c").in(DealState.ERROR).build());
        assertThat(one.restart(Role.PROVIDER)).isEqualTo(2);
        assertThat(one.count(Role.PROVIDER)).containsOnlyKeys(
                DealState.PROVIDER_TRANSFER_AWAIT_RESTART, DealState.FAILING, DealState.ERROR);
    }

    @Test
    void looksAtOnceAfterARestartAtWhatWaitsExceptAtActiveDeals() {
        one.insert(aDeal("a").in(DealState.PUBLISH).build());
        one.insert(aDeal("b").in(DealState.ACTIVE).build());
        one.insert(aDeal("c").in(DealState.SEALING).build());
        one.postpone(claimed(one, DealState.SEALING), Duration.ofHours(1));
        one.retry(claimed(one, DealState.PUBLISH), new RetryableException("the chain is away"));
        one.postpone(claimed(one, DealState.ACTIVE), Duration.ofHours(9));
        assertThat(one.restart(Role.PROVIDER)).isEqualTo(2);
        assertThat(one.due(Role.PROVIDER)).containsExactlyInAnyOrder(DealState.PUBLISH, DealState.SEALING);
        assertThat(claimed(one, DealState.PUBLISH).turn().attempt()).isZero();
    }

    @Test
    void signalsADealThatAPhaseHolds() {
        one.insert(aDeal("a").in(DealState.WAITING_FOR_DATA).build());
        Deal looking = claimed(one, DealState.WAITING_FOR_DATA);
        Deal moved = two.signal(looking.proposalCid(), Role.PROVIDER,
                deal -> deal.withTransfer(new Deal.Transfer(9L, "c-p-9")), DealEvent.DATA_TRANSFER_INITIATED)
                        .orElseThrow();
        assertThat(moved.state()).isEqualTo(DealState.TRANSFERRING);
        one.postpone(looking, Duration.ofSeconds(1));
        assertThat(one.find(looking.proposalCid(), Role.PROVIDER)).contains(moved);
    }

    @Test
    void dropsASignalTheStateDoesNotKnow() {
        Deal deal = aDeal("a").in(DealState.STAGED).build();
        one.insert(deal);
        assertThat(one.signal(deal.proposalCid(), Role.PROVIDER, d -> d.withMessage("x"),
                DealEvent.DATA_TRANSFER_CANCELLED))
                .isEmpty();
        assertThat(one.dropped()).isEqualTo(1);
        assertThat(one.find(deal.proposalCid(), Role.PROVIDER).orElseThrow().message()).isNull();
        assertThat(one.signal(aDeal("z").build().proposalCid(), Role.PROVIDER, d -> d, DealEvent.OPEN)).isEmpty();
    }

    @Test
    void comesBackLaterAfterEachFailure() {
        one.insert(aDeal("a").in(DealState.PUBLISH).build());
        var waits = new ArrayList<Long>();
        for (int n = 0; n < 9; n++) {
            Deal deal = claimed(one, DealState.PUBLISH);
            one.retry(deal, new RetryableException("node away"));
            Deal failed = one.find(deal.proposalCid(), Role.PROVIDER).orElseThrow();
            assertThat(failed.waiting().lastError()).isEqualTo("node away");
            assertThat(failed.turn().attempt()).isEqualTo(n + 1);
            waits.add(Duration.between(clock.instant(), failed.turn().runAfter()).toMillis());
            clock.set(failed.turn().runAfter());
        }
        for (int n = 0; n < waits.size(); n++) {
            double usual = Math.min(600_000, 5_000 * Math.pow(2, n));
            assertThat((double) waits.get(n)).isBetween(usual * 0.79, usual * 1.21);
        }
    }

    @Test
    void waitsNoLessThanAFailureAsks() {
        one.insert(aDeal("a").in(DealState.PUBLISH).build());
        Deal deal = claimed(one, DealState.PUBLISH);
        one.retry(deal, new RetryableException("busy", null, Duration.ofHours(1)));
        assertThat(one.find(deal.proposalCid(), Role.PROVIDER).orElseThrow().turn().runAfter())
                .isEqualTo(START.plus(Duration.ofHours(1)));
    }

    @Test
    void parksADealAfterThreeBugsUntilItIsResumed() {
        one.insert(aDeal("a").in(DealState.PUBLISH).build());
        for (int n = 0; n < 3; n++) {
            clock.set(clock.instant().plusSeconds(600));
            one.retry(claimed(one, DealState.PUBLISH), new IllegalStateException("oops"));
        }
        clock.set(clock.instant().plusSeconds(6000));
        assertThat(one.claim(Role.PROVIDER, DealState.PUBLISH, 1, LEASE)).isEmpty();
        Deal parked = one.parked(Role.PROVIDER).get(0);
        assertThat(parked.state()).isEqualTo(DealState.PUBLISH);
        assertThat(parked.waiting().lastError()).isEqualTo("IllegalStateException: oops");
        assertThat(one.resume(parked.proposalCid(), Role.PROVIDER)).isTrue();
        assertThat(claimed(one, DealState.PUBLISH).turn().bugs()).isZero();
    }

    @Test
    void aBugThatIsFollowedByAGoodLookIsForgotten() {
        one.insert(aDeal("a").in(DealState.PUBLISHING).build());
        for (int n = 0; n < 4; n++) {
            one.retry(claimed(one, DealState.PUBLISHING), new IllegalStateException("oops"));
            clock.set(clock.instant().plusSeconds(60));
            one.postpone(claimed(one, DealState.PUBLISHING), Duration.ZERO);
        }
        assertThat(one.parked(Role.PROVIDER)).isEmpty();
    }

    @Test
    void looksAgainWhenThePhaseSaysOrAfterTheDelay() {
        one.insert(aDeal("a").in(DealState.PUBLISHING).build());
        one.postpone(claimed(one, DealState.PUBLISHING).waitingFor(WaitsOn.PEER, "the block", START), Duration.ofSeconds(2));
        assertThat(one.due(Role.PROVIDER)).isEmpty();
        clock.set(START.plusSeconds(2));
        assertThat(one.due(Role.PROVIDER)).containsExactly(DealState.PUBLISHING);
        Deal deal = claimed(one, DealState.PUBLISHING);
        assertThat(deal.waiting().what()).isEqualTo("the block");
        one.postpone(deal.withRunAfter(START.plusSeconds(30)), Duration.ofSeconds(2));
        clock.set(START.plusSeconds(29));
        assertThat(one.due(Role.PROVIDER)).isEmpty();
    }

    @Test
    void listsPageByPageNewestFirst() {
        for (int i = 0; i < 7; i++) {
            one.insert(aDeal("d" + i).at(START.plusSeconds(i / 2)).in(i == 0 ? DealState.ERROR : DealState.STAGED)
                    .build());
        }
        var seen = new ArrayList<Deal>();
        List<Deal> page = one.list(Role.PROVIDER, Set.of(), null, 3);
        while (!page.isEmpty()) {
            seen.addAll(page);
            page = one.list(Role.PROVIDER, Set.of(), seen.get(seen.size() - 1), 3);
        }
        assertThat(new HashSet<>(seen)).hasSize(7);
        assertThat(seen).extracting(Deal::createdAt).isSortedAccordingTo(java.util.Comparator.reverseOrder());
        assertThat(one.list(Role.PROVIDER, Set.of(DealState.ERROR), null, 10)).hasSize(1);
    }

    @Test
    void neverClaimsWhatHasEnded() {
        one.insert(aDeal("a").in(DealState.FAILING).build());
        one.advance(claimed(one, DealState.FAILING).withMessage("no"), DealEvent.FAILED);
        clock.set(START.plus(Duration.ofDays(4000)));
        assertThat(one.due(Role.PROVIDER)).isEmpty();
        assertThat(one.overdue(Role.PROVIDER, clock.instant())).isEmpty();
    }

    @Test
    void tellsItsListenersAfterTheCommit() {
        var heard = new ArrayList<String>();
        try (Subscription subscription = one.onMove(move -> heard.add(
                move.event() + " " + one.find(move.proposalCid(), move.role()).orElseThrow().state()))) {
            one.insert(aDeal("a").build(), DealEvent.OPEN);
        }
        one.insert(aDeal("b").build(), DealEvent.OPEN);
        assertThat(heard).containsExactly("Open StorageDealValidating");
    }

    @Test
    void awaitsADecisionOfThisNodeOrAnother() throws Exception {
        Deal deal = one.insert(aDeal("a").in(DealState.ACCEPT_WAIT).build()).deal();
        assertThat(one.await(deal.proposalCid(), Role.PROVIDER, d -> d.state() != DealState.ACCEPT_WAIT,
                Duration.ofMillis(50)))
                .isEmpty();
        for (PostgresDealStore decider : List.of(one, two)) {
            var pool = Executors.newSingleThreadExecutor();
            var waiting = pool.submit(() -> one.await(deal.proposalCid(), Role.PROVIDER,
                    d -> d.message() != null && d.message().equals(decider.toString()), Duration.ofSeconds(10)));
            decider.signal(deal.proposalCid(), Role.PROVIDER, d -> d.withMessage(decider.toString()));
            assertThat(waiting.get(10, TimeUnit.SECONDS)).isPresent();
            pool.shutdownNow();
        }
    }

    @Test
    void saysThatTheDatabaseIsAwayAsSomethingToRetry() {
        Database gone = Database.open(TestPostgres.fresh(), "gone");
        gone.close();
        var store = new PostgresDealStore(gone.sql(), clock, "x", Deadlines.usual(),
                Backoff.usual(new java.util.Random(1)));
        assertThatThrownBy(() -> store.count(Role.CLIENT)).isInstanceOf(RetryableException.class);
        assertThatThrownBy(() -> POSTGRES.database().sql().write("test/broken", java.util.Map.of()))
                .isInstanceOf(FatalException.class);
    }
}
