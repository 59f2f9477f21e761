package io.caravan.sealing;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** Amounts of bytes as people read them: {@code 12 MiB}, {@code 2.5 GiB}. */
final class ByteWords {

    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};

    private ByteWords() {}

    /** What is needed; never says less than it is. */
    static String needed(long bytes) {
        return words(bytes, RoundingMode.CEILING);
    }

    /** What there is; never says more than it is. */
    static String there(long bytes) {
        return words(Math.max(0, bytes), RoundingMode.FLOOR);
    }

    private static String words(long bytes, RoundingMode rounding) {
        int unit = 0;
        while (unit < UNITS.length - 1 && bytes >> 10 * (unit + 1) > 0) {
            unit++;
        }
        BigDecimal figure = BigDecimal.valueOf(bytes).divide(BigDecimal.valueOf(1L << 10 * unit), 1, rounding);
        return figure.stripTrailingZeros().toPlainString() + " " + UNITS[unit];
    }
}
