package io.caravan.proofs;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Splits a computation over some threads, of which the caller is one; between two chunks it reports and may be ended.
 */
final class Workers {

    /** One thread's share of the work. */
    @FunctionalInterface
    interface Range {
        void run(int from, int to) throws IOException;
    }

    /** Makes what one thread works with: buffers, hashers. */
    @FunctionalInterface
    interface Maker {
        Range make() throws IOException;
    }

    private final int threads;
    private final SealWatch watch;

    Workers(int threads, SealWatch watch) {
        this.threads = threads;
        this.watch = watch;
    }

    SealWatch watch() {
        return watch;
    }

    /** Runs over {@code [0, total)} in chunks; ends with the first failure, when no thread is at work any more. */
    void run(String step, int total, int chunk, Maker maker) throws IOException {
        AtomicInteger next = new AtomicInteger();
        AtomicInteger done = new AtomicInteger();
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        Runnable share = () -> {
            try {
                Range range = maker.make();
                for (int from = next.getAndAdd(chunk); from < total && from >= 0; from = next.getAndAdd(chunk)) {
                    if (failure.get() != null) {
                        return;
                    }
                    watch.check();
                    int to = Math.min(total, from + chunk);
                    range.run(from, to);
                    watch.at(step, done.addAndGet(to - from), total);
                }
            } catch (Throwable e) {
                failure.compareAndSet(null, e);
            }
        };
        List<Thread> helpers = new ArrayList<>();
        for (int i = 1; i < threads && (long) i * chunk < total; i++) {
            Thread helper = new Thread(share, "seal-" + step + "-" + i);
            helper.setDaemon(true);
            helper.start();
            helpers.add(helper);
        }
        share.run();
        join(helpers, failure);
        rethrow(failure.get());
    }

    private static void join(List<Thread> helpers, AtomicReference<@Nullable Throwable> failure) {
        boolean isInterrupted = false;
        for (Thread helper : helpers) {
            while (helper.isAlive()) {
                try {
                    helper.join();
                } catch (InterruptedException e) {
                    isInterrupted = true;
                    failure.compareAndSet(null, new InterruptedIOException("interrupted while sealing"));
                }
            }
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void rethrow(@Nullable Throwable failure) throws IOException {
        if (failure instanceof IOException e) {
            throw e;
        } else if (failure instanceof RuntimeException e) {
            throw e;
        } else if (failure instanceof Error e) {
            throw e;
        }
    }
}
