package io.caravan.camel;

import io.caravan.model.ChainTime;
import io.caravan.store.MoveFeeds;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the routes that hand moves to receivers have in common; to be bound under {@value #NAME}. Within one process a
 * receiver's name belongs to one route.
 */
public final class Feeds {

    /** The name it is bound under. */
    public static final String NAME = "moveFeeds";

    private final MoveFeeds rows;
    private final ChainTime chain;
    private final Map<String, MovesConsumer> running = new ConcurrentHashMap<>();

    /** @param chain for the epoch that stands in each notice */
    public Feeds(MoveFeeds rows, ChainTime chain) {
        this.rows = rows;
        this.chain = chain;
    }

    MoveFeeds rows() {
        return rows;
    }

    ChainTime chain() {
        return chain;
    }

    void enter(String name, String topic, MovesConsumer consumer) {
        MovesConsumer other = running.putIfAbsent(topic + "/" + name, consumer);
        if (other != null && other != consumer) {
            throw new IllegalArgumentException("the route " + other.getRouteId() + " hands the moves of " + topic + " to "
                    + name + " already: two receivers need two names");
        }
    }

    void leave(String name, String topic, MovesConsumer consumer) {
        running.remove(topic + "/" + name, consumer);
    }
}
