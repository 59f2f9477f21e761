package io.caravan.rpc;

/** A running subscription of a client. */
public interface RpcSubscription extends AutoCloseable {
    /** Whether values may still come. */
    boolean isOpen();

    /** Cancels it; the listener hears {@code onClosed} once. Closing twice does no harm. */
    @Override
    void close();
}
