package io.caravan.libp2p;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** At most so many at the same time. */
final class Bound {

    private final AtomicInteger taken = new AtomicInteger();
    private final int max;

    Bound(int max) {
        this.max = max;
    }

    /** One more, or null if the bound is reached. */
    @Nullable Lease take() {
        if (!tryTake()) {
            return null;
        }
        return new Lease(taken::decrementAndGet);
    }

    boolean tryTake() {
        int now = taken.incrementAndGet();
        if (now > max) {
            taken.decrementAndGet();
            return false;
        }
        return true;
    }

    int taken() {
        return taken.get();
    }
}
