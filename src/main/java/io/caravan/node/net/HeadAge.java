package io.caravan.node.net;

import io.caravan.chain.Chain;
import io.caravan.chain.TipSet;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How old the chain's head is: by its own time, or on a devnet since we first saw it. A devnet's blocks keep the rhythm of
 * their epochs and not the clock's: they run ahead when they are quick, and stay behind after a stop.
 */
final class HeadAge {

    private static final int OLDEST_EPOCHS = 10;
    private static final Duration SLACK = Duration.ofSeconds(10);

    private final Chain chain;
    private final Clock clock;
    private @Nullable TipSet seen;
    private Instant seenAt = Instant.MIN;

    HeadAge(Chain chain, Clock clock) {
        this.chain = chain;
        this.clock = clock;
    }

    /** Never negative. */
    synchronized Duration of(TipSet head) {
        Instant now = clock.instant();
        if (!head.equals(seen)) {
            seen = head;
            seenAt = now;
        }
        Duration age = Duration.between(chain.networkParams().isDevnet() ? seenAt : head.at(), now);
        return age.isNegative() ? Duration.ZERO : age;
    }

    /** Whether blocks should have come since. */
    boolean isTooMuch(Duration age) {
        return age.compareTo(chain.networkParams().blockDelay().multipliedBy(OLDEST_EPOCHS).plus(SLACK)) > 0;
    }
}
