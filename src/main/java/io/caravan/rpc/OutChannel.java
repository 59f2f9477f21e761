package io.caravan.rpc;

import org.jspecify.annotations.Nullable;

/**
 * A channel of values from a method to its WebSocket caller ({@code xrpc.ch.val}, {@code xrpc.ch.close}). Safe for use
 * by many threads; never blocks. A caller that does not read loses the channel, not the node its memory.
 */
public interface OutChannel {
    /**
     * Sends one value, in the order of the calls.
     *
     * @return false if the channel is closed or has just been closed because the caller reads too slowly
     */
    boolean send(@Nullable Object value);

    /** Ends the channel after what was sent so far. Closing twice does no harm. */
    void close();

    /** Whether it still takes values. */
    boolean isOpen();

    /** Runs the action once when the channel ends, whoever ended it; at once if it has ended. Must not block. */
    void onClose(Runnable action);
}
