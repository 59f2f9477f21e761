package io.caravan.store;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Those who want to hear of moves; one that fails is logged and does not keep the others from hearing. */
final class Listeners<M> {

    private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

    private final List<Consumer<M>> all = new CopyOnWriteArrayList<>();

    Subscription add(Consumer<M> listener) {
        Consumer<M> own = listener::accept; // a listener that is added twice is two
        all.add(own);
        return () -> all.remove(own);
    }

    void tell(List<M> moves) {
        for (M move : moves) {
            for (Consumer<M> listener : all) {
                try {
                    listener.accept(move);
                } catch (RuntimeException e) {
                    LOG.warn("a listener failed on {}", move, e);
                }
            }
        }
    }
}
