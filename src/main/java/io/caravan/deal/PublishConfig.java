package io.caravan.deal;

import java.time.Duration;

/**
 * How deals are gathered into publish messages, and how often a deal that the chain does not want is offered
 * (deal-lifecycle §9.3).
 *
 * @param period how long the first deal of a batch waits for others; zero publishes each alone and at once; {@code
 *     miner.publish.period}
 * @param max most deals in a message; {@code miner.publish.max}
 * @param startBuffer epochs before a deal's start in which it is not published or handed to sealing any more;
 *     {@code miner.publish.start-buffer}
 * @param maxGas most gas that a message may ask for; {@code miner.publish.max-gas}
 * @param tries failed simulations of a deal, for a reason that may pass, before it fails; {@code miner.publish.tries}
 * @param tryWait time between the first two of them, twice as long after each; {@code miner.publish.try-wait}
 */
public record PublishConfig(Duration period, int max, long startBuffer, long maxGas, int tries, Duration tryWait) {

    /** What a block may use is what a message may ask for at most (chain-and-rpc §4.4). */
    public static final long BLOCK_GAS = 10_000_000_000L;

    public PublishConfig {
        if (period.isNegative() || tryWait.isNegative()) {
            throw new IllegalArgumentException("miner.publish.period or miner.publish.try-wait is negative");
        }
        if (max < 1 || max > 255) {
            throw new IllegalArgumentException("miner.publish.max must be 1 to 255");
        }
        if (startBuffer < 0) {
            throw new IllegalArgumentException("miner.publish.start-buffer is negative");
        }
        if (maxGas < 1 || maxGas > BLOCK_GAS) {
            throw new IllegalArgumentException("miner.publish.max-gas must be 1 to " + BLOCK_GAS);
        }
        if (tries < 1) {
            throw new IllegalArgumentException("miner.publish.tries must be at least 1");
        }
    }

    /** Half a block's gas, three tries a minute apart. */
    public PublishConfig(Duration period, int max, long startBuffer) {
        this(period, max, startBuffer, BLOCK_GAS / 2, 3, Duration.ofMinutes(1));
    }

    /** One hour, eight deals, 480 epochs. */
    public static PublishConfig standard() {
        return new PublishConfig(Duration.ofHours(1), 8, 480);
    }
}
