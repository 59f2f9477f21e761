package io.caravan.deal;

import io.caravan.chain.Chain;
import io.caravan.chain.ChainRefusedException;
import io.caravan.chain.MarketDeal;
import io.caravan.model.Deal;
import io.caravan.model.Epoch;
import io.caravan.model.FatalException;
import io.caravan.model.Waiting;
import io.caravan.model.WaitsOn;
import io.caravan.store.ActiveDeals;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * How an active deal ends (deal-lifecycle §10.5): expired by its end epoch, slashed when it left the chain before, or not
 * active after all when a reorganisation took the activation back. Both sides look the same way and come to the same
 * epoch: the one the market announced, else the one in which past states of the chain lose the deal.
 */
final class Ending {

    private final Chain chain;
    private final ActiveDeals active;
    private final LookPace pace;
    private final LongSupplier confidence;
    private final Clock clock;

    /** @param confidence epochs that a deal must be gone before it counts */
    Ending(Chain chain, ActiveDeals active, LookPace pace, LongSupplier confidence, Clock clock) {
        this.chain = chain;
        this.active = active;
        this.pace = pace;
        this.confidence = confidence;
        this.clock = clock;
    }

    /**
     * The deal, waiting for nothing once it is over: with a slash epoch when it left the chain before its end, without its
     * sector when it is not active any more but may become it again, else expired. One that lives on asks to be left alone
     * for long.
     */
    Deal look(Deal deal) {
        long id = Optional.ofNullable(deal.dealId()).orElseThrow(
                () -> new FatalException("deal " + deal.proposalCid() + " has no deal id"));
        Epoch end = deal.proposal().proposal().endEpoch();
        Epoch head = chain.head().epoch();
        Optional<MarketDeal> found = chain.storageDeal(id);
        if (!head.isBefore(end)) {
            return atEnd(deal, id, found.isPresent());
        }
        if (found.filter(MarketDeal::isActive).isPresent()) {
            active.forget(id);
            return asleep(deal, head, end);
        }
        Epoch since = active.terminated(id).orElseGet(() -> active.missingSince(id, head));
        Epoch sure = since.plus(1 + confidence.getAsLong());
        if (head.isBefore(sure)) {
            Instant now = clock.instant();
            return deal.waitingFor(WaitsOn.CHAIN, "certainty that the deal was terminated, at epoch " + sure, now)
                    .withRunAfter(now.plus(epochs(sure.since(head))));
        }
        if (found.filter(market -> market.sectorStart() < 0 && market.slashed() < 0).isPresent()) {
            active.forget(id);
            return deal.withoutSector().withWaiting(Waiting.NOTHING);
        }
        Epoch slashed = found.filter(market -> market.slashed() >= 0).map(market -> Epoch.of(market.slashed()))
                .or(() -> active.terminated(id)).orElseGet(() -> lost(id, head).orElse(since));
        active.forget(id);
        return deal.withSlashEpoch(slashed).withWaiting(Waiting.NOTHING);
    }

    /** Expired, unless it was terminated while nobody looked. */
    private Deal atEnd(Deal deal, long id, boolean isThere) {
        Epoch end = deal.proposal().proposal().endEpoch();
        Optional<Epoch> gone = active.terminated(id);
        if (gone.isEmpty() && !isThere) {
            gone = lost(id, chain.head().epoch());
        }
        active.forget(id);
        Deal over = deal.withWaiting(Waiting.NOTHING);
        return gone.filter(epoch -> epoch.isBefore(end)).map(over::withSlashEpoch).orElse(over);
    }

    private Deal asleep(Deal deal, Epoch head, Epoch end) {
        Instant now = clock.instant();
        Instant last = now.plus(epochs(end.since(head)));
        Instant next = now.plus(pace.of(deal.proposalCid()));
        return deal.waitingFor(WaitsOn.TIME, "the deal's end at epoch " + end, now, last)
                .withRunAfter(next.isBefore(last) ? next : last);
    }

    private Duration epochs(long count) {
        return chain.networkParams().blockDelay().multipliedBy(count);
    }

    /**
     * The epoch whose messages took the deal off the chain, found in past states of the chain with few looks; empty when
     * the node does not keep states so old.
     */
    private Optional<Epoch> lost(long id, Epoch head) {
        try {
            long gone = head.value();
            long there = gone - 1;
            for (long step = 2; !isActiveAt(id, there); step *= 2) {
                gone = there;
                there = Math.max(0, gone - step);
                if (gone == 0) {
                    return Optional.empty();
                }
            }
            while (gone - there > 1) {
                long middle = there + (gone - there) / 2;
                if (isActiveAt(id, middle)) {
                    there = middle;
                } else {
                    gone = middle;
                }
            }
            return Optional.of(chain.lastTipSet(Epoch.of(there)));
        } catch (ChainRefusedException e) {
            return Optional.empty();
        }
    }

    private boolean isActiveAt(long id, long epoch) {
        return chain.storageDealAt(id, Epoch.of(epoch)).filter(MarketDeal::isActive).isPresent();
    }
}
