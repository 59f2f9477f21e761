package io.caravan.deal;

import io.caravan.chain.Chain;
import io.caravan.chain.MarketDeal;
import io.caravan.model.Deal;
import io.caravan.model.FatalException;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * What the market actor says of a published deal, believed only at depth: active, or too late to become active
 * (deal-lifecycle §10.5). Both sides look the same way.
 */
final class Activation {

    private final Chain chain;
    private final LongSupplier confidence;

    Activation(Chain chain, LongSupplier confidence) {
        this.chain = chain;
        this.confidence = confidence;
    }

    /**
     * The deal on chain, once it is active with enough epochs on top.
     *
     * @throws FatalException it was not activated by its start, and it will not be
     */
    Optional<MarketDeal> look(Deal deal) {
        long head = chain.head().epoch().value();
        Optional<MarketDeal> found = chain.storageDeal(idOf(deal));
        if (found.filter(MarketDeal::isActive).isPresent()) {
            return found.filter(active -> head >= active.sectorStart() + 1 + confidence.getAsLong());
        }
        long start = deal.proposal().proposal().startEpoch().value();
        if (head > start + 1 + confidence.getAsLong()) {
            throw new FatalException("not activated by start epoch " + start + " (epoch " + head + ")");
        }
        return Optional.empty();
    }

    private static long idOf(Deal deal) {
        Long id = deal.chain().dealId();
        if (id == null) {
            throw new FatalException("deal " + deal.proposalCid() + " has no deal id");
        }
        return id;
    }
}
