package io.caravan.deal;

import io.caravan.codec.Cid;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * How often an active deal asks the chain for itself. What the chain announces wakes the deals concerned
 * ({@link ActiveWatch}), so that a deal alone only has to catch what nobody announces: a sector that the chain's own clock
 * ended. Where the node announces nothing at all, this is all there is, and it is at most an hour.
 */
public final class LookPace {

    private static final Duration WITHOUT_NEWS = Duration.ofHours(1);

    private final Supplier<Duration> sweep;
    private volatile boolean hasNews = true;

    /** @param sweep how long a deal leaves the chain alone while the node announces what ends; {@code …track.sweep} */
    public LookPace(Supplier<Duration> sweep) {
        this.sweep = sweep;
    }

    /** Whether the chain node announces what ends; true until the first look says otherwise. */
    public boolean hasNews() {
        return hasNews;
    }

    void news(boolean isThere) {
        hasNews = isThere;
    }

    /** Until the next look of this deal alone, give or take a fifth, so that deals do not come all at once. */
    Duration of(Cid proposalCid) {
        Duration wanted = sweep.get();
        Duration whole = hasNews || wanted.compareTo(WITHOUT_NEWS) < 0 ? wanted : WITHOUT_NEWS;
        return whole.multipliedBy(800 + Math.floorMod(proposalCid.hashCode(), 400)).dividedBy(1000);
    }
}
