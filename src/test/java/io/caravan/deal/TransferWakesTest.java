package io.caravan.deal;

import static io.caravan.support.DealBuilder.aDeal;
import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.market.Transfer;
import io.caravan.market.TransferStatus;
import io.caravan.model.Deal;
import io.caravan.model.DealState;
import io.caravan.model.Role;
import io.caravan.store.PostgresDealStore;
import io.caravan.support.MapJournal;
import io.caravan.support.SettableClock;
import io.caravan.support.TestPostgres;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A deal that waits for its transfer is left alone until there is news of it, and no news is missed. */
class TransferWakesTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    private final SettableClock clock = SettableClock.at(START);
    private final MapJournal journal = new MapJournal();
    private final Deque<Runnable> later = new ArrayDeque<>();
    private PostgresDealStore deals;
    private TransferWakes wakes;
    private Deal held;

    @BeforeEach
    void aDealThatIsLookedAt() {
        POSTGRES.database().sql().write("test/empty", Map.of());
        deals = POSTGRES.deals(clock, "one");
        wakes = new TransferWakes(deals, (delay, work) -> later.add(work));
        deals.insert(aDeal("a").as(Role.PROVIDER).in(DealState.WAITING_FOR_DATA).build());
        held = deals.claim(Role.PROVIDER, DealState.WAITING_FOR_DATA, 1, Duration.ofMinutes(1)).get(0);
    }

    private void putOff() {
        deals.postpone(held, TransferWatcher.QUIET);
    }

    private void say(Role role, TransferStatus status) {
        Transfer transfer = journal.say(role, held.proposalCid(), status, clock.instant(), null);
        wakes.saved(transfer);
    }

    private boolean isDue() {
        return deals.due(Role.PROVIDER).contains(DealState.WAITING_FOR_DATA);
    }

    @Test
    void newsWakesTheDeal() {
        putOff();
        assertThat(isDue()).isFalse();
        say(Role.PROVIDER, TransferStatus.REQUESTED);
        later.remove().run();
        assertThat(isDue()).isTrue();
    }

    @Test
    void newsThatComesWhileTheDealIsLookedAtWakesItAMomentLater() {
        say(Role.PROVIDER, TransferStatus.REQUESTED);
        later.remove().run(); // the look may have read the row before
        putOff();
        assertThat(isDue()).isFalse();
        later.remove().run();
        assertThat(isDue()).isTrue();
    }

    @Test
    void progressAloneWakesNobody() {
        say(Role.PROVIDER, TransferStatus.ONGOING);
        later.clear();
        clock.forward(Duration.ofSeconds(1));
        say(Role.PROVIDER, TransferStatus.ONGOING);
        assertThat(later).isEmpty();
        say(Role.PROVIDER, TransferStatus.COMPLETED);
        assertThat(later).isNotEmpty();
    }

    @Test
    void aDealThatHasGoneOnIsLeftAsItIs() {
        deals.insert(aDeal("b").as(Role.PROVIDER).in(DealState.AWAITING_PRE_COMMIT).build());
        Deal gone = deals.claim(Role.PROVIDER, DealState.AWAITING_PRE_COMMIT, 1, Duration.ofMinutes(1)).get(0);
        deals.postpone(gone, Duration.ofHours(1));
        wakes.saved(journal.say(Role.PROVIDER, gone.proposalCid(), TransferStatus.COMPLETED, clock.instant(), null));
        later.forEach(Runnable::run);
        assertThat(deals.due(Role.PROVIDER)).doesNotContain(DealState.AWAITING_PRE_COMMIT);
    }

    @Test
    void whatAClientSendsWakesNoProvidersDeal() {
        say(Role.CLIENT, TransferStatus.REQUESTED);
        assertThat(later).isEmpty();
    }
}
