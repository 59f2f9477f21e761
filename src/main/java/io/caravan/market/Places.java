package io.caravan.market;

import io.caravan.libp2p.PeerId;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * So many transfers move at the same time, and so many of them with one peer. The next place goes to a peer that has
 * none, and among those to the transfer that is oldest. A stalled transfer has left its place.
 */
final class Places {

    /** One transfer in line: {@code start} runs once it has its place. */
    private record Waiter(Instant since, long entered, Runnable start) {}

    /** Guards everything; nothing is called under it. */
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<ChannelId, PeerId> active = new HashMap<>();
    private final Map<ChannelId, Waiter> waiting = new LinkedHashMap<>();
    private final Supplier<TransferSettings.Room> limits;
    private long entered;

    /** @param limits are asked at each entering and leaving, and at each {@link #fill} */
    Places(Supplier<TransferSettings.Room> limits) {
        this.limits = limits;
    }

    /**
     * Runs {@code start} now if there is a place or the channel has one, else when one is free. Entering twice keeps
     * the place, and in line it keeps the age.
     *
     * @param since when the deal's transfer began: its age in line
     * @return false if as many wait as may wait
     */
    boolean enter(ChannelId channel, Instant since, Runnable start) {
        lock.lock();
        try {
            if (!active.containsKey(channel)) {
                if (!waiting.containsKey(channel) && waiting.size() >= limits.get().waiting() && !isFree(channel)) {
                    return false;
                }
                Waiter before = waiting.get(channel);
                waiting.put(channel, new Waiter(since, before == null ? entered++ : before.entered(), start));
                if (!next().map(channel::equals).orElse(false)) {
                    return true;
                }
                waiting.remove(channel);
                active.put(channel, channel.initiator());
            }
        } finally {
            lock.unlock();
        }
        start.run();
        return true;
    }

    /** Gives the place back, or stops waiting for one. Leaving twice does no harm. */
    void leave(ChannelId channel) {
        lock.lock();
        try {
            waiting.remove(channel);
            active.remove(channel);
        } finally {
            lock.unlock();
        }
        fill();
    }

    /** Gives what places there are to those who wait: there may be more than when they came. */
    void fill() {
        for (Runnable start = admit(); start != null; start = admit()) {
            start.run();
        }
    }

    /** Whether the transfer is in line for a place. */
    boolean isWaiting(ChannelId channel) {
        lock.lock();
        try {
            return waiting.containsKey(channel);
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Runnable admit() {
        lock.lock();
        try {
            Optional<ChannelId> next = next();
            if (next.isEmpty()) {
                return null;
            }
            active.put(next.get(), next.get().initiator());
            return waiting.remove(next.get()).start();
        } finally {
            lock.unlock();
        }
    }

    private Optional<ChannelId> next() {
        TransferSettings.Room room = limits.get();
        if (active.size() >= room.active()) {
            return Optional.empty();
        }
        Map<PeerId, Integer> held = new HashMap<>();
        active.values().forEach(peer -> held.merge(peer, 1, Integer::sum));
        return waiting.entrySet().stream()
                .filter(waiter -> held.getOrDefault(waiter.getKey().initiator(), 0) < room.activePerPeer())
                .min(Comparator.comparing((Map.Entry<ChannelId, Waiter> waiter) ->
                        held.containsKey(waiter.getKey().initiator()))
                        .thenComparing(waiter -> waiter.getValue().since())
                        .thenComparing(waiter -> waiter.getValue().entered()))
                .map(Map.Entry::getKey);
    }

    private boolean isFree(ChannelId channel) {
        TransferSettings.Room room = limits.get();
        return active.size() < room.active() && active.values().stream()
                .filter(channel.initiator()::equals).count() < room.activePerPeer();
    }
}
