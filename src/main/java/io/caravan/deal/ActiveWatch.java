package io.caravan.deal;

import io.caravan.chain.Chain;
import io.caravan.chain.ChainRefusedException;
import io.caravan.chain.DealTermination;
import io.caravan.model.Epoch;
import io.caravan.store.ActiveDeals;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the chain for all active deals of one side together: two calls a period, however many deals there are. Those
 * whose end epoch has come and those that the market announced as terminated are woken; each then looks for itself and
 * decides ({@link Ending}). The epochs read so far are remembered, so that nothing is missed while the node is down.
 */
public final class ActiveWatch {

    private static final Logger LOG = LoggerFactory.getLogger(ActiveWatch.class);
    /** Epochs that are asked for at once: Lotus answers for at most 2880. */
    private static final long CHUNK = 2000;
    /** Epochs that are read again, because a reorganisation may have changed them. */
    private static final long AGAIN = 30;

    private final Chain chain;
    private final ActiveDeals active;
    private final LookPace pace;

    public ActiveWatch(Chain chain, ActiveDeals active, LookPace pace) {
        this.chain = chain;
        this.active = active;
        this.pace = pace;
    }

    /** One look; calling it again does no harm. */
    public void watch() {
        Epoch head = chain.head().epoch();
        if (!active.any()) {
            active.scanned(head);
            return;
        }
        active.wakeEnded(head);
        scan(head);
        active.wakeNoticed();
    }

    /** Events of a tipset show only with the next one. */
    private void scan(Epoch head) {
        long last = head.value() - 1;
        long from = Math.max(0, Math.min(active.scanned().orElse(last), last) - AGAIN);
        try {
            for (long start = from; start <= last; start += CHUNK) {
                read(Epoch.of(start), Epoch.of(Math.min(last, start + CHUNK - 1)));
            }
            news(true, "");
        } catch (ChainRefusedException e) {
            skipTo(head, e);
        }
    }

    private void read(Epoch from, Epoch to) {
        Map<Long, Epoch> terminated = new HashMap<>();
        for (DealTermination ended : chain.terminatedDeals(from, to)) {
            terminated.put(ended.dealId(), ended.epoch());
        }
        active.announced(from, to, terminated);
    }

    /** The node has no events at all, or only new ones: then every deal has to look once for itself. */
    private void skipTo(Epoch head, ChainRefusedException refused) {
        long last = Math.max(0, head.value() - 1);
        try {
            read(Epoch.of(Math.max(0, last - AGAIN)), Epoch.of(last));
            LOG.warn("the chain node does not keep events so long ({}); all active deals are looked at one by one",
                    refused.getMessage());
            active.wakeAll();
            news(true, "");
        } catch (ChainRefusedException e) {
            active.scanned(head);
            news(false, String.valueOf(e.getMessage()));
        }
    }

    private void news(boolean isThere, String why) {
        if (pace.hasNews() && !isThere) {
            LOG.warn("the chain node announces no events ({}); each active deal is looked at by itself, once an hour at most",
                    why);
            active.wakeAll();
        }
        pace.news(isThere);
    }
}
