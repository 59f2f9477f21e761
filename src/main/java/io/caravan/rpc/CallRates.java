package io.caravan.rpc;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * How often each caller may call: so many calls a second in the long run, and more at once after a rest. Who has an account or
 * token counts as that, wherever from; nobody counts by address. Bounded: beyond so many callers, new ones who are nobody share one measure.
 */
final class CallRates {
    private static final int MOST = 10_000;
    private static final String THE_REST = "";

    private final Supplier<ServerLimits> limits;
    private final Map<String, Measure> measures = new ConcurrentHashMap<>();

    /** @param limits are asked at each call */
    CallRates(Supplier<ServerLimits> limits) {
        this.limits = limits;
    }

    /** What one caller has left. */
    private static final class Measure {
        private double left;
        private long atNanos;

        Measure(double left, long atNanos) {
            this.left = left;
            this.atNanos = atNanos;
        }
    }

    /**
     * Counts calls of a caller.
     *
     * @return seconds to wait if there were too many, else 0
     */
    int take(Caller caller, int calls) {
        if (limits.get().callsPerSecond() == 0 || caller.kind() == Caller.Kind.ITSELF) {
            return 0;
        }
        return take(key(caller), isKnown(caller), calls, System.nanoTime());
    }

    int take(String key, int calls, long nowNanos) {
        return take(key, false, calls, nowNanos);
    }

    /** @param isKnown never shares a measure with strangers; tokens and sessions are bounded by themselves */
    private int take(String key, boolean isKnown, int calls, long nowNanos) {
        ServerLimits now = limits.get();
        int burst = now.burst();
        String counted = isKnown || measures.containsKey(key) || measures.size() < MOST ? key : THE_REST;
        Measure measure = measures.computeIfAbsent(counted, name -> new Measure(burst, nowNanos));
        synchronized (measure) {
            fill(measure, nowNanos, now);
            // A batch that is larger than all there can be is let through when nothing else was called for a while.
            double needed = Math.min(calls, burst);
            if (measure.left < needed) {
                return (int) Math.ceil((needed - measure.left) / now.callsPerSecond());
            }
            measure.left -= needed;
            return 0;
        }
    }

    /** Forgets who has not called for a while. */
    void sweep(long nowNanos) {
        ServerLimits now = limits.get();
        measures.values().removeIf(measure -> {
            synchronized (measure) {
                fill(measure, nowNanos, now);
                return measure.left >= now.burst();
            }
        });
    }

    int size() {
        return measures.size();
    }

    private static void fill(Measure measure, long nowNanos, ServerLimits now) {
        measure.left = Math.min(now.burst(), measure.left + (nowNanos - measure.atNanos) * 1e-9 * now.callsPerSecond());
        measure.atNanos = nowNanos;
    }

    private static boolean isKnown(Caller caller) {
        return caller.bySession() || caller.kind() == Caller.Kind.TOKEN && !caller.id().isEmpty();
    }

    private static String key(Caller caller) {
        return switch (caller.kind()) {
            case NOBODY, ITSELF -> AddressKey.of(caller.address());
            case TOKEN -> caller.id().isEmpty() ? AddressKey.of(caller.address()) : "token " + caller.id();
            case SESSION -> "session " + caller.name();
        };
    }
}
