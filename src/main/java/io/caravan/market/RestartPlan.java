package io.caravan.market;

import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** When the client restarts a transfer that broke, and how often in a row it may. Not thread-safe. */
final class RestartPlan {

    private final Supplier<TransferSettings.Restarts> limits;
    private final LongSupplier nanos;
    private int failures;
    private @Nullable Long retryAt;

    /** @param nanos for measuring waits */
    RestartPlan(Supplier<TransferSettings.Restarts> limits, LongSupplier nanos) {
        this.limits = limits;
        this.nanos = nanos;
    }

    /** Counts one more break and plans the restart after it; false if there were too many in a row. */
    boolean broke() {
        failures++;
        if (failures > limits.get().most()) {
            return false;
        }
        retryAt = nanos.getAsLong() + limits.get().before(failures).toNanos();
        return true;
    }

    /** Data moved, or the miner took what there is to say: earlier breaks count no more. */
    void worked() {
        failures = 0;
    }

    /** The restart is made, or not needed any more. */
    void clear() {
        retryAt = null;
    }

    boolean isPlanned() {
        return retryAt != null;
    }

    boolean isDue() {
        return retryAt != null && nanos.getAsLong() - retryAt >= 0;
    }
}
