package io.caravan.market;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/** So many transfers move at the same time; the others wait in the order they came. */
final class Places {

    /** Guards both collections; nothing is called under it. */
    private final ReentrantLock lock = new ReentrantLock();
    private final Set<ChannelId> active = new HashSet<>();
    private final Map<ChannelId, Runnable> waiting = new LinkedHashMap<>();
    private final int maxActive;
    private final int maxWaiting;

    Places(int maxActive, int maxWaiting) {
        this.maxActive = maxActive;
        this.maxWaiting = maxWaiting;
    }

    /**
     * Runs {@code start} now if there is a place or the channel has one, else when one is free. Entering twice keeps
     * the place.
     *
     * @return false if as many wait as may wait
     */
    boolean enter(ChannelId channel, Runnable start) {
        lock.lock();
        try {
            if (!active.contains(channel)) {
                if (active.size() >= maxActive) {
                    boolean fits = waiting.containsKey(channel) || waiting.size() < maxWaiting;
                    if (fits) {
                        waiting.put(channel, start);
                    }
                    return fits;
                }
                active.add(channel);
            }
        } finally {
            lock.unlock();
        }
        start.run();
        return true;
    }

    /** Gives the place back, or stops waiting for one. Leaving twice does no harm. */
    void leave(ChannelId channel) {
        Runnable next = null;
        lock.lock();
        try {
            waiting.remove(channel);
            if (active.remove(channel) && !waiting.isEmpty()) {
                ChannelId first = waiting.keySet().iterator().next();
                next = waiting.remove(first);
                active.add(first);
            }
        } finally {
            lock.unlock();
        }
        if (next != null) {
            next.run();
        }
    }
}
