package io.caravan.camel;

/**
 * A consumer whose route has another version beside it for a while: from its retirement on it takes nothing new and leaves to
 * its successor what that took over; what it began is finished by the steps that it began with.
 */
interface Retirable {

    /** Takes nothing new from now on. Returns at once; calling it twice does no harm. */
    void retire();

    /** Its successor never came, or is gone: what comes is its own again. Not for one that is retired. */
    void takeUp();

    /** Whether it has nothing in hand that has not become an exchange yet. */
    default boolean isIdle() {
        return true;
    }
}
