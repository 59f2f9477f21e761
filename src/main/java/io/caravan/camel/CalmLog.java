package io.caravan.camel;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One line a minute about steps that cannot go on for now, such as all of them while the chain node is away. Each row has its
 * own failure written down anyway.
 */
final class CalmLog {

    private static final Logger LOG = LoggerFactory.getLogger(CalmLog.class);
    private static final Duration QUIET = Duration.ofMinutes(1);

    private final Clock clock;
    // Guarded by this object: many routes fail at once.
    private @Nullable Instant said;
    private long kept;

    CalmLog(Clock clock) {
        this.clock = clock;
    }

    /** Says it, unless something was said less than a minute ago; then it is counted. Returns whether it was said. */
    synchronized boolean later(String what, Throwable failure) {
        Instant now = clock.instant();
        if (said != null && now.isBefore(said.plus(QUIET))) {
            kept++;
            LOG.debug("{} goes on later: {}", what, failure.getMessage());
            return false;
        }
        LOG.warn("{} goes on later: {}{}", what, failure.getMessage(), kept == 0 ? ""
                : " (steps of sealing were put off " + kept + " times more since this was last said)");
        said = now;
        kept = 0;
        return true;
    }
}
