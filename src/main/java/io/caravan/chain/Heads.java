package io.caravan.chain;

import java.util.function.Consumer;

/** Who tells of new heads. */
@FunctionalInterface
public interface Heads {

    /** Adds a listener, which must not block; closing the result removes it. */
    AutoCloseable listen(Consumer<HeadChange> listener);
}
