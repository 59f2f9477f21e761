package io.caravan.support;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that moves when a test moves it. */
public final class SettableClock extends Clock {

    private volatile Instant now;

    private SettableClock(Instant now) {
        this.now = now;
    }

    public static SettableClock at(Instant start) {
        return new SettableClock(start);
    }

    public void set(Instant moment) {
        now = moment;
    }

    public void forward(Duration by) {
        now = now.plus(by);
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
