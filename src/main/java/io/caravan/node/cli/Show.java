package io.caravan.node.cli;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** How numbers are shown to people: sizes in binary units, money in FIL, times in the largest unit that fits. */
public final class Show {

    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};

    private Show() {}

    /** {@code 1.0 MiB}. */
    public static String size(long bytes) {
        double value = bytes;
        int unit = 0;
        while (value >= 1024 && unit < UNITS.length - 1) {
            value /= 1024;
            unit++;
        }
        return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", value, UNITS[unit]);
    }

    /** {@code 0.000000247 FIL}: exact, no trailing zeros, never in exponent form. */
    public static String fil(String atto) {
        BigDecimal fil = new BigDecimal(new BigInteger(atto), 18);
        return (fil.signum() == 0 ? "0" : fil.stripTrailingZeros().toPlainString()) + " FIL";
    }

    /** {@code 0.25 s}, {@code 12 s}, {@code 3 min 5 s}, {@code 2 h 10 min}. */
    public static String time(Duration d) {
        long ms = d.toMillis();
        if (ms < 10_000) {
            return String.format(Locale.ROOT, "%.2f s", ms / 1000.0);
        }
        long s = ms / 1000;
        if (s < 60) {
            return s + " s";
        }
        return s < 3600 ? s / 60 + " min " + s % 60 + " s" : s / 3600 + " h " + s % 3600 / 60 + " min";
    }

    /** The time since an instant, as {@link #time}. */
    public static String since(Instant then, Instant now) {
        return time(Duration.between(then, now));
    }

    /** {@code …} in the middle of an identifier that is too long for a column. */
    public static String shorten(String text, int width) {
        if (text.length() <= width) {
            return text;
        }
        int head = (width - 1) / 2;
        return text.substring(0, head) + "…" + text.substring(text.length() - (width - 1 - head));
    }

    /** The beginning of a sentence that is too long for a column. */
    public static String cut(String text, int width) {
        return text.length() <= width ? text : text.substring(0, width - 1) + "…";
    }

    /** A deal state's name without the prefix that all of them share. */
    public static String state(String wireName) {
        return wireName.startsWith("StorageDeal") ? wireName.substring("StorageDeal".length()) : wireName;
    }

    /** A bar of {@code width} cells, filled in proportion. */
    public static String bar(long done, long total, int width) {
        int filled = total <= 0 ? 0 : (int) Math.min(width, done * width / total);
        return "█".repeat(filled) + "░".repeat(width - filled);
    }
}
