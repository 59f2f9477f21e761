package io.caravan.store;

/** Ends a listener's calls; may be closed twice. */
@FunctionalInterface
public interface Subscription extends AutoCloseable {

    @Override
    void close();
}
