package io.caravan.node.bench;

import io.caravan.model.Deal;
import io.caravan.node.NodeHome;
import io.caravan.node.ThrowawayHome;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * {@code bench observe}: what watching a miner costs that has years behind it. Its tables are filled with ended deals and what these
 * left, then it is asked what monitors and dashboards ask, beside live deals that are looked at as ever.
 */
public final class ObserveBench {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Clock clock = Clock.systemUTC();
    private final long finished;
    private final long live;

    /**
     * @param finished how many ended deals lie in the table
     * @param live how many live ones beside them
     */
    public ObserveBench(long finished, long live) {
        this.finished = finished;
        this.live = live;
    }

    /** Runs for some minutes, most of them spent filling tables, and prints one line a measurement. */
    public void measure(PrintStream out) throws InterruptedException {
        try (ThrowawayHome throwaway = ThrowawayHome.make("bench")) {
            NodeHome home = throwaway.home();
            Deal original;
            try (BenchNode node = new BenchNode(home); ProposalLoad load = DealsBench.load(node)) {
                original = DealsBench.ended(load.proposal(), clock.instant());
            }
            Instant begun = clock.instant();
            Instant newest = clock.instant();
            try (ManyDeals rows = new ManyDeals(home, original, 1, clock)) {
                rows.fill(finished, DealsBench.ENDED, newest);
                rows.add(live, DealsBench.LIVE, newest);
                rows.surround();
                out.printf(Locale.ROOT, "%,d ended and %,d live deals, what they left and the start of it in %d s%n", finished, live,
                        Duration.between(begun, clock.instant()).toSeconds());
                try (BenchNode node = new BenchNode(home)) {
                    settled(rows, newest);
                    new ObserveLoad(node.miner(), node.rows(), home.folder("miner", "")).run(out);
                }
            }
        }
    }

    /** Returns when the routes have looked at every live deal once, as they do after a start. */
    private void settled(ManyDeals rows, Instant newest) throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        Instant start = clock.instant();
        while (rows.unseen(newest, newest) > 0 && Duration.between(start, clock.instant()).compareTo(PATIENCE) < 0) {
            never.await(500, TimeUnit.MILLISECONDS);
        }
    }
}
