package io.caravan.node.bench;

import java.util.Arrays;
import java.util.Locale;

/** How long things took, in milliseconds, sorted. */
record Latencies(double[] millis) {

    Latencies {
        Arrays.sort(millis);
    }

    /** @param share such as 0.99: that share took no longer */
    double at(double share) {
        if (millis.length == 0) {
            return 0;
        }
        return millis[Math.min(millis.length - 1, (int) Math.ceil(share * millis.length) - 1)];
    }

    String line() {
        return String.format(Locale.ROOT, "p50 %7.1f ms   p95 %7.1f ms   p99 %7.1f ms   slowest %7.1f ms   of %d", at(0.5), at(0.95),
                at(0.99), at(1), millis.length);
    }
}
