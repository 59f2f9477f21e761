package io.caravan.store;

import static io.caravan.support.DealBuilder.aDeal;
import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.model.Deal;
import io.caravan.model.DealEvent;
import io.caravan.model.DealFlow;
import io.caravan.model.DealMove;
import io.caravan.model.DealState;
import io.caravan.model.Flow;
import io.caravan.model.IllegalMoveException;
import io.caravan.model.RetryableException;
import io.caravan.model.Role;
import io.caravan.support.SettableClock;
import io.caravan.support.TestPostgres;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two nodes do what they may do to a few deals, in any order, and die now and then: the rows stay one true story. */
class DealStorePropertyTest {

    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final int STEPS = 900;

    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    private final SettableClock clock = SettableClock.at(Instant.parse("2026-01-01T00:00:00Z"));
    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private final List<Deal> held = new ArrayList<>();

    @BeforeEach
    void empty() {
        POSTGRES.database().sql().write("test/empty", Map.of());
    }

    @Test
    void everyHistoryIsAWalkThroughTheFlowThatEndsWhereTheRowIs() {
        List<PostgresDealStore> nodes = List.of(POSTGRES.deals(clock, "one"), POSTGRES.deals(clock, "two"));
        for (Role role : Role.values()) {
            for (int n = 0; n < 5; n++) {
                nodes.get(0).insert(aDeal("d" + n).as(role).build(), DealEvent.OPEN);
            }
        }
        for (int step = 0; step < STEPS; step++) {
            act(nodes.get(random.nextInt(2)), Role.values()[random.nextInt(2)]);
        }
        for (Role role : Role.values()) {
            for (int n = 0; n < 5; n++) {
                check(nodes.get(1), nodes.get(1).find(aDeal("d" + n).as(role).build().proposalCid(), role)
                        .orElseThrow());
            }
        }
    }

    private void act(PostgresDealStore node, Role role) {
        Deal some = held.isEmpty() ? null : held.get(random.nextInt(held.size()));
        try {
            switch (random.nextInt(9)) {
                case 0, 1, 2 -> node.due(role).stream().findAny()
                        .ifPresent(state -> held.addAll(node.claim(role, state, 2, LEASE)));
                case 3, 4 -> fire(node, some);
                case 5 -> node.signal(aDeal("d" + random.nextInt(5)).as(role).build().proposalCid(), role, deal ->
                        deal, any(role));
                case 6 -> {
                    if (some != null) {
                        node.postpone(some, Duration.ofSeconds(1));
                    }
                }
                case 7 -> {
                    if (some != null) {
                        node.retry(some, new RetryableException("away"));
                    }
                }
                default -> clock.forward(Duration.ofSeconds(random.nextInt(20)));
            }
        } catch (LeaseLostException | IllegalMoveException e) {
            held.remove(some); // what a slow or dead worker still holds is worth nothing
        }
    }

    private void fire(PostgresDealStore node, Deal deal) {
        if (deal == null) {
            return;
        }
        List<Flow.Step<DealState, DealEvent>> legal = DealFlow.of(deal.role()).stepsFrom(deal.state());
        DealEvent event = random.nextInt(10) == 0 || legal.isEmpty() ? any(deal.role())
                : legal.get(random.nextInt(legal.size())).event();
        held.remove(deal);
        held.add(node.advance(deal.withMessage("step " + random.nextInt()), event));
    }

    private DealEvent any(Role role) {
        List<DealEvent> events = List.of(DealEvent.values()).stream().filter(event -> event.code(role).isPresent())
                .toList();
        return events.get(random.nextInt(events.size()));
    }

    private void check(PostgresDealStore store, Deal deal) {
        DealState at = DealState.UNKNOWN;
        long seq = 0;
        for (DealMove move : store.events(deal.proposalCid(), deal.role())) {
            assertThat(move.seq()).as("seed %d", seed).isEqualTo(++seq);
            assertThat(move.from()).as("seed %d", seed).isEqualTo(at);
            assertThat(DealFlow.of(deal.role()).next(at, move.event())).as("seed %d", seed).contains(move.to());
            assertThat(at.isFinal()).as("seed %d", seed).isFalse();
            at = move.to();
        }
        assertThat(deal.state()).as("seed %d", seed).isEqualTo(at);
        assertThat(deal.seq()).as("seed %d", seed).isEqualTo(seq);
        assertThat(deal.version()).as("seed %d", seed).isGreaterThanOrEqualTo(seq > 0 ? 1 : 0);
        assertThat(deal.isFinal() || deal.turn().deadline() != null).as("seed %d", seed).isTrue();
    }
}
