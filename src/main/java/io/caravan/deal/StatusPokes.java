package io.caravan.deal;

import io.caravan.codec.Cid;
import io.caravan.libp2p.PeerId;
import io.caravan.market.StatusPoke;
import io.caravan.model.Deal;
import io.caravan.model.Role;
import io.caravan.store.DealStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the daemon's providers have poked it about (deal-lifecycle §11.5). A poke only has us ask sooner: it counts when it
 * comes from the peer that the deal is with, wakes a deal once a second at most, and is forgotten with the process. Of each
 * peer a few pokes a second are looked at, the rest is dropped unread.
 */
public final class StatusPokes {

    private static final Duration AT_MOST_EVERY = Duration.ofSeconds(1);
    private static final int MOST_A_SECOND = 20;
    private static final int REMEMBERED = 10_000;

    private final DealStore deals;
    private final Clock clock;
    /** When each deal was poked about last; guarded by this. */
    private final Map<Cid, Instant> poked = bounded();
    /** When each deal was woken last; guarded by this. */
    private final Map<Cid, Instant> woken = bounded();
    /** What each peer sent in the second that began then; guarded by this. */
    private final Map<PeerId, Second> seconds = bounded();

    private record Second(Instant begun, int pokes) {}

    public StatusPokes(DealStore deals, Clock clock) {
        this.deals = deals;
        this.clock = clock;
    }

    /** Whether the deal's provider has poked us about it after that moment. */
    public synchronized boolean isSince(Cid proposalCid, Instant moment) {
        Instant last = poked.get(proposalCid);
        return last != null && !last.isBefore(moment);
    }

    /** That peer says that the deal has moved. */
    public void take(PeerId from, StatusPoke poke) {
        Instant now = clock.instant();
        if (!isLookedAt(from, now)) {
            return;
        }
        boolean isOurs = deals.find(poke.proposalCid(), Role.CLIENT).filter(deal -> !deal.isFinal())
                .map(Deal::peer).filter(from.toString()::equals).isPresent();
        if (isOurs && marked(poke.proposalCid(), now)) {
            deals.wake(poke.proposalCid(), Role.CLIENT);
        }
    }

    private synchronized boolean isLookedAt(PeerId from, Instant now) {
        Second second = seconds.get(from);
        boolean isNew = second == null || !now.isBefore(second.begun().plusSeconds(1));
        Second counted = isNew ? new Second(now, 1) : new Second(second.begun(), second.pokes() + 1);
        seconds.put(from, counted);
        return counted.pokes() <= MOST_A_SECOND;
    }

    /** Whether the deal is woken for it; one that was woken just now will see the mark when it looks next. */
    private synchronized boolean marked(Cid proposalCid, Instant now) {
        poked.put(proposalCid, now);
        Instant last = woken.get(proposalCid);
        if (last != null && now.isBefore(last.plus(AT_MOST_EVERY))) {
            return false;
        }
        woken.put(proposalCid, now);
        return true;
    }

    private static <K, V> Map<K, V> bounded() {
        return new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > REMEMBERED;
            }
        };
    }
}
