package io.caravan.store;

import static io.caravan.support.DealBuilder.aDeal;
import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.model.Deal;
import io.caravan.model.DealDuties;
import io.caravan.model.DealEvent;
import io.caravan.model.DealMove;
import io.caravan.model.DealState;
import io.caravan.model.RetryableException;
import io.caravan.model.Role;
import io.caravan.support.SettableClock;
import io.caravan.support.TestPostgres;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a start makes of every live state of both sides (spec deal-lifecycle 13). */
class RestartTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    /** The states that a stop interrupts, and where their deals go on; all others go on where they are. */
    private static final Map<Role, Map<DealState, DealState>> INTERRUPTED = Map.of(
            Role.CLIENT, Map.of(DealState.TRANSFERRING, DealState.CLIENT_TRANSFER_RESTART,
                    DealState.TRANSFER_QUEUED, DealState.CLIENT_TRANSFER_RESTART),
            Role.PROVIDER, Map.of(DealState.TRANSFERRING, DealState.PROVIDER_TRANSFER_AWAIT_RESTART,
                    DealState.REJECTING, DealState.FAILING));

    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    private final SettableClock clock = SettableClock.at(START);
    private PostgresDealStore node;

    @BeforeEach
    void openStore() {
        POSTGRES.database().sql().write("test/empty", Map.of());
        node = POSTGRES.deals(clock, "node");
    }

    static Stream<Arguments> liveStates() {
        return Stream.of(Role.values()).flatMap(role ->
                DealDuties.of(role).keySet().stream().map(state -> Arguments.of(role, state)));
    }

    private Deal stored(Deal deal) {
        return node.find(deal.proposalCid(), deal.role()).orElseThrow();
    }

    private PostgresDealStore startedAgain() {
        PostgresDealStore again = POSTGRES.deals(clock, "node");
        again.reclaim();
        again.restart(Role.CLIENT);
        again.restart(Role.PROVIDER);
        return again;
    }

    @ParameterizedTest(name = "{0} {1} killed in its phase")
    @MethodSource("liveStates")
    void goesOnAtOnceAfterAKillInsideItsPhase(Role role, DealState state) {
        Deal deal = node.insert(aDeal("a").as(role).in(state).build()).deal();
        node.claim(role, state, 1, Duration.ofHours(1)); // and is never heard of again
        PostgresDealStore again = startedAgain();
        DealState expected = INTERRUPTED.get(role).getOrDefault(state, state);
        assertThat(stored(deal).state()).isEqualTo(expected);
        assertThat(again.due(role)).containsExactly(expected);
        assertThat(again.claim(role, expected, 10, Duration.ofMinutes(1))).hasSize(1);
    }

    @ParameterizedTest(name = "{0} {1} killed while it waited for another try")
    @MethodSource("liveStates")
    void doesNotWaitOutTheBackoffOfAnEarlierLife(Role role, DealState state) {
        Deal deal = node.insert(aDeal("a").as(role).in(state).build()).deal();
        for (int tries = 0; tries < 4; tries++) {
            node.retry(node.claim(role, state, 1, Duration.ofHours(1)).get(0), new RetryableException("node away"));
            clock.set(stored(deal).turn().runAfter());
        }
        node.retry(node.claim(role, state, 1, Duration.ofHours(1)).get(0), new RetryableException("node away"));
        assertThat(node.due(role)).isEmpty();
        PostgresDealStore again = startedAgain();
        assertThat(again.due(role)).containsExactly(INTERRUPTED.get(role).getOrDefault(state, state));
        assertThat(stored(deal).turn().attempt()).isZero();
    }

    @Test
    void aDealStoredWithoutItsFirstEventIsOpenedByItsRoute() {
        Deal deal = node.insert(aDeal("a").build()).deal();
        startedAgain();
        Deal claimed = node.claim(Role.PROVIDER, DealState.UNKNOWN, 1, Duration.ofMinutes(1)).get(0);
        node.advance(claimed, DealEvent.OPEN); // all that the route of Unknown does
        assertThat(stored(deal).state()).isEqualTo(DealState.VALIDATING);
        assertThat(node.events(deal.proposalCid(), Role.PROVIDER)).extracting(DealMove::event).containsExactly(DealEvent.OPEN);
    }

    @Test
    void aParkedDealStaysParkedOverARestart() {
        Deal deal = node.insert(aDeal("a").in(DealState.PUBLISH).build()).deal();
        node.park(node.claim(Role.PROVIDER, DealState.PUBLISH, 1, Duration.ofMinutes(1)).get(0), new IllegalStateException("bug"));
        PostgresDealStore again = startedAgain();
        assertThat(again.due(Role.PROVIDER)).isEmpty();
        assertThat(stored(deal).turn().parked()).isTrue();
        assertThat(again.resume(deal.proposalCid(), Role.PROVIDER)).isTrue();
        assertThat(again.due(Role.PROVIDER)).containsExactly(DealState.PUBLISH);
    }
}
