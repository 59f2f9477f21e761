package io.caravan.libp2p;

import java.util.concurrent.atomic.AtomicBoolean;

/** A share of something bounded, given back exactly once however often it is closed. */
final class Lease implements AutoCloseable {

    private final AtomicBoolean open = new AtomicBoolean(true);
    private final Runnable giveBack;

    Lease(Runnable giveBack) {
        this.giveBack = giveBack;
    }

    /** One lease that closes all of these. */
    static Lease all(Lease... leases) {
        return new Lease(() -> {
            for (Lease lease : leases) {
                lease.close();
            }
        });
    }

    @Override
    public void close() {
        if (open.compareAndSet(true, false)) {
            giveBack.run();
        }
    }
}
