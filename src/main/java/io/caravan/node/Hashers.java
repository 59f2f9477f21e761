package io.caravan.node;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** The threads of a role that compute commP: as many as the machine has cores, no more than four. */
final class Hashers implements Executor, AutoCloseable {

    private static final int MOST = 4;

    private final int lanes = Math.max(1, Math.min(MOST, Runtime.getRuntime().availableProcessors()));
    private final ExecutorService pool;

    Hashers(String role) {
        AtomicInteger number = new AtomicInteger();
        pool = Executors.newFixedThreadPool(lanes, work -> {
            Thread thread = new Thread(work, role + "-hasher-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    int lanes() {
        return lanes;
    }

    @Override
    public void execute(Runnable work) {
        pool.execute(work);
    }

    @Override
    public void close() {
        pool.shutdownNow();
    }
}
