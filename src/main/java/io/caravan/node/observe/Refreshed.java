package io.caravan.node.observe;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A value that is read beside those who ask for it, at most so often, and never twice at a time: a reading that hangs keeps one
 * worker, and whoever asks gets the value of before and since when it hangs. A costly reading may be done more seldom.
 */
final class Refreshed<T> {

    private final Supplier<T> reading;
    private final Duration every;
    private final int share;
    private final Executor workers;
    private final Clock clock;
    private @Nullable T value;
    private @Nullable Instant at;
    private @Nullable Instant tried;
    private Duration took = Duration.ZERO;
    private @Nullable Instant began;
    private @Nullable CompletableFuture<Void> running;
    private @Nullable String failure;

    /**
     * @param every how old a value may be before it is read again
     * @param share a reading takes at most one part in so many of the time; 0 for no such bound
     */
    Refreshed(Supplier<T> reading, Duration every, int share, Executor workers, Clock clock) {
        this.reading = reading;
        this.every = every;
        this.share = share;
        this.workers = workers;
        this.clock = clock;
    }

    /**
     * What is known.
     *
     * @param value null while none was ever read
     * @param at when it was read
     * @param hangs how long the reading takes that runs now; null when none does
     * @param failure what the last reading failed by; null after a good one
     */
    record Known<T>(@Nullable T value, @Nullable Instant at, @Nullable Duration hangs, @Nullable String failure) {}

    /** The value, read anew if it is too old and that takes no longer than the patience; else the one of before. */
    Known<T> get(Duration patience) {
        CompletableFuture<Void> reads = refresh();
        if (reads != null) {
            try {
                reads.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                // what is known has to do
            } catch (ExecutionException e) {
                throw new IllegalStateException(e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return known();
    }

    private synchronized Known<T> known() {
        Instant since = began;
        return new Known<>(value, at, since == null ? null : Duration.between(since, clock.instant()), failure);
    }

    /** The reading that runs now, one of just now if the value was too old; null when it is young enough. */
    private synchronized @Nullable CompletableFuture<Void> refresh() {
        Instant now = clock.instant();
        Duration rest = failure == null ? took.multipliedBy(share) : Duration.ZERO; // what failed may be well again
        Duration age = rest.compareTo(every) > 0 ? rest : every;
        if (running == null && (tried == null || !now.isBefore(tried.plus(age)))) {
            CompletableFuture<Void> mine = new CompletableFuture<>();
            running = mine;
            began = now;
            try {
                workers.execute(() -> read(now, mine));
            } catch (RejectedExecutionException e) {
                done(null, "too many readings hang", now);
                mine.complete(null);
                return null;
            }
            return mine;
        }
        return running;
    }

    private void read(Instant start, CompletableFuture<Void> mine) {
        try {
            done(reading.get(), null, start);
        } catch (RuntimeException e) {
            done(null, String.valueOf(e.getMessage()), start);
        } catch (Error e) {
            done(null, e.toString(), start);
            throw e;
        } finally {
            mine.complete(null);
        }
    }

    private synchronized void done(@Nullable T read, @Nullable String why, Instant start) {
        Instant now = clock.instant();
        if (why == null) {
            value = read;
            at = now;
        }
        tried = now;
        failure = why;
        took = Duration.between(start, now);
        running = null;
        began = null;
    }
}
