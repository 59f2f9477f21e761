package io.caravan.deal;

import io.caravan.chain.Chain;
import io.caravan.chain.MarketDeal;
import io.caravan.model.Deal;
import io.caravan.model.Epoch;
import io.caravan.model.FatalException;
import io.caravan.model.Waiting;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What the market actor says of a published deal, believed only at depth: active, too late to become active, over, or
 * gone (deal-lifecycle §10.5). Both sides look the same way.
 */
final class Activation {

    private final Chain chain;
    private final long confidence;
    private final Clock clock;

    Activation(Chain chain, long confidence, Clock clock) {
        this.chain = chain;
        this.confidence = confidence;
        this.clock = clock;
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
            return found.filter(active -> head >= active.sectorStart() + 1 + confidence);
        }
        long start = deal.proposal().proposal().startEpoch().value();
        if (head > start + 1 + confidence) {
            throw new FatalException("not activated by start epoch " + start + " (epoch " + head + ")");
        }
        return Optional.empty();
    }

    /**
     * An active deal, waiting for nothing once it is over: with a slash epoch when it left the chain before its end,
     * without one when it reached its end.
     */
    Deal lookEnd(Deal deal) {
        Epoch end = deal.proposal().proposal().endEpoch();
        Epoch head = chain.head().epoch();
        Instant now = clock.instant();
        if (!head.isBefore(end)) {
            return deal.withWaiting(Waiting.NOTHING);
        }
        Optional<MarketDeal> found = chain.storageDeal(idOf(deal));
        if (found.filter(MarketDeal::isActive).isPresent()) {
            return deal.waitingFor("the deal's end at epoch " + end, now);
        }
        Deal gone = deal.waitingFor("certainty that the deal was terminated", now);
        Instant since = gone.waiting().since();
        Duration depth = chain.networkParams().blockDelay().multipliedBy(confidence);
        if (since == null || now.isBefore(since.plus(depth))) {
            return gone;
        }
        Epoch slashed = found.map(MarketDeal::slashed).filter(epoch -> epoch >= 0).map(Epoch::of).orElse(head);
        return deal.withSlashEpoch(slashed).withWaiting(Waiting.NOTHING);
    }

    private static long idOf(Deal deal) {
        Long id = deal.chain().dealId();
        if (id == null) {
            throw new FatalException("deal " + deal.proposalCid() + " has no deal id");
        }
        return id;
    }
}
