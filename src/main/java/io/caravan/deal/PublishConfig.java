package io.caravan.deal;

import java.time.Duration;

/**
 * How deals are gathered into publish messages (deal-lifecycle §9.3).
 *
 * @param period how long the first deal of a batch waits for others; zero publishes each alone; {@code
 *     miner.publish.period}
 * @param max most deals in a message; {@code miner.publish.max}
 * @param startBuffer epochs before a deal's start in which it is not published or handed to sealing any more;
 *     {@code miner.publish.start-buffer}
 */
public record PublishConfig(Duration period, int max, long startBuffer) {

    public PublishConfig {
        if (period.isNegative()) {
            throw new IllegalArgumentException("miner.publish.period is negative");
        }
        if (max < 1 || max > 255) {
            throw new IllegalArgumentException("miner.publish.max must be 1 to 255");
        }
        if (startBuffer < 0) {
            throw new IllegalArgumentException("miner.publish.start-buffer is negative");
        }
    }

    /** One hour, eight deals, 480 epochs. */
    public static PublishConfig standard() {
        return new PublishConfig(Duration.ofHours(1), 8, 480);
    }
}
