package io.caravan.libp2p;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Watches over one connection: pings, measures the round trip, and ends what is dead, stalled or unused. On the Netty
 * thread.
 */
final class KeepAlive {

    private final YamuxSession session;
    private final Deadlines deadlines;
    private @Nullable ScheduledFuture<?> timer;
    private int pingId;
    private boolean pinging;
    private long pingedAt;
    private long heardAt = System.nanoTime();
    private long usedAt = heardAt;
    private long stalledAt;
    private boolean stalled;
    private volatile long roundTrip;

    KeepAlive(YamuxSession session, Deadlines deadlines) {
        this.session = session;
        this.deadlines = deadlines;
    }

    void start(EventExecutor loop) {
        long shortest = Math.min(Math.min(deadlines.keepAlive().toNanos(), deadlines.keepAliveAnswer().toNanos()),
                Math.min(deadlines.writeStall().toNanos(), deadlines.idleConnection().toNanos()));
        long period = Math.max(TimeUnit.MILLISECONDS.toNanos(20), Math.min(TimeUnit.SECONDS.toNanos(5), shortest / 3));
        timer = loop.scheduleAtFixedRate(this::look, 0, period, TimeUnit.NANOSECONDS);
    }

    void stop() {
        if (timer != null) {
            timer.cancel(false);
        }
    }

    void heard() {
        heardAt = System.nanoTime();
    }

    /** Streams came or went. */
    void used() {
        usedAt = System.nanoTime();
    }

    void writable(boolean writable) {
        stalled = !writable;
        stalledAt = System.nanoTime();
    }

    void answered(int id) {
        if (pinging && id == pingId) {
            pinging = false;
            long measured = Math.max(1, System.nanoTime() - pingedAt);
            roundTrip = roundTrip == 0 ? measured : (roundTrip * 3 + measured) / 4;
        }
    }

    long roundTripNanos() {
        return roundTrip;
    }

    private void look() {
        long now = System.nanoTime();
        if (stalled && past(now, stalledAt, deadlines.writeStall())) {
            session.abort(YamuxFrame.NORMAL, "the peer took no bytes for " + deadlines.writeStall().toSeconds() + " s");
        } else if (pinging && past(now, Math.max(pingedAt, heardAt), deadlines.keepAliveAnswer())) {
            session.abort(YamuxFrame.NORMAL, "the peer did not answer a ping");
        } else if (session.streamCount() == 0 && past(now, usedAt, deadlines.idleConnection())) {
            session.abort(YamuxFrame.NORMAL, "no stream for " + deadlines.idleConnection().toSeconds() + " s");
        } else if (!pinging && (roundTrip == 0 || past(now, pingedAt, deadlines.keepAlive()))) {
            pinging = true;
            pingedAt = now;
            session.control(YamuxFrame.PING, YamuxFrame.SYN, 0, ++pingId);
            session.flushSoon();
        }
    }

    private static boolean past(long now, long since, Duration limit) {
        return now - since > limit.toNanos();
    }
}
