package io.caravan.time;

import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Work that is done again and again, with a period that may change. */
final class Rounds implements Alarms.Alarm {

    private static final Duration SHORTEST = Duration.ofMillis(1);

    private final Alarms alarms;
    private final Supplier<Duration> period;
    private final Runnable work;
    private Alarms.@Nullable Alarm next;
    private boolean isCancelled;

    Rounds(Alarms alarms, Supplier<Duration> period, Runnable work) {
        this.alarms = alarms;
        this.period = period;
        this.work = work;
        set();
    }

    private synchronized void set() {
        if (!isCancelled) {
            Duration wait = period.get();
            next = alarms.in(wait.compareTo(SHORTEST) < 0 ? SHORTEST : wait, this::round);
        }
    }

    private void round() {
        try {
            work.run();
        } finally {
            set();
        }
    }

    @Override
    public synchronized void cancel() {
        isCancelled = true;
        if (next != null) {
            next.cancel();
        }
    }
}
