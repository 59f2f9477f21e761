package io.caravan.rpc;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** How many bytes of unfinished requests all connections of a server may hold together. */
final class ByteBudget {
    private final LongSupplier limit;
    private final AtomicLong used = new AtomicLong();

    ByteBudget(LongSupplier limit) {
        this.limit = limit;
    }

    /** Takes bytes if there are as many left. */
    boolean take(long bytes) {
        if (used.addAndGet(bytes) > limit.getAsLong()) {
            used.addAndGet(-bytes);
            return false;
        }
        return true;
    }

    void give(long bytes) {
        used.addAndGet(-bytes);
    }

    long used() {
        return used.get();
    }
}
