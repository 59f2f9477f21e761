package io.caravan.chain;

import io.caravan.codec.Cid;
import io.caravan.model.MarketBalance;
import java.util.Set;

/**
 * What the market actor has for one address at one head.
 *
 * @param pending of the proposals asked about, those that are published and whose term has not begun: their money is
 *     part of what is locked
 */
public record MarketView(TipSet head, MarketBalance balance, Set<Cid> pending) {

    public MarketView {
        pending = Set.copyOf(pending);
    }
}
