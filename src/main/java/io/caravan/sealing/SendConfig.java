package io.caravan.sealing;

import io.caravan.model.TokenAmount;
import java.time.Duration;

/**
 * How sealing's messages are sent.
 *
 * @param preCommit {@code sealing.precommit.batch}, {@code .wait} and {@code .slack}
 * @param commit {@code sealing.commit.batch}, {@code .wait} and {@code .slack}
 * @param depositCap most that a message may lock for one sector as deposit or pledge; zero is no cap; {@code
 *     sealing.deposit.cap}
 */
public record SendConfig(BatchConfig preCommit, BatchConfig commit, TokenAmount depositCap) {

    /** Each sector alone and at once, whatever it locks. */
    public static final SendConfig PLAIN = new SendConfig(BatchConfig.ALONE, BatchConfig.ALONE, TokenAmount.ZERO);

    /** As many as a message takes, for an hour; 3 hours and one before it is too late nobody waits. No cap. */
    public static SendConfig standard() {
        return new SendConfig(new BatchConfig(256, Duration.ofHours(1), 360), new BatchConfig(256, Duration.ofHours(1), 120), TokenAmount.ZERO);
    }
}
