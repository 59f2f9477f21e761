package io.caravan.libp2p;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** At most so many at the same time for each key. Keys without any cost no memory. */
final class KeyedBound<K> {

    private final Map<K, Integer> taken = new ConcurrentHashMap<>();
    private final int max;

    KeyedBound(int max) {
        this.max = max;
    }

    /** One more for this key, or null if its bound is reached. */
    @Nullable Lease take(K key) {
        boolean[] granted = new boolean[1];
        taken.compute(key, (k, n) -> {
            int now = n == null ? 0 : n;
            granted[0] = now < max;
            return granted[0] ? Integer.valueOf(now + 1) : n;
        });
        return granted[0] ? new Lease(() -> taken.computeIfPresent(key, (k, n) -> n == 1 ? null : n - 1)) : null;
    }

    int keys() {
        return taken.size();
    }
}
