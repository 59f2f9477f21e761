package io.caravan.node.gate;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Lets each key try so often, then once a while. Remembers so many keys; of more, the one that tried longest ago is forgotten. */
final class Throttle {

    private static final int KEYS = 10_000;

    private final Clock clock;
    private final Supplier<SignIn.Pace> pace;
    private final Map<String, Tries> byKey = new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Tries> eldest) {
            return size() > KEYS;
        }
    };

    /** @param fullAt when all tries are there again */
    private record Tries(Instant fullAt) {}

    /** @param pace is asked at each try */
    Throttle(Clock clock, Supplier<SignIn.Pace> pace) {
        this.clock = clock;
        this.pace = pace;
    }

    /** How long this key has to wait before it may try; zero if it may now, which does not count as a try yet. */
    synchronized Duration wait(String key) {
        Tries known = byKey.get(key);
        if (known == null) {
            return Duration.ZERO;
        }
        SignIn.Pace now = pace.get();
        Duration wait = Duration.between(clock.instant().plus(now.each().multipliedBy(now.tries() - 1L)), known.fullAt());
        return wait.isNegative() ? Duration.ZERO : wait;
    }

    /** It tried, in vain. */
    synchronized void failed(String key) {
        Instant now = clock.instant();
        Tries known = byKey.get(key);
        Instant from = known == null || known.fullAt().isBefore(now) ? now : known.fullAt();
        byKey.put(key, new Tries(from.plus(pace.get().each())));
    }

    /** It is who it says: earlier tries are forgotten. */
    synchronized void succeeded(String key) {
        byKey.remove(key);
    }
}
