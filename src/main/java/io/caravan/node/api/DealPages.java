package io.caravan.node.api;

import io.caravan.model.Deal;
import io.caravan.model.Role;
import io.caravan.store.DealStore;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Goes through all deals of a role page by page, newest first; what belongs to them is asked for by the page. */
final class DealPages {
    private static final int PAGE = 500;

    private DealPages() {}

    static void each(DealStore deals, Role role, Consumer<Deal> visitor) {
        every(deals, role, page -> page.forEach(visitor));
    }

    static void every(DealStore deals, Role role, Consumer<List<Deal>> visitor) {
        Deal last = null;
        List<Deal> page;
        do {
            page = deals.list(role, Set.of(), last, PAGE);
            visitor.accept(page);
            last = page.isEmpty() ? last : page.get(page.size() - 1);
        } while (page.size() == PAGE);
    }
}
