package io.caravan.sealing;

import java.time.Duration;

/**
 * When sectors that are ready go into one message (spec sealing 5.3).
 *
 * @param most most sectors in one message; one sends each alone
 * @param patience how long the first waits for others; zero sends each alone, at once
 * @param slack epochs before the last one at which a message would be of use, in which nobody waits any more
 */
public record BatchConfig(int most, Duration patience, long slack) {

    /** Each sector has its own message, at once. */
    public static final BatchConfig ALONE = new BatchConfig(1, Duration.ZERO, 0);

    public BatchConfig {
        if (most < 1 || patience.isNegative() || slack < 0) {
            throw new IllegalArgumentException("a batch of " + most + " sectors, a wait of " + patience + ", a slack of " + slack);
        }
    }

    boolean isAlone() {
        return most == 1 || patience.isZero();
    }
}
