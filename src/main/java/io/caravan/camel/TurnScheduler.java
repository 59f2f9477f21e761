package io.caravan.camel;

import io.caravan.time.Alarms.Alarm;
import io.caravan.time.Alarms;
import io.caravan.time.Timeline;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wakes the consumers of one component: at once when this node moved a row into their state, at the moment for which
 * a row was put off, and by a look at the table now and then, which finds what other nodes moved and what a killed one
 * left behind. Its two threads only claim and renew; phases run on their route's own.
 */
final class TurnScheduler {

    /** How often the table is looked at where nobody says otherwise. */
    static final Duration LOOK = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(TurnScheduler.class);
    private static final int THREADS = 2;
    private static final int FARTHEST_LOOKS = 60; // beyond so many looks a look finds the row in time

    private final Alarms alarms;
    private final Supplier<Duration> look;
    private final Map<String, Runnable> wakers = new ConcurrentHashMap<>();

    /**
     * @param look how often the table is looked at; asked after each look
     * @param due the states in which some row's turn has come
     */
    TurnScheduler(String name, Timeline timeline, Supplier<Duration> look, Supplier<Set<String>> due) {
        alarms = timeline.alarms(name + "-turns", THREADS);
        this.look = look;
        alarms.every(look, guarded(() -> {
            if (!wakers.isEmpty()) {
                due.get().forEach(this::wake);
            }
        }));
    }

    void add(String state, Runnable waker) {
        wakers.put(state, waker);
    }

    /** A waker that another one has taken the place of is gone already. */
    void remove(String state, Runnable waker) {
        wakers.remove(state, waker);
    }

    /** Something came into that state. */
    void wake(String state) {
        Runnable waker = wakers.get(state);
        if (waker != null) {
            waker.run();
        }
    }

    void soon(Runnable work) {
        in(Duration.ZERO, work);
    }

    void in(Duration delay, Runnable work) {
        if (delay.compareTo(look.get().multipliedBy(FARTHEST_LOOKS)) <= 0) {
            alarms.in(delay, guarded(work));
        }
    }

    Alarm every(Duration period, Runnable work) {
        return alarms.every(period, guarded(work));
    }

    void stop() {
        alarms.close();
    }

    private static Runnable guarded(Runnable work) {
        return () -> {
            try {
                work.run();
            } catch (RuntimeException e) {
                LOG.warn("a look for turns failed, the next one comes soon: {}", e.getMessage());
            }
        };
    }
}
