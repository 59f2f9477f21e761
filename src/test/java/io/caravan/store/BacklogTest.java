package io.caravan.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.model.DealState;
import io.caravan.model.FatalException;
import io.caravan.model.Role;
import io.caravan.support.DealBuilder;
import io.caravan.support.SettableClock;
import io.caravan.support.TestPostgres;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What waits is counted rightly, and by indexes that lead to it alone. */
@Tag("db")
class BacklogTest {

    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final SettableClock clock = SettableClock.at(NOW);
    private final Sql sql = POSTGRES.database().sql();
    private final Backlog backlog = new Backlog(sql, clock);

    @BeforeEach
    void empty() {
        sql.write("test/empty", Map.of());
    }

    @Test
    void aParkedDealIsTroubledOnceAndOneThatIsWellIsNot() {
        var deals = POSTGRES.deals(clock, "node");
        var deal = deals.insert(DealBuilder.aDeal("stuck").as(Role.CLIENT).in(DealState.TRANSFERRING).at(NOW).build()).deal();
        deals.insert(DealBuilder.aDeal("well").as(Role.CLIENT).in(DealState.TRANSFERRING).at(NOW).build());
        assertThat(backlog.troubledDeals(Role.CLIENT)).isZero();
        deals.park(deal, new FatalException("a bug"));
        assertThat(backlog.parkedDeals(Role.CLIENT)).isEqualTo(1);
        assertThat(backlog.troubledDeals(Role.CLIENT)).isEqualTo(1);
        assertThat(backlog.troubledDeals(Role.PROVIDER)).isZero();
    }

    @Test
    void nothingWaitsInAnEmptyDatabase() {
        assertThat(backlog.unpublished()).isEqualTo(new Backlog.Queue("publish", 0, null));
        assertThat(backlog.messages()).allSatisfy(queue -> assertThat(queue.many()).isZero());
        assertThat(backlog.transfers()).isEqualTo(new Backlog.Running(0, 0));
        assertThat(backlog.parkedSectors()).isZero();
    }
}
