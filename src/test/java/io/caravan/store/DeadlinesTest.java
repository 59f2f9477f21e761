package io.caravan.store;

import static io.caravan.support.DealBuilder.aDeal;
import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.model.DataRef;
import io.caravan.model.Deal;
import io.caravan.model.DealDuties;
import io.caravan.model.DealEvent;
import io.caravan.model.DealFlow;
import io.caravan.model.DealState;
import io.caravan.model.Epoch;
import io.caravan.model.Role;
import io.caravan.model.SectorState;
import io.caravan.model.UnpaddedPieceSize;
import io.caravan.support.SettableClock;
import io.caravan.support.TestPostgres;
import io.caravan.time.Timeline;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A deal of the builder starts at epoch 1000 and ends at 600,000. */
class DeadlinesTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    private final SettableClock clock = SettableClock.at(START);
    private PostgresDealStore store;

    @BeforeEach
    void openStore() {
        POSTGRES.database().sql().write("test/empty", Map.of());
        store = new PostgresDealStore(POSTGRES.database().sql(), clock, "one", Deadlines.usual().withEpochs(100, 30),
                Backoff.usual(new Random(1)));
    }

    private Deal stored(Deal deal) {
        return store.find(deal.proposalCid(), deal.role()).orElseThrow();
    }

    private Deal claimed(DealState state) {
        return store.claim(Role.PROVIDER, state, 1, Duration.ofMinutes(5)).get(0);
    }

    @Test
    void everyLiveStateHasADeadline() {
        for (Role role : Role.values()) {
            for (DealState state : DealFlow.of(role).states()) {
                Deal deal = aDeal("a").as(role).build();
                assertThat(Deadlines.usual().idle(deal, state) == null).as("%s %s", role, state)
                        .isEqualTo(state.isFinal());
            }
        }
        for (SectorState state : SectorState.values()) {
            assertThat(Deadlines.usual().of(state) == null).isEqualTo(state == SectorState.UNKNOWN);
        }
    }

    @Test
    void aChangedLimitHoldsForTheNextDealAndLeavesThatOfOthers() {
        AtomicReference<Deadlines> now = new AtomicReference<>(Deadlines.usual().with(Role.PROVIDER, DealState.WAITING_FOR_DATA, Duration.ofHours(1)));
        store = new PostgresDealStore(POSTGRES.database().sql(), Timeline.of(clock), "one", now::get, Backoff.usual(new Random(1)));
        Deal first = store.insert(aDeal("a").in(DealState.WAITING_FOR_DATA).build()).deal();
        now.set(Deadlines.usual().with(Role.PROVIDER, DealState.WAITING_FOR_DATA, Duration.ofMinutes(5)));
        Deal second = store.insert(aDeal("b").in(DealState.WAITING_FOR_DATA).build()).deal();
        assertThat(second.turn().deadline()).isBefore(first.turn().deadline());
        assertThat(stored(first).turn().deadline()).isEqualTo(first.turn().deadline());
    }

    @Test
    void countsTheLastEpochFromTheDealsOwnStartAndEnd() {
        Deadlines deadlines = Deadlines.usual().withEpochs(100, 30);
        Deal miners = aDeal("a").build();
        Deal ours = aDeal("a").as(Role.CLIENT).build();
        assertThat(deadlines.epoch(miners, DealState.TRANSFERRING)).isEqualTo(Epoch.of(900));
        assertThat(deadlines.epoch(ours, DealState.TRANSFERRING)).isEqualTo(Epoch.of(1000));
        assertThat(deadlines.epoch(miners, DealState.SEALING)).isEqualTo(Epoch.of(1030));
        assertThat(deadlines.epoch(miners, DealState.ACTIVE)).isEqualTo(Epoch.of(600_030));
        assertThat(deadlines.epoch(miners, DealState.FAILING)).isNull();
        assertThat(deadlines.epoch(miners, DealState.EXPIRED)).isNull();
    }

    @Test
    void anOfflineDealWaitsForItsDataByTheEpochAlone() {
        Deal online = aDeal("a").build();
        Deal offline = Deal.fresh(online.proposalCid(), Role.PROVIDER, online.proposal(), new DataRef(DataRef.MANUAL,
                online.dataRef().root(), null, UnpaddedPieceSize.ZERO, 0), false, "", START);
        Deadlines devnet = Deadlines.usual().with(Role.PROVIDER, DealState.WAITING_FOR_DATA, Duration.ofSeconds(9));
        assertThat(devnet.idle(online, DealState.WAITING_FOR_DATA)).isEqualTo(Duration.ofSeconds(9));
        assertThat(devnet.idle(offline, DealState.WAITING_FOR_DATA)).isEqualTo(DealDuties.OFFLINE_DATA);
        assertThat(Deadlines.usual().idle(online, DealState.WAITING_FOR_DATA)).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void isStoredWhenTheStateIsEnteredAndStaysOverARestart() {
        Deal deal = store.insert(aDeal("a").in(DealState.WAITING_FOR_DATA).build()).deal();
        assertThat(stored(deal).turn().deadline()).isEqualTo(START.plus(Duration.ofHours(1)));
        assertThat(stored(deal).turn().lastEpoch()).isEqualTo(Epoch.of(900));
        clock.set(START.plusSeconds(60));
        Deal moved = store.advance(claimed(DealState.WAITING_FOR_DATA), DealEvent.DATA_TRANSFER_INITIATED);
        assertThat(stored(moved)).isEqualTo(moved);
        assertThat(moved.turn().deadline()).isEqualTo(START.plusSeconds(60).plus(Duration.ofHours(24)));
        store.signal(deal.proposalCid(), Role.PROVIDER, one -> one, DealEvent.RESTART);
        Instant limit = stored(deal).turn().deadline();
        assertThat(limit).isEqualTo(clock.instant().plus(Duration.ofHours(1)));
        for (int restart = 1; restart <= 3; restart++) {
            clock.set(START.plusSeconds(60 + 600 * restart));
            store.signal(deal.proposalCid(), Role.PROVIDER, one -> one, DealEvent.RESTART);
            assertThat(stored(deal).state()).isEqualTo(DealState.PROVIDER_TRANSFER_AWAIT_RESTART);
            assertThat(stored(deal).turn().deadline()).isEqualTo(limit);
        }
    }

    @Test
    void progressGivesTheStateItsIdleTimeAnewButNotItsLastEpoch() {
        Deal deal = store.insert(aDeal("a").in(DealState.TRANSFERRING).build()).deal();
        clock.set(START.plus(Duration.ofHours(20)));
        store.postpone(claimed(DealState.TRANSFERRING).progressed(clock.instant()), Duration.ofSeconds(1));
        assertThat(stored(deal).turn().deadline()).isEqualTo(START.plus(Duration.ofHours(44)));
        assertThat(stored(deal).turn().lastEpoch()).isEqualTo(Epoch.of(900));
        assertThat(stored(deal).waiting().since()).isEqualTo(clock.instant());
        clock.set(START.plus(Duration.ofHours(30)));
        store.postpone(claimed(DealState.TRANSFERRING), Duration.ofSeconds(1));
        assertThat(stored(deal).turn().deadline()).isEqualTo(START.plus(Duration.ofHours(44)));
    }

    @Test
    void anOperatorsRetryGivesAStateThatIsLateItsTimeAnew() {
        Deal deal = store.insert(aDeal("a").in(DealState.TRANSFERRING).build()).deal();
        store.resume(deal.proposalCid(), Role.PROVIDER);
        assertThat(stored(deal).turn().deadline()).isEqualTo(START.plus(Duration.ofHours(24)));
        clock.set(START.plus(Duration.ofHours(25)));
        store.resume(deal.proposalCid(), Role.PROVIDER);
        assertThat(stored(deal).turn().deadline()).isEqualTo(START.plus(Duration.ofHours(49)));
    }
}
