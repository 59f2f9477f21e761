package io.caravan.deal;

import static io.caravan.support.DealFixture.HEAD;
import static io.caravan.support.DealFixture.NOW;
import static io.caravan.support.DealFixture.terms;
import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.chain.MarketDeal;
import io.caravan.model.Deal;
import io.caravan.model.DealEvent;
import io.caravan.model.DealState;
import io.caravan.model.Epoch;
import io.caravan.model.Role;
import io.caravan.model.SectorNumber;
import io.caravan.store.ActiveDeals;
import io.caravan.store.PostgresDealStore;
import io.caravan.support.DealBuilder;
import io.caravan.support.DealFixture;
import io.caravan.support.FakeChain;
import io.caravan.support.SettableClock;
import io.caravan.support.TestPostgres;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Active deals are left alone until something concerns them, and end as the chain says. */
class ActiveDealsTest {

    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    private static final Duration SWEEP = Duration.ofHours(24);
    private static final long CONFIDENCE = 6;

    private final FakeChain chain = DealFixture.chain();
    private final SettableClock clock = SettableClock.at(NOW);
    private final PostgresDealStore deals = POSTGRES.deals(clock, "node");
    private final ActiveDeals active = new ActiveDeals(POSTGRES.database().sql(), Role.PROVIDER, clock);
    private final LookPace pace = new LookPace(() -> SWEEP);
    private final ActiveWatch watch = new ActiveWatch(chain, active, pace);
    private final Ending ending = new Ending(chain, active, pace, () -> CONFIDENCE, clock);

    @BeforeEach
    void empty() {
        POSTGRES.database().sql().write("test/empty", Map.of());
    }

    /** An active deal with that number, on chain and in the table, its turn put off until its next look. */
    private Deal anActive(long id) {
        Deal deal = deals.insert(DealBuilder.aDeal("active-" + id).in(DealState.ACTIVE).at(NOW).build()
                .withDealId(id).withSector(SectorNumber.of(3))).deal();
        chain.deal(id, new MarketDeal(deal.proposal().proposal(), SectorNumber.of(3), HEAD - 100, -1, -1));
        return deal;
    }

    private void lookAtAll() {
        for (Deal deal : due()) {
            Deal looked = ending.look(deal);
            if (looked.waiting().what() != null) {
                deals.postpone(looked, Duration.ofSeconds(60));
            } else {
                deals.advance(looked, looked.chain().slashEpoch() != null ? DealEvent.DEAL_SLASHED
                        : looked.chain().sector() == null ? DealEvent.REVERTED
                        : DealEvent.DEAL_EXPIRED);
            }
        }
    }

    private List<Deal> due() {
        return deals.claim(Role.PROVIDER, DealState.ACTIVE, 20_000, Duration.ofMinutes(1));
    }

    private Deal now(Deal deal) {
        return deals.find(deal.proposalCid(), Role.PROVIDER).orElseThrow();
    }

    private void to(long epoch) {
        clock.forward(Duration.ofSeconds(30));
        chain.to(epoch);
        watch.watch();
        lookAtAll();
    }

    @Test
    void tenThousandActiveDealsCostTheChainTwoCallsAPeriod() {
        Deal one = anActive(1);
        watch.watch();
        lookAtAll();
        POSTGRES.database().sql().write("test/clone-active", Map.of("last", 10_000));
        int looks = chain.dealLooks();
        int events = chain.eventLooks();
        for (int period = 1; period <= 20; period++) {
            to(HEAD + period);
        }
        assertThat(chain.dealLooks() - looks).isZero();
        assertThat(chain.eventLooks() - events).isEqualTo(20);
        chain.dropDeal(1);
        chain.announceTermination(1);
        to(HEAD + 21);
        clock.forward(Duration.ofMinutes(10));
        to(HEAD + 30);
        assertThat(chain.dealLooks() - looks).as("only the deal concerned asks").isEqualTo(2);
        assertThat(now(one).state()).isEqualTo(DealState.SLASHED);
    }

    @Test
    void anAnnouncedTerminationSlashesOnceItIsDeepWithTheEpochAnnounced() {
        Deal deal = anActive(5);
        to(HEAD);
        chain.to(HEAD + 3);
        chain.dropDeal(5);
        chain.announceTermination(5);
        to(HEAD + 4);
        assertThat(now(deal).state()).isEqualTo(DealState.ACTIVE);
        assertThat(now(deal).waiting().what()).contains("certainty").contains(String.valueOf(HEAD + 3 + 1 + CONFIDENCE));
        for (long epoch = HEAD + 5; epoch <= HEAD + 3 + 1 + CONFIDENCE; epoch++) {
            assertThat(now(deal).state()).isEqualTo(DealState.ACTIVE);
            to(epoch);
        }
        clock.forward(Duration.ofMinutes(5));
        to(HEAD + 4 + CONFIDENCE);
        assertThat(now(deal).state()).isEqualTo(DealState.SLASHED);
        assertThat(now(deal).chain().slashEpoch()).isEqualTo(Epoch.of(HEAD + 3));
        assertThat(active.terminated(5)).as("what was noted of it is forgotten").isEmpty();
    }

    @Test
    void aTerminationThatNobodyAnnouncedIsFoundByTheSweepWithTheEpochOfPastStates() {
        Deal deal = anActive(6);
        to(HEAD);
        chain.to(HEAD + 3);
        chain.dropDeal(6);
        to(HEAD + 50);
        assertThat(now(deal).waiting().what()).contains("the deal's end");
        clock.forward(SWEEP.multipliedBy(2));
        to(HEAD + 51);
        clock.forward(Duration.ofMinutes(10));
        to(HEAD + 52 + CONFIDENCE);
        assertThat(now(deal).state()).isEqualTo(DealState.SLASHED);
        assertThat(now(deal).chain().slashEpoch()).isEqualTo(Epoch.of(HEAD + 3));
    }

    @Test
    void aTerminationThatAReorganisationTakesBackChangesNothing() {
        Deal deal = anActive(7);
        MarketDeal onChain = chain.storageDeal(7).orElseThrow();
        to(HEAD);
        chain.to(HEAD + 1);
        chain.dropDeal(7);
        chain.announceTermination(7);
        to(HEAD + 2);
        chain.retractTerminations();
        chain.deal(7, onChain);
        clock.forward(Duration.ofMinutes(5));
        to(HEAD + 3);
        to(HEAD + 20);
        assertThat(now(deal).state()).isEqualTo(DealState.ACTIVE);
        assertThat(active.terminated(7)).isEmpty();
    }

    @Test
    void anActivationThatADeepReorganisationTakesBackGoesBackToSealingByAnEvent() {
        Deal deal = anActive(8);
        to(HEAD);
        chain.deal(8, new MarketDeal(terms(), SectorNumber.of(0), -1, -1, -1));
        clock.forward(SWEEP.multipliedBy(2));
        to(HEAD + 1);
        assertThat(now(deal).state()).isEqualTo(DealState.ACTIVE);
        clock.forward(Duration.ofMinutes(10));
        to(HEAD + 2 + CONFIDENCE);
        assertThat(now(deal).state()).isEqualTo(DealState.SEALING);
        assertThat(now(deal).chain().sector()).isNull();
        assertThat(deals.events(deal.proposalCid(), Role.PROVIDER)).extracting(move -> move.event().wireName())
                .containsExactly("Reverted");
    }

    @Test
    void aDealExpiresWhenTheChainReachesItsEndHoweverFastItGoes() {
        Deal deal = anActive(9);
        to(HEAD);
        Instant next = now(deal).turn().runAfter();
        assertThat(Duration.between(clock.instant(), next)).isBetween(SWEEP.multipliedBy(3).dividedBy(4),
                SWEEP.multipliedBy(5).dividedBy(4));
        to(deal.proposal().proposal().endEpoch().value() - 1);
        assertThat(now(deal).state()).isEqualTo(DealState.ACTIVE);
        to(deal.proposal().proposal().endEpoch().value());
        assertThat(now(deal).state()).isEqualTo(DealState.EXPIRED);
    }

    @Test
    void aDealThatWasTerminatedAndEndedWhileWeWereDownIsSlashed() {
        Deal deal = anActive(10);
        to(HEAD);
        long end = deal.proposal().proposal().endEpoch().value();
        chain.to(end - 5);
        chain.dropDeal(10);
        chain.announceTermination(10);
        to(end + 10);
        assertThat(now(deal).state()).isEqualTo(DealState.SLASHED);
        assertThat(now(deal).chain().slashEpoch()).isEqualTo(Epoch.of(end - 5));
    }

    @Test
    void aDealThatSomebodySettledAfterItsEndIsExpired() {
        Deal deal = anActive(11);
        to(HEAD);
        long end = deal.proposal().proposal().endEpoch().value();
        chain.to(end + 1);
        chain.dropDeal(11);
        to(end + 10);
        assertThat(now(deal).state()).isEqualTo(DealState.EXPIRED);
    }

    @Test
    void whereTheNodeKeepsNoEventsEachDealLooksForItselfOnceAnHour() {
        Deal deal = anActive(12);
        to(HEAD);
        chain.keepsEvents(false);
        int before = chain.dealLooks();
        to(HEAD + 1);
        assertThat(pace.hasNews()).isFalse();
        assertThat(chain.dealLooks()).isEqualTo(before + 1);
        assertThat(Duration.between(clock.instant(), now(deal).turn().runAfter())).isLessThan(Duration.ofMinutes(75));
        chain.keepsEvents(true);
        to(HEAD + 2);
        assertThat(pace.hasNews()).isTrue();
    }

    @Test
    void aRestartWakesNoActiveDeal() {
        Deal deal = anActive(13);
        to(HEAD);
        int before = chain.dealLooks();
        deals.restart(Role.PROVIDER);
        to(HEAD + 1);
        assertThat(chain.dealLooks()).isEqualTo(before);
        assertThat(now(deal).state()).isEqualTo(DealState.ACTIVE);
    }
}
