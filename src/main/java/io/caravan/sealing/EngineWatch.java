package io.caravan.sealing;

import io.caravan.proofs.SealWatch;
import io.caravan.sealing.SealingEngine.Progress;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/** Tells of one computation, at most a hundred times a step, and ends it when its thread or its engine is to end. */
final class EngineWatch implements SealWatch {

    private static final long PERCENT = 100;

    private final SectorRef sector;
    private final Progress progress;
    private final BooleanSupplier isClosed;
    private final Thread caller = Thread.currentThread();
    private final AtomicLong lastTold = new AtomicLong(-1);

    EngineWatch(SectorRef sector, Progress progress, BooleanSupplier isClosed) {
        this.sector = sector;
        this.progress = progress;
        this.isClosed = isClosed;
    }

    @Override
    public void at(String step, long done, long total) {
        long now = (step.hashCode() & 0xffffffffL) << 8 | done * PERCENT / Math.max(1, total);
        if (lastTold.getAndSet(now) != now) {
            progress.at(sector, step, done, total);
        }
    }

    @Override
    public boolean isCancelled() {
        return isClosed.getAsBoolean() || caller.isInterrupted();
    }
}
