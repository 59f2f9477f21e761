package io.caravan.store;

import static io.caravan.support.DealBuilder.aDeal;
import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.codec.Cid;
import io.caravan.model.Deal;
import io.caravan.model.DealState;
import io.caravan.model.FilAddress;
import io.caravan.model.Role;
import io.caravan.support.SettableClock;
import io.caravan.support.TestPostgres;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whatever is asked for, the pages together are the deals that a plain look at all of them finds, in the same order. */
class DealQueryTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Comparator<Deal> NEWEST_FIRST = Comparator.comparing(Deal::createdAt).reversed()
            .thenComparing(deal -> deal.proposalCid().toString());
    private static final FilAddress CLIENT = FilAddress.ofId(1001); // the builder's
    private static final FilAddress PROVIDER = FilAddress.ofId(1000);

    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    private final List<Deal> all = new ArrayList<>();
    private PostgresDealStore store;

    @BeforeEach
    void fill() {
        POSTGRES.database().sql().write("test/empty", Map.of());
        store = POSTGRES.deals(SettableClock.at(START), "one");
        List<DealState> states = List.of(DealState.EXPIRED, DealState.ERROR, DealState.STAGED, DealState.ACTIVE);
        for (int i = 0; i < 40; i++) {
            for (Role role : Role.values()) {
                Deal deal = aDeal("d" + i).as(role).in(states.get(i % states.size())).at(START.plusSeconds(i / 6)).build();
                all.add(store.insert(deal).deal());
            }
        }
    }

    @Test
    void eachFilterFindsItsDealsPageByPage() {
        Cid piece = all.get(9).proposal().proposal().pieceCid();
        for (Role role : Role.values()) {
            FilAddress party = role == Role.CLIENT ? PROVIDER : CLIENT;
            for (Set<DealState> states : List.of(Set.<DealState>of(), Set.of(DealState.ERROR),
                    Set.of(DealState.ERROR, DealState.ACTIVE), Set.of(DealState.PUBLISH))) {
                for (FilAddress with : new @Nullable FilAddress[] {null, party, FilAddress.ofId(7)}) {
                    for (Cid pieceCid : new @Nullable Cid[] {null, piece}) {
                        check(role, new DealQuery(states, with, pieceCid), party);
                    }
                }
            }
        }
    }

    private void check(Role role, DealQuery filter, FilAddress party) {
        Stream<Deal> expected = all.stream().filter(deal -> deal.role() == role)
                .filter(deal -> filter.states().isEmpty() || filter.states().contains(deal.state()))
                .filter(deal -> filter.party() == null || filter.party().equals(party))
                .filter(deal -> filter.pieceCid() == null
                        || filter.pieceCid().equals(deal.proposal().proposal().pieceCid()));
        assertThat(pages(role, filter)).as("%s %s", role, filter).extracting(Deal::proposalCid)
                .containsExactlyElementsOf(expected.sorted(NEWEST_FIRST).map(Deal::proposalCid).toList());
    }

    private List<Deal> pages(Role role, DealQuery filter) {
        List<Deal> seen = new ArrayList<>();
        List<Deal> page = store.list(role, filter, null, 4);
        while (!page.isEmpty()) {
            seen.addAll(page);
            page = store.list(role, filter, page.get(page.size() - 1), 4);
        }
        return seen;
    }
}
