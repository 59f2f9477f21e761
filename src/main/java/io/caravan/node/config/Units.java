package io.caravan.node.config;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads values that carry their unit: {@code 250ms 30s 5m 1h 14d} and {@code 512B 2KiB 8MiB 32GiB}. */
public final class Units {

    private static final Pattern DURATION = Pattern.compile("(\\d{1,12})(ms|s|m|h|d)");
    private static final Pattern SIZE = Pattern.compile("(\\d{1,15})(B|KiB|MiB|GiB|TiB)?");
    private static final Map<String, Duration> DURATION_UNITS = Map.of(
            "ms", Duration.ofMillis(1),
            "s", Duration.ofSeconds(1),
            "m", Duration.ofMinutes(1),
            "h", Duration.ofHours(1),
            "d", Duration.ofDays(1));
    private static final Map<String, Integer> SIZE_SHIFTS =
            Map.of("B", 0, "KiB", 10, "MiB", 20, "GiB", 30, "TiB", 40);

    private Units() {}

    /** A duration, or empty if the text is not one. */
    public static Optional<Duration> duration(String text) {
        Matcher m = DURATION.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (!m.matches()) {
            return Optional.empty();
        }
        return Optional.of(DURATION_UNITS.get(m.group(2)).multipliedBy(Long.parseLong(m.group(1))));
    }

    /** A number of bytes, or empty if the text is not one or does not fit. */
    static Optional<Long> bytes(String text) {
        Matcher m = SIZE.matcher(text.strip());
        if (!m.matches()) {
            return Optional.empty();
        }
        int shift = m.group(2) == null ? 0 : SIZE_SHIFTS.get(m.group(2));
        long number = Long.parseLong(m.group(1));
        return number > (Long.MAX_VALUE >> shift) ? Optional.empty() : Optional.of(number << shift);
    }
}
