package io.caravan.camel;

import io.caravan.model.Sector;
import io.caravan.time.Alarms.Alarm;
import io.caravan.time.Alarms;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lease of a sector while a step of minutes runs on it: prolonged beat by beat, and when it is lost the step's thread
 * is interrupted, because another node may be at work on the same files. It is lost when the row says so, and just as well
 * when nobody could be asked for a whole lease. The row itself refuses what a step without its lease wants to write.
 */
final class StepLease {

    private static final Logger LOG = LoggerFactory.getLogger(StepLease.class);

    /**
     * What keeps a lease.
     *
     * @param asks renews; may be kept waiting by the database
     * @param guard looks at the time only, so that nothing keeps it waiting
     */
    record Beats(TurnScheduler asks, Alarms guard, Duration every) {}

    private final Turnstile<Sector> turnstile;
    private final Sector sector;
    private final Clock clock;
    private final Thread step = Thread.currentThread();
    private Instant until;
    private boolean hasEnded;
    private boolean isLost;
    private Alarm renewal = () -> { };
    private Alarm watch = () -> { };

    private StepLease(Turnstile<Sector> turnstile, Sector sector, Clock clock) {
        this.turnstile = turnstile;
        this.sector = sector;
        this.clock = clock;
        this.until = clock.instant().plus(turnstile.lease());
    }

    static StepLease begin(Turnstile<Sector> turnstile, Sector sector, Beats beats, Clock clock) {
        StepLease lease = new StepLease(turnstile, sector, clock);
        lease.renewal = beats.asks().every(beats.every(), lease::renew);
        lease.watch = beats.guard().every(beats.every(), lease::look);
        return lease;
    }

    /** Ends with the step, on its thread; an interrupt that came too late is taken back. */
    synchronized void end() {
        hasEnded = true;
        renewal.cancel();
        watch.cancel();
        if (isLost) {
            Thread.interrupted();
        }
    }

    private void renew() {
        Instant asked = clock.instant();
        boolean isOurs = turnstile.renew(sector);
        synchronized (this) {
            if (isOurs) {
                until = asked.plus(turnstile.lease());
            } else {
                lose("another node has it");
            }
        }
    }

    private synchronized void look() {
        if (clock.instant().isAfter(until)) {
            lose("it could not be prolonged in time");
        }
    }

    private void lose(String why) {
        if (!hasEnded && !isLost) {
            isLost = true;
            LOG.warn("the lease of sector {} in {} is lost, {}: the step ends", turnstile.key(sector), turnstile.state(), why);
            step.interrupt();
        }
    }
}
