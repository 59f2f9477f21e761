package io.caravan.node.observe.trace;

import io.caravan.chain.FeeRules;
import io.caravan.deal.DealSettler;
import io.caravan.model.Role;
import io.caravan.node.observe.trace.DealSpans.Party;
import io.caravan.store.FundStore.Hold;
import io.caravan.store.FundStore.Purpose;
import io.caravan.store.PostgresFundStore;
import io.caravan.store.PublishQueue;
import io.caravan.store.Settlements;
import java.util.List;
import java.util.function.Function;

/**
 * For which deals a message was sent, by its key: those that it publishes, whose money it brings or which it settles. What a caller
 * asked for by himself, and what is about sectors or our address, is no deal's.
 */
public final class MessageDeals implements Function<String, List<Party>> {

    private final PublishQueue queue;
    private final PostgresFundStore funds;
    private final Settlements settlements;

    public MessageDeals(PublishQueue queue, PostgresFundStore funds, Settlements settlements) {
        this.queue = queue;
        this.funds = funds;
        this.settlements = settlements;
    }

    @Override
    public List<Party> apply(String key) {
        if (key.startsWith(FeeRules.PUBLISH)) {
            return queue.inMessage(key).stream().map(deal -> new Party(deal.proposalCid(), Role.PROVIDER)).toList();
        }
        if (key.startsWith(PostgresFundStore.TOP_UP)) {
            return funds.broughtBy(key).stream().filter(hold -> hold.purpose() != Purpose.CALLER).map(MessageDeals::party).toList();
        }
        return key.startsWith(DealSettler.KEYS)
                ? settlements.of(key).stream().map(row -> new Party(row.proposalCid(), Role.PROVIDER)).toList() : List.of();
    }

    private static Party party(Hold hold) {
        return new Party(hold.proposalCid(), hold.purpose() == Purpose.CLIENT_PAYMENT ? Role.CLIENT : Role.PROVIDER);
    }
}
