package io.caravan.node;

import io.caravan.node.observe.Metric;
import io.caravan.node.observe.Tally;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.apache.camel.Body;

/** What the devnet's route calls to make a block. */
public final class DevnetBlocks {

    private final Tally tally;
    private final Clock clock;
    private volatile Instant last;

    /** @param tally where the time that each block takes is noted */
    DevnetBlocks(Tally tally, Clock clock) {
        this.tally = tally;
        this.clock = clock;
        this.last = clock.instant();
    }

    /** Makes it, and returns when it is kept; what goes wrong is thrown, and the next tick tries again. */
    public void make(@Body Runnable block) {
        Instant begun = clock.instant();
        block.run();
        last = clock.instant();
        tally.observe(Metric.DEVNET_BLOCK_SECONDS, Duration.between(begun, last).toNanos() / 1e9);
    }

    /** When the clock's newest block was kept; the start while there is none. */
    Instant last() {
        return last;
    }
}
