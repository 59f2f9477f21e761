package io.caravan.model;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The world was not ready (a peer away, a node down): the state stays, the same phase runs again later. */
public final class RetryableException extends PhaseException {

    private final transient @Nullable Duration notBefore;
    private final @Nullable WaitsOn waitsOn;

    public RetryableException(String message) {
        super(message);
        this.notBefore = null;
        this.waitsOn = null;
    }

    public RetryableException(String message, @Nullable Throwable cause) {
        this(message, cause, null);
    }

    /** @param notBefore the least time to wait; null leaves it to the store's backoff */
    public RetryableException(String message, @Nullable Throwable cause, @Nullable Duration notBefore) {
        super(message, cause);
        this.notBefore = notBefore;
        this.waitsOn = null;
    }

    /** @param waitsOn who can mend it, for the people who ask what the deal waits for */
    public RetryableException(WaitsOn waitsOn, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.notBefore = null;
        this.waitsOn = waitsOn;
    }

    /** The least time to wait before the next try; null when the usual backoff is good enough. */
    public @Nullable Duration notBefore() {
        return notBefore;
    }

    /** Who can mend it; null when the failure does not tell. */
    public @Nullable WaitsOn waitsOn() {
        return waitsOn;
    }
}
