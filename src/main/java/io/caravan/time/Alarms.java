package io.caravan.time;

import java.time.Duration;
import java.util.function.Supplier;

/** Runs short work at moments to come. After {@link #close()} nothing runs any more, and new alarms are never heard. */
public interface Alarms extends AutoCloseable {

    /** One alarm that was set. */
    @FunctionalInterface
    interface Alarm {
        /** It is not heard any more; one that is being heard is not disturbed. */
        void cancel();
    }

    /** Once, that long from now; at once for a duration that is not positive. */
    Alarm in(Duration delay, Runnable work);

    /** Again and again, each time that long after the last one ended, the first time after one period. */
    Alarm every(Duration period, Runnable work);

    /** As above, the period asked for after each time. */
    default Alarm every(Supplier<Duration> period, Runnable work) {
        return new Rounds(this, period, work);
    }

    @Override
    void close();
}
